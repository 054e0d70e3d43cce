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
  /** Finds the bias of a layer. */
  @FunctionalInterface
  private interface Bias {
    Matrix of(String name, int outputs) throws FormatException;
  }

  /**
   * Takes layers of a model one below the other, so that one product computes them all.
   *
   * @param names layers with inputs of one width
   * @param arena owner of what is converted; the folder's must live as long
   * @throws FormatException if a layer has no weights or no bias
   */
  public static Dense load(TensorSource folder, Arena arena, String... names)
      throws FormatException {
    return load(folder, arena, (name, _) -> folder.tensor(name + ".bias").matrix(arena), names);
  }

  /** Does the same with layers that have no bias. */
  public static Dense loadUnbiased(TensorSource folder, Arena arena, String... names)
      throws FormatException {
    return load(folder, arena, (_, outputs) -> Matrix.allocate(arena, 1, outputs), names);
  }

  private static Dense load(TensorSource folder, Arena arena, Bias bias, String... names)
      throws FormatException {
    var weights = new ArrayList<Matrix>();
    var biases = new ArrayList<Matrix>();
    for (String name : names) {
      weights.add(folder.tensor(name + ".weight").matrix(arena));
      biases.add(bias.of(name, weights.getLast().rows()));
    }
    return new Dense(new DenseWeights(weights, biases));
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
