package io.github.starling.evaluation;

/**
 * The second derivative of {@link LogisticLoss} where all weights are zero, to divide by.
 *
 * <p>There every class has the probability 1/K, so for changes that sum to zero over the classes
 * the Hessian is XᵀX/K + penalty for the weights of each class and n/K for its bias (Böhning,
 * "Multinomial logistic regression algorithm", 1992). Features of an encoder depend so much on each
 * other that minimising without it takes many times as many steps. O(n·d² + d³) time once.
 */
final class LogisticCurvature {
  /** Relative to n: keeps the pivots positive where features are copies of each other. */
  private static final double RIDGE = 1e-9;

  private final double[][] factor;
  private final double bias;

  /**
   * Factorises.
   *
   * @param items shape (n, d), columns of mean 0, n ≥ 1
   * @param classes K
   * @param penalty on the squared weights, &gt; 0
   */
  LogisticCurvature(double[][] items, int classes, double penalty) {
    factor = triangle(items);
    for (int r = 0; r < factor.length; r++) {
      for (int c = 0; c <= r; c++) {
        factor[r][c] /= classes;
      }
      factor[r][r] += penalty + RIDGE * items.length;
    }
    factorize(factor);
    bias = (double) items.length / classes;
  }

  /** Returns the lower triangle of XᵀX. */
  private static double[][] triangle(double[][] items) {
    int d = items[0].length;
    var sums = new double[d][];
    for (int r = 0; r < d; r++) {
      sums[r] = new double[r + 1];
    }
    var none = new double[d];
    // four items at a time: the sums are larger than the cache
    for (int i = 0; i < items.length; i += 4) {
      double[] x0 = items[i];
      double[] x1 = i + 1 < items.length ? items[i + 1] : none;
      double[] x2 = i + 2 < items.length ? items[i + 2] : none;
      double[] x3 = i + 3 < items.length ? items[i + 3] : none;
      for (int r = 0; r < d; r++) {
        double[] row = sums[r];
        for (int c = 0; c <= r; c++) {
          row[c] += x0[r] * x0[c] + x1[r] * x1[c] + (x2[r] * x2[c] + x3[r] * x3[c]);
        }
      }
    }
    return sums;
  }

  /** Replaces the lower triangle of A by Cholesky's L, where L Lᵀ = A. */
  private static void factorize(double[][] a) {
    for (int r = 0; r < a.length; r++) {
      for (int c = 0; c <= r; c++) {
        double rest = a[r][c];
        for (int j = 0; j < c; j++) {
          rest -= a[r][j] * a[c][j];
        }
        a[r][c] = c == r ? Math.sqrt(rest) : rest / a[c][c];
      }
    }
  }

  /**
   * Divides a vector by the curvature.
   *
   * @param vector shape (classes, d + 1), overwritten
   */
  void divide(double[] vector) {
    int d = factor.length;
    for (int from = 0; from < vector.length; from += d + 1) {
      for (int r = 0; r < d; r++) {
        double rest = vector[from + r];
        for (int c = 0; c < r; c++) {
          rest -= factor[r][c] * vector[from + c];
        }
        vector[from + r] = rest / factor[r][r];
      }
      for (int r = d - 1; r >= 0; r--) {
        double x = vector[from + r] / factor[r][r];
        for (int c = 0; c < r; c++) {
          vector[from + c] -= factor[r][c] * x;
        }
        vector[from + r] = x;
      }
      vector[from + d] /= bias;
    }
  }
}
