package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * {@link Gelu} one element at a time, bit for bit as {@link GeluKernel}: for a program's first
 * calls, see {@link ColdStart}, and for columns beyond the last whole vector.
 */
final class PlainGelu {
  /** Beyond this the tail is below the normal floats; it also keeps ∞ away from ∞·0. */
  static final float FARTHEST = 14f;

  // −R(a)·(a + 4) on a in [0, 13.5], minimax in t = (a − 4)/(a + 4), degree 9.
  static final float R0 = -0.75528514f;
  static final float R1 = 0.6078966f;
  static final float R2 = -0.38713688f;
  static final float R3 = 0.18652295f;
  static final float R4 = -0.060404412f;
  static final float R5 = 0.0075283945f;
  static final float R6 = 0.0035174713f;
  static final float R7 = -0.0015743101f;
  static final float R8 = -0.00019057262f;
  static final float R9 = 0.00012684012f;

  private static final double LOG2_E = 1.4426950408889634;

  // exp(−a²/2) = 2^(a²·HALF)
  static final float HALF = (float) (-LOG2_E / 2);

  // exp(−2u) = 2^(a·(TANH_1 + TANH_3·a²))
  static final float TANH_1 = (float) (-2 * LOG2_E * Math.sqrt(2 / Math.PI));
  static final float TANH_3 = (float) (-2 * LOG2_E * Math.sqrt(2 / Math.PI) * 0.044715);

  private PlainGelu() {}

  /** Applies x·Φ(x) in place. */
  static void erf(Matrix values) {
    for (int r = 0; r < values.rows(); r++) {
      erf(values.data(), values.byteOffset(r), values.columns());
    }
  }

  /** Applies the approximation by tanh in place. */
  static void tanh(Matrix values) {
    for (int r = 0; r < values.rows(); r++) {
      tanh(values.data(), values.byteOffset(r), values.columns());
    }
  }

  static void erf(MemorySegment data, long from, int count) {
    for (int c = 0; c < count; c++) {
      float x = data.get(Matrix.FLOAT, from + 4L * c);
      float a = magnitude(x);
      data.set(Matrix.FLOAT, from + 4L * c, add(x, a, erfTail(a)));
    }
  }

  static void tanh(MemorySegment data, long from, int count) {
    for (int c = 0; c < count; c++) {
      float x = data.get(Matrix.FLOAT, from + 4L * c);
      float a = magnitude(x);
      data.set(Matrix.FLOAT, from + 4L * c, add(x, a, tanhTail(a)));
    }
  }

  private static float magnitude(float x) {
    float a = Math.abs(x);
    return a > FARTHEST ? FARTHEST : a;
  }

  private static float add(float x, float a, float minusTail) {
    return Math.fma(a, minusTail, x < 0 ? 0 : x);
  }

  private static float tanhTail(float a) {
    float e = PlainExp2.exp2(Math.fma(a * a, TANH_3, TANH_1) * a);
    return e / (-1 - e);
  }

  private static float erfTail(float a) {
    float inverse = 1 / (a + 4);
    float t = Math.fma(inverse, -8, 1);
    float p = Math.fma(t, R9, R8);
    p = Math.fma(p, t, R7);
    p = Math.fma(p, t, R6);
    p = Math.fma(p, t, R5);
    p = Math.fma(p, t, R4);
    p = Math.fma(p, t, R3);
    p = Math.fma(p, t, R2);
    p = Math.fma(p, t, R1);
    p = Math.fma(p, t, R0);
    return p * inverse * PlainExp2.exp2(a * a * HALF);
  }
}
