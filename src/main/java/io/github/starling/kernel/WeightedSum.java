package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.starling.tensor.Matrix;
import jdk.incubator.vector.FloatVector;

/** Adds a few rows of a matrix, each times its weight. */
final class WeightedSum {
  private WeightedSum() {}

  /**
   * Computes sum += weight · row.
   *
   * @param sum at least rows.columns() floats
   */
  static void add(float weight, Matrix rows, int row, float[] sum) {
    var data = rows.data();
    long from = rows.byteOffset(row);
    var factor = FloatVector.broadcast(FLOATS, weight);
    int bound = FLOATS.loopBound(rows.columns());
    int d = 0;
    for (; d < bound; d += LANES) {
      FloatVector.fromMemorySegment(FLOATS, data, from + 4L * d, LITTLE_ENDIAN)
          .fma(factor, FloatVector.fromArray(FLOATS, sum, d))
          .intoArray(sum, d);
    }
    for (; d < rows.columns(); d++) {
      sum[d] = Math.fma(weight, data.get(Matrix.FLOAT, from + 4L * d), sum[d]);
    }
  }
}
