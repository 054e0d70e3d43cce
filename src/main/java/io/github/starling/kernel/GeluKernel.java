package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * {@link Gelu} of a vector at a time.
 *
 * <p>C2 inlines about forty vector operations into one loop and boxes the rest: constants are ready
 * vectors here, and signs are folded into them.
 */
final class GeluKernel {
  private static final FloatVector FARTHEST = constant(PlainGelu.FARTHEST);
  private static final FloatVector R0 = constant(PlainGelu.R0);
  private static final FloatVector R1 = constant(PlainGelu.R1);
  private static final FloatVector R2 = constant(PlainGelu.R2);
  private static final FloatVector R3 = constant(PlainGelu.R3);
  private static final FloatVector R4 = constant(PlainGelu.R4);
  private static final FloatVector R5 = constant(PlainGelu.R5);
  private static final FloatVector R6 = constant(PlainGelu.R6);
  private static final FloatVector R7 = constant(PlainGelu.R7);
  private static final FloatVector R8 = constant(PlainGelu.R8);
  private static final FloatVector R9 = constant(PlainGelu.R9);
  private static final FloatVector HALF = constant(PlainGelu.HALF);
  private static final FloatVector TANH_1 = constant(PlainGelu.TANH_1);
  private static final FloatVector TANH_3 = constant(PlainGelu.TANH_3);
  private static final FloatVector ZERO = constant(0);
  private static final FloatVector ONE = constant(1);
  private static final FloatVector MINUS_ONE = constant(-1);
  private static final FloatVector FOUR = constant(4);
  private static final FloatVector MINUS_EIGHT = constant(-8);

  private GeluKernel() {}

  /** Applies x·Φ(x) in place. */
  static void erf(Matrix values) {
    for (int r = 0; r < values.rows(); r++) {
      erfRow(values.data(), values.byteOffset(r), values.columns());
    }
  }

  /** Applies the approximation by tanh in place. */
  static void tanh(Matrix values) {
    for (int r = 0; r < values.rows(); r++) {
      tanhRow(values.data(), values.byteOffset(r), values.columns());
    }
  }

  private static void erfRow(MemorySegment data, long from, int columns) {
    int bound = FLOATS.loopBound(columns);
    for (int c = 0; c < bound; c += LANES) {
      long at = from + 4L * c;
      var x = FloatVector.fromMemorySegment(FLOATS, data, at, LITTLE_ENDIAN);
      var a = magnitude(x);
      add(x, a, erfTail(a)).intoMemorySegment(data, at, LITTLE_ENDIAN);
    }
    if (bound < columns) {
      PlainGelu.erf(data, from + 4L * bound, columns - bound);
    }
  }

  private static void tanhRow(MemorySegment data, long from, int columns) {
    int bound = FLOATS.loopBound(columns);
    for (int c = 0; c < bound; c += LANES) {
      long at = from + 4L * c;
      var x = FloatVector.fromMemorySegment(FLOATS, data, at, LITTLE_ENDIAN);
      var a = magnitude(x);
      add(x, a, tanhTail(a)).intoMemorySegment(data, at, LITTLE_ENDIAN);
    }
    if (bound < columns) {
      PlainGelu.tanh(data, from + 4L * bound, columns - bound);
    }
  }

  private static FloatVector magnitude(FloatVector x) {
    var a = x.abs();
    return a.blend(FARTHEST, a.compare(GT, FARTHEST));
  }

  /** Returns max(x, 0) + a·minusTail; the comparison is false for NaN, which stays. */
  private static FloatVector add(FloatVector x, FloatVector a, FloatVector minusTail) {
    return a.fma(minusTail, x.blend(ZERO, x.compare(LT, ZERO)));
  }

  /** Returns −e/(1 + e). */
  private static FloatVector tanhTail(FloatVector a) {
    var e = Exp2.exp2(a.mul(a).fma(TANH_3, TANH_1).mul(a));
    return e.div(MINUS_ONE.sub(e));
  }

  /** Returns −exp(−a²/2)·R(a). */
  private static FloatVector erfTail(FloatVector a) {
    var inverse = ONE.div(a.add(FOUR));
    var t = inverse.fma(MINUS_EIGHT, ONE); // (a − 4)/(a + 4)
    var p = t.fma(R9, R8);
    p = p.fma(t, R7);
    p = p.fma(t, R6);
    p = p.fma(t, R5);
    p = p.fma(t, R4);
    p = p.fma(t, R3);
    p = p.fma(t, R2);
    p = p.fma(t, R1);
    p = p.fma(t, R0);
    return p.mul(inverse).mul(Exp2.exp2(a.mul(a).mul(HALF)));
  }

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }
}
