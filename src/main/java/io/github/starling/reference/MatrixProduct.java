package io.github.starling.reference;

/** Products of matrices by their definition, each sum in column order from 0.0. */
public final class MatrixProduct {
  private MatrixProduct() {}

  /**
   * Returns A Bᵀ: the dot product of every row of A with every row of B. Cost O(n·m·d).
   *
   * @param a shape (n, d)
   * @param b shape (m, d)
   * @return shape (n, m)
   */
  public static double[][] timesTransposed(double[][] a, double[][] b) {
    var product = new double[a.length][b.length];
    for (int i = 0; i < a.length; i++) {
      for (int t = 0; t < b.length; t++) {
        product[i][t] = dot(a[i], b[t]);
      }
    }
    return product;
  }

  /**
   * Returns W V: every row is the sum of the rows of V under the weights of a row of W.
   *
   * @param weights shape (n, m)
   * @param values shape (m, d)
   * @param d columns of the values; with m = 0 the product is (n, d) zeros
   * @return shape (n, d)
   */
  public static double[][] times(double[][] weights, double[][] values, int d) {
    var product = new double[weights.length][d];
    for (int i = 0; i < weights.length; i++) {
      for (int t = 0; t < values.length; t++) {
        for (int j = 0; j < d; j++) {
          product[i][j] += weights[i][t] * values[t][j];
        }
      }
    }
    return product;
  }

  /** Multiplies and adds in column order, two roundings a column (no fused operation). */
  private static double dot(double[] a, double[] b) {
    double sum = 0.0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
