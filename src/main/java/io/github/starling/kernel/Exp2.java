package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/** Two to the power of a vector, to about one unit in the last place. */
final class Exp2 {
  /** Adding and subtracting 1.5·2²³ rounds a float to an integer, left in its low bits. */
  static final float ROUND = 12582912f;

  /** Below this the result would leave the normal floats; weights this small round away. */
  static final float LOWEST = -126f;

  // Minimax polynomial of 2^f on [-1/2, 1/2], degree 6.
  static final float C1 = 0.693147203f;
  static final float C2 = 0.240226479f;
  static final float C3 = 0.0555033247f;
  static final float C4 = 0.00961843736f;
  static final float C5 = 0.00133988746f;
  static final float C6 = 0.000153533621f;

  private Exp2() {}

  /**
   * Computes 2^x for x ≤ 127; anything below −126, −∞ included, gives 2^−126, NaN gives NaN.
   *
   * <p>2^x = 2^i · 2^f, i the nearest integer, added to the exponent bits of the polynomial.
   */
  static FloatVector exp2(FloatVector x) {
    // A blend: lanewise MAX would spend as much again on the order of signed zeros and NaN.
    var bounded = x.blend(LOWEST, x.compare(LT, LOWEST));
    var rounded = bounded.add(ROUND);
    var f = bounded.sub(rounded.sub(ROUND));
    var p = f.fma(FloatVector.broadcast(FLOATS, C6), FloatVector.broadcast(FLOATS, C5));
    p = p.fma(f, FloatVector.broadcast(FLOATS, C4));
    p = p.fma(f, FloatVector.broadcast(FLOATS, C3));
    p = p.fma(f, FloatVector.broadcast(FLOATS, C2));
    p = p.fma(f, FloatVector.broadcast(FLOATS, C1));
    p = p.fma(f, FloatVector.broadcast(FLOATS, 1f));
    var exponent = rounded.reinterpretAsInts().lanewise(LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }
}
