package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.starling.tensor.Matrix;
import jdk.incubator.vector.FloatVector;

/** Lengths of rows. */
final class Norms {
  private Norms() {}

  /** Returns ‖row‖₂ of {@code count} floats. */
  static float norm(float[] values, int at, int count) {
    var sum = FloatVector.zero(FLOATS);
    int bound = FLOATS.loopBound(count);
    int i = 0;
    for (; i < bound; i += LANES) {
      var x = FloatVector.fromArray(FLOATS, values, at + i);
      sum = x.fma(x, sum);
    }
    float rest = 0;
    for (; i < count; i++) {
      rest += values[at + i] * values[at + i];
    }
    return (float) Math.sqrt(Reduction.sum(sum) + rest);
  }

  /**
   * Returns the largest ‖row‖₂ of a matrix, 0 if it has no row.
   *
   * @return NaN or ∞ if any element is not finite
   */
  static float largest(Matrix rows) {
    float largest = 0;
    for (int r = 0; r < rows.rows(); r++) {
      largest = Math.max(largest, squared(rows, r)); // Math.max keeps a NaN
    }
    return (float) Math.sqrt(largest);
  }

  private static float squared(Matrix rows, int row) {
    var data = rows.data();
    long from = rows.byteOffset(row);
    var sum = FloatVector.zero(FLOATS);
    int bound = FLOATS.loopBound(rows.columns());
    int c = 0;
    for (; c < bound; c += LANES) {
      var x = FloatVector.fromMemorySegment(FLOATS, data, from + 4L * c, LITTLE_ENDIAN);
      sum = x.fma(x, sum);
    }
    float rest = 0;
    for (; c < rows.columns(); c++) {
      float x = data.get(Matrix.FLOAT, from + 4L * c);
      rest += x * x;
    }
    return Reduction.sum(sum) + rest;
  }
}
