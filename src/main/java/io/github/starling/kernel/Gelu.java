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
 * The Gaussian error linear unit of each element, x·Φ(x).
 *
 * <p>Hendrycks, Gimpel, arXiv:1606.08415: {@link #erf} is §2's definition, {@link #tanh} its
 * approximation. Both are computed as
 *
 * <pre>
 * gelu(x) = max(x, 0) − |x|·tail(|x|)
 * tail(a) = Φ(−a) = exp(−a²/2)·R(a)                                     erf
 *         = e / (1 + e), e = exp(−2·√(2/π)·(a + 0.044715·a³))           tanh
 * </pre>
 *
 * so that nothing cancels where the result is small. R decays like 1/a, and R(a)·(a + 4) is a
 * polynomial of (a − 4)/(a + 4), fitted to a relative error of 2⁻²⁷. The error is a few units in
 * the last place from −1 on, and |x|·2⁻²⁴ at most below. ±∞ and NaN come out as the definition has
 * them.
 *
 * <p>C2 inlines about forty vector operations into one loop and boxes the rest: constants are ready
 * vectors here, and signs are folded into them. Columns beyond the last whole vector have their own
 * methods, which do allocate; the widths of real models have none.
 */
public final class Gelu {
  /** Beyond this the tail is below the normal floats; it also keeps ∞ away from ∞·0. */
  private static final FloatVector FARTHEST = constant(14);

  // −R(a)·(a + 4) on a in [0, 13.5], minimax in t = (a − 4)/(a + 4), degree 9.
  private static final FloatVector R0 = constant(-0.75528514);
  private static final FloatVector R1 = constant(0.6078966);
  private static final FloatVector R2 = constant(-0.38713688);
  private static final FloatVector R3 = constant(0.18652295);
  private static final FloatVector R4 = constant(-0.060404412);
  private static final FloatVector R5 = constant(0.0075283945);
  private static final FloatVector R6 = constant(0.0035174713);
  private static final FloatVector R7 = constant(-0.0015743101);
  private static final FloatVector R8 = constant(-0.00019057262);
  private static final FloatVector R9 = constant(0.00012684012);

  private static final double LOG2_E = 1.4426950408889634;

  // exp(−a²/2) = 2^(a²·HALF)
  private static final FloatVector HALF = constant(-LOG2_E / 2);

  // exp(−2u) = 2^(a·(TANH_1 + TANH_3·a²))
  private static final FloatVector TANH_1 = constant(-2 * LOG2_E * Math.sqrt(2 / Math.PI));
  private static final FloatVector TANH_3 =
      constant(-2 * LOG2_E * Math.sqrt(2 / Math.PI) * 0.044715);

  private static final FloatVector ZERO = constant(0);
  private static final FloatVector ONE = constant(1);
  private static final FloatVector MINUS_ONE = constant(-1);
  private static final FloatVector FOUR = constant(4);
  private static final FloatVector MINUS_EIGHT = constant(-8);

  private Gelu() {}

  /**
   * Applies x·Φ(x) in place.
   *
   * @param values shape (rows, columns)
   */
  public static void erf(Matrix values) {
    for (int r = 0; r < values.rows(); r++) {
      erfRow(values.data(), values.byteOffset(r), values.columns());
    }
  }

  /**
   * Applies ½x(1 + tanh(√(2/π)(x + 0.044715x³))) in place.
   *
   * @param values shape (rows, columns)
   */
  public static void tanh(Matrix values) {
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
      erfRest(data, from + 4L * bound, columns - bound);
    }
  }

  private static void erfRest(MemorySegment data, long at, int count) {
    var rest = new float[LANES];
    MemorySegment.copy(data, Matrix.FLOAT, at, rest, 0, count);
    var x = FloatVector.fromArray(FLOATS, rest, 0);
    var a = magnitude(x);
    add(x, a, erfTail(a)).intoArray(rest, 0);
    MemorySegment.copy(rest, 0, data, Matrix.FLOAT, at, count);
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
      tanhRest(data, from + 4L * bound, columns - bound);
    }
  }

  private static void tanhRest(MemorySegment data, long at, int count) {
    var rest = new float[LANES];
    MemorySegment.copy(data, Matrix.FLOAT, at, rest, 0, count);
    var x = FloatVector.fromArray(FLOATS, rest, 0);
    var a = magnitude(x);
    add(x, a, tanhTail(a)).intoArray(rest, 0);
    MemorySegment.copy(rest, 0, data, Matrix.FLOAT, at, count);
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

  private static FloatVector constant(double value) {
    return FloatVector.broadcast(FLOATS, (float) value);
  }
}
