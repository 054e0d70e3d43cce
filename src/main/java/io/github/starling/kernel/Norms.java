package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.MAX;

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
   * Returns the largest ‖column‖₂ of packed panels, each of {@code depth} rows.
   *
   * @param panels {@code padded} columns in all
   * @return NaN or ∞ if any element is not finite
   */
  static float largest(float[] panels, int depth, int padded) {
    float largest = 0;
    for (int from = 0; from < padded; ) {
      int width = MicroKernel.panelWidth(from, padded);
      for (int column = 0; column < width; column += MicroKernel.NARROW) {
        float square = largestSquare(panels, from * depth + column, width, depth);
        largest = Math.max(largest, square); // Math.max keeps a NaN
      }
      from += width;
    }
    return (float) Math.sqrt(largest);
  }

  /** Two vectors of columns: two sums hide some of the latency of the additions. */
  private static float largestSquare(float[] panel, int at, int width, int depth) {
    var left = FloatVector.zero(FLOATS);
    var right = left;
    for (int d = 0; d < depth; d++) {
      var x = FloatVector.fromArray(FLOATS, panel, at + d * width);
      var y = FloatVector.fromArray(FLOATS, panel, at + d * width + LANES);
      left = x.fma(x, left);
      right = y.fma(y, right);
    }
    return left.max(right).reduceLanes(MAX);
  }
}
