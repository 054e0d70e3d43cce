package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;

/**
 * The mean of the queries of a cluster.
 *
 * <p>Summed in double, member by member, so that its bits are those of the reference and the float
 * centroid is off by half an ulp only. Members with a value that is not finite take no part: they
 * would spoil their neighbours' rows.
 */
public final class ClusterMean {
  private ClusterMean() {}

  /**
   * Averages rows.
   *
   * @param q shape (n, dk)
   * @param order positions of the members from {@code from} to {@code to − 1}
   * @param mean out, dk doubles; zeros if there is no finite member
   * @param scratch dk floats
   * @return whether every member is finite
   */
  public static boolean of(
      Matrix q, int[] order, int from, int to, double[] mean, float[] scratch) {
    Arrays.fill(mean, 0);
    for (int i = from; i < to; i++) {
      addRow(q, order[i], mean, scratch);
    }
    if (isFinite(mean)) {
      divide(mean, to - from);
      return true;
    }
    Arrays.fill(mean, 0);
    int finite = 0;
    for (int i = from; i < to; i++) {
      if (isFinite(q, order[i])) {
        addRow(q, order[i], mean, scratch);
        finite++;
      }
    }
    divide(mean, finite);
    return finite == to - from;
  }

  /**
   * A plain loop, which the compiler vectorises. Vectors of another width would do it too, but the
   * Vector API's methods would then see two widths, and kernels that call them box theirs.
   */
  private static void addRow(Matrix q, int row, double[] sum, float[] scratch) {
    Panels.copyRow(q, row, 0, q.columns(), scratch, 0);
    for (int d = 0; d < sum.length; d++) {
      sum[d] += scratch[d];
    }
  }

  private static void divide(double[] sum, int count) {
    for (int d = 0; count > 0 && d < sum.length; d++) {
      sum[d] /= count;
    }
  }

  /** Returns whether a row has finite values only. */
  public static boolean isFinite(Matrix q, int row) {
    for (int d = 0; d < q.columns(); d++) {
      if (!Float.isFinite(q.get(row, d))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFinite(double[] values) {
    double zero = 0;
    for (double x : values) {
      zero += 0 * x;
    }
    return zero == 0;
  }
}
