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
   * @param sum rows.columns() floats, at {@code at}
   */
  static void add(float weight, Matrix rows, int row, float[] sum, int at) {
    var data = rows.data();
    long from = rows.byteOffset(row);
    var factor = FloatVector.broadcast(FLOATS, weight);
    int bound = FLOATS.loopBound(rows.columns());
    int d = 0;
    for (; d < bound; d += LANES) {
      FloatVector.fromMemorySegment(FLOATS, data, from + 4L * d, LITTLE_ENDIAN)
          .fma(factor, FloatVector.fromArray(FLOATS, sum, at + d))
          .intoArray(sum, at + d);
    }
    for (; d < rows.columns(); d++) {
      sum[at + d] = Math.fma(weight, data.get(Matrix.FLOAT, from + 4L * d), sum[at + d]);
    }
  }
}
