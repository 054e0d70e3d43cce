package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * The at most 256 evenly spaced values that all elements of a matrix are among: step · (lowest +
 * q), q from 0 to 255.
 *
 * <p>Weights that were once quantised to 8 bits, each tensor with a scale and a zero point, are
 * such even after they have been written as floats.
 *
 * @param step the distance of adjacent values, &gt; 0
 * @param lowest the least value in steps
 */
record EvenSpacing(float step, int lowest) {
  private static final int VALUES = 256;

  /**
   * Finds the values.
   *
   * @return null if the elements are not such
   */
  static EvenSpacing of(Matrix matrix) {
    float step = Float.POSITIVE_INFINITY;
    float least = 0;
    float most = 0;
    var row = new float[matrix.columns()];
    for (int r = 0; r < matrix.rows(); r++) {
      load(matrix, r, row);
      for (float value : row) {
        float size = Math.abs(value);
        step = size > 0 && size < step ? size : step;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    if (!(most - least < VALUES * step)) { // also where all are zero, or one is not a number
      return null;
    }
    var spacing = new EvenSpacing(step, Math.round(least / step));
    return spacing.fits(matrix, row) ? spacing : null;
  }

  private boolean fits(Matrix matrix, float[] row) {
    for (int r = 0; r < matrix.rows(); r++) {
      load(matrix, r, row);
      for (float value : row) {
        int q = index(value);
        if (q < 0 || q >= VALUES || step * (q + lowest) != value) {
          return false;
        }
      }
    }
    return true;
  }

  private static void load(Matrix matrix, int r, float[] row) {
    MemorySegment.copy(matrix.data(), Matrix.FLOAT, matrix.byteOffset(r), row, 0, row.length);
  }

  /** Returns q of a value. */
  int index(float value) {
    return Math.round(value / step) - lowest;
  }
}
