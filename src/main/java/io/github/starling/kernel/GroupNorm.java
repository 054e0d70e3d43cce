package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;
import java.util.function.IntConsumer;

/**
 * Group normalisation with a single group: gain·(x − mean)/√(variance + ε) + bias, mean and
 * variance over all rows and columns together.
 *
 * <p>Wu, He, arXiv:1803.08494 §3.1, with the variance over n, not n − 1, from a second pass. Sums
 * of a row are float32, those of the rows are added up in double precision in their order, so the
 * number of threads changes no bit.
 */
public final class GroupNorm {
  private final LayerNorm columns;

  /**
   * Takes the parameters.
   *
   * @param gain factor of each column, shape (columns)
   * @param bias summand of each column, shape (columns)
   * @param epsilon keeps the root away from zero, ≥ 0
   * @throws IllegalArgumentException if gain and bias differ in length, or epsilon is negative
   */
  public GroupNorm(float[] gain, float[] bias, float epsilon) {
    columns = new LayerNorm(gain, bias, epsilon);
  }

  /**
   * Normalises in place.
   *
   * @param x shape (rows, columns)
   * @param workers threads to share the rows
   * @throws IllegalArgumentException if x has other columns than the parameters
   */
  public void normalize(Matrix x, Workers workers) {
    columns.checkColumns(x);
    double count = (double) x.rows() * x.columns();
    var sums = new float[x.rows()];
    forEach(x, workers, r -> sums[r] = LayerNorm.sum(x.data(), x.byteOffset(r), x.columns()));
    float mean = (float) (total(sums) / count);
    forEach(
        x, workers, r -> sums[r] = LayerNorm.squares(x.data(), x.byteOffset(r), x.columns(), mean));
    float scale = (float) (1 / Math.sqrt(total(sums) / count + columns.epsilon()));
    forEach(x, workers, r -> columns.rescale(x.data(), x.byteOffset(r), mean, scale));
  }

  private static void forEach(Matrix x, Workers workers, IntConsumer row) {
    RowBlocks.forEach(
        x.rows(),
        workers,
        (from, count) -> {
          for (int r = from; r < from + count; r++) {
            row.accept(r);
          }
        });
  }

  private static double total(float[] sums) {
    double total = 0;
    for (float sum : sums) {
      total += sum;
    }
    return total;
  }
}
