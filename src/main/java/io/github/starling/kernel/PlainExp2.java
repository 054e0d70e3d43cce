package io.github.starling.kernel;

/** Two to the power of one float, bit for bit as {@link Exp2}. */
final class PlainExp2 {
  private PlainExp2() {}

  static float exp2(float x) {
    float bounded = x < Exp2.LOWEST ? Exp2.LOWEST : x;
    float rounded = bounded + Exp2.ROUND;
    float f = bounded - (rounded - Exp2.ROUND);
    float p = Math.fma(f, Exp2.C6, Exp2.C5);
    p = Math.fma(p, f, Exp2.C4);
    p = Math.fma(p, f, Exp2.C3);
    p = Math.fma(p, f, Exp2.C2);
    p = Math.fma(p, f, Exp2.C1);
    p = Math.fma(p, f, 1f);
    int exponent = Float.floatToRawIntBits(rounded) << 23;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + exponent);
  }
}
