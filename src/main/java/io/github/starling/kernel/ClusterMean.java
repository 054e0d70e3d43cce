package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.DOUBLES;
import static io.github.starling.kernel.Lanes.HALF_FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.F2D;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

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
   * @return whether every member is finite
   */
  public static boolean of(Matrix q, int[] order, int from, int to, double[] mean) {
    Arrays.fill(mean, 0);
    for (int i = from; i < to; i++) {
      addRow(q, order[i], mean);
    }
    if (isFinite(mean)) {
      divide(mean, to - from);
      return true;
    }
    Arrays.fill(mean, 0);
    int finite = 0;
    for (int i = from; i < to; i++) {
      if (isFinite(q, order[i])) {
        addRow(q, order[i], mean);
        finite++;
      }
    }
    divide(mean, finite);
    return finite == to - from;
  }

  private static void addRow(Matrix q, int row, double[] sum) {
    var data = q.data();
    long from = q.byteOffset(row);
    int bound = DOUBLES.loopBound(q.columns());
    int d = 0;
    for (; d < bound; d += DOUBLES.length()) {
      var x = FloatVector.fromMemorySegment(HALF_FLOATS, data, from + 4L * d, LITTLE_ENDIAN);
      var wide = (DoubleVector) x.convertShape(F2D, DOUBLES, 0);
      DoubleVector.fromArray(DOUBLES, sum, d).add(wide).intoArray(sum, d);
    }
    for (; d < q.columns(); d++) {
      sum[d] += data.get(Matrix.FLOAT, from + 4L * d);
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
