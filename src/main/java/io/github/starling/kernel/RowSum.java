package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;

/**
 * The weighted sum of rows: sum ← sum + weight·Σᵣ xᵣ.
 *
 * <p>Rows are added one after another, so that adding them in parts gives the same bits.
 */
public final class RowSum {
  private RowSum() {}

  /**
   * Adds rows.
   *
   * @param rows shape (n, columns)
   * @param weight factor of every row
   * @param sum shape (columns)
   * @throws IllegalArgumentException if the columns differ
   */
  public static void add(Matrix rows, float weight, float[] sum) {
    if (rows.columns() != sum.length) {
      throw new IllegalArgumentException(
          "cannot add rows of %s to %d columns".formatted(rows.shape(), sum.length));
    }
    if (ColdStart.lasts((long) rows.rows() * rows.columns())) {
      addPlainly(rows, weight, sum);
      return;
    }
    for (int r = 0; r < rows.rows(); r++) {
      WeightedSum.add(weight, rows, r, sum, 0);
    }
  }

  static void addPlainly(Matrix rows, float weight, float[] sum) {
    for (int r = 0; r < rows.rows(); r++) {
      for (int c = 0; c < sum.length; c++) {
        sum[c] = Math.fma(weight, rows.get(r, c), sum[c]);
      }
    }
  }
}
