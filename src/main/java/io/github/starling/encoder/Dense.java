package io.github.starling.encoder;

import io.github.starling.kernel.MatrixProduct;
import io.github.starling.kernel.PackedWeights;
import io.github.starling.model.FormatException;
import io.github.starling.model.ModelFolder;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;

/**
 * A dense layer: y = x·Wᵀ + b.
 *
 * @param weights W, shape (out, in), and b, shape (out)
 */
record Dense(PackedWeights weights) {
  /**
   * Packs layers of a model one below the other, so that one product computes them all.
   *
   * @param names layers with inputs of one width
   */
  static Dense load(ModelFolder folder, String... names) throws FormatException {
    try (var scratch = Arena.ofConfined()) {
      int out = 0;
      for (String name : names) {
        out += folder.tensor(name + ".weight").dimension(0);
      }
      int in = folder.tensor(names[0] + ".weight").dimension(1);
      var weights = Matrix.allocate(scratch, out, in);
      var bias = Matrix.allocate(scratch, 1, out);
      int row = 0;
      for (String name : names) {
        var part = folder.tensor(name + ".weight").matrix(scratch);
        copyRows(part, weights, row);
        var partBias = folder.tensor(name + ".bias").matrix(scratch);
        copyRows(partBias, bias.columns(row, part.rows()), 0);
        row += part.rows();
      }
      return new Dense(PackedWeights.pack(weights, bias));
    }
  }

  private static void copyRows(Matrix from, Matrix to, int row) {
    for (int r = 0; r < from.rows(); r++) {
      from.copyRow(r, to, row + r);
    }
  }

  /**
   * Computes y = x·Wᵀ + b.
   *
   * @param x shape (n, in)
   * @param y shape (n, out)
   */
  void apply(Matrix x, Matrix y, MatrixProduct product) {
    product.multiply(x, weights, y);
  }
}
