package io.github.starling.transformer;

import io.github.starling.kernel.DenseWeights;
import io.github.starling.kernel.MatrixProduct;
import io.github.starling.model.FormatException;
import io.github.starling.model.TensorSource;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;

/**
 * A dense layer: y = x·Wᵀ + b.
 *
 * @param weights W, shape (out, in), and b, shape (out)
 */
public record Dense(DenseWeights weights) {
  /**
   * Takes layers of a model one below the other, so that one product computes them all.
   *
   * @param names layers with inputs of one width; one without a bias adds none
   * @param arena owner of what is converted; the folder's must live as long
   */
  public static Dense load(TensorSource folder, Arena arena, String... names)
      throws FormatException {
    var weights = new ArrayList<Matrix>();
    var biases = new ArrayList<Matrix>();
    for (String name : names) {
      weights.add(folder.tensor(name + ".weight").matrix(arena));
      biases.add(bias(folder, arena, name, weights.getLast().rows()));
    }
    return new Dense(new DenseWeights(weights, biases));
  }

  private static Matrix bias(TensorSource folder, Arena arena, String name, int outputs)
      throws FormatException {
    return folder.hasTensor(name + ".bias")
        ? folder.tensor(name + ".bias").matrix(arena)
        : Matrix.allocate(arena, 1, outputs);
  }

  /**
   * Computes y = x·Wᵀ + b.
   *
   * @param x shape (n, in)
   * @param y shape (n, out)
   */
  public void apply(Matrix x, Matrix y, MatrixProduct product) {
    product.multiply(x, weights, y);
  }
}
