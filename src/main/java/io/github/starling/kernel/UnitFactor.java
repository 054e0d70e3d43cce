package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;

/** What a row is to be multiplied by to have the length 1. */
public final class UnitFactor {
  /** Norms whose square is a normal float, far from both ends. */
  private static final float SHORT = 1e-15f;

  private static final float LONG = 1e15f;

  private UnitFactor() {}

  /**
   * Returns 1 / ‖row‖₂.
   *
   * @param scratch rows.columns() floats
   * @return 0 for a row of zeros, NaN for one with a value that is not finite
   */
  public static float of(Matrix rows, int row, float[] scratch) {
    Panels.copyRow(rows, row, 0, rows.columns(), scratch, 0);
    float norm = Norms.norm(scratch, 0, rows.columns());
    return norm > SHORT && norm < LONG ? 1f / norm : extreme(scratch, rows.columns());
  }

  private static float extreme(float[] row, int count) {
    double square = 0;
    for (int d = 0; d < count; d++) {
      square += (double) row[d] * row[d];
    }
    if (square == 0) {
      return 0;
    }
    double factor = 1 / Math.sqrt(square);
    return factor > 0 ? (float) Math.min(factor, Float.MAX_VALUE) : Float.NaN;
  }
}
