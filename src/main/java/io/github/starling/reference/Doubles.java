package io.github.starling.reference;

import io.github.starling.tensor.Matrix;

/** Widens float32 rows to the double rows of this package; every value stays exact. */
public final class Doubles {
  private Doubles() {}

  /**
   * Copies a matrix.
   *
   * @param matrix shape (rows, columns)
   * @return the same values, shape (rows, columns)
   */
  public static double[][] of(Matrix matrix) {
    return of(matrix.toArray());
  }

  /**
   * Copies an array.
   *
   * @param rows shape (rows, columns)
   * @return the same values, shape (rows, columns)
   */
  public static double[][] of(float[][] rows) {
    var wide = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      wide[i] = new double[rows[i].length];
      for (int j = 0; j < rows[i].length; j++) {
        wide[i][j] = rows[i][j];
      }
    }
    return wide;
  }
}
