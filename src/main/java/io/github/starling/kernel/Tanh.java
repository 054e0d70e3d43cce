package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LT;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The hyperbolic tangent of each element.
 *
 * <pre>
 * |x| &lt; 0.625   x + x³·P(x²), minimax (Cephes, tanhf)    a quotient would cancel near 0
 * else          sign(x)·(1 − 2e/(1 + e)), e = exp(−2|x|)
 * </pre>
 *
 * The error is at most 2 units in the last place; ±∞ gives ±1, NaN gives NaN.
 */
public final class Tanh {
  private static final float SMALL = 0.625f;
  private static final float MINUS_TWO_LOG2_E = (float) (-2 / Math.log(2));
  private static final float P0 = -5.70498872745e-3f;
  private static final float P1 = 2.06390887954e-2f;
  private static final float P2 = -5.37397155531e-2f;
  private static final float P3 = 1.33314422036e-1f;
  private static final float P4 = -3.33332819422e-1f;

  private Tanh() {}

  /**
   * Applies it in place.
   *
   * @param values shape (rows, columns)
   */
  public static void apply(Matrix values) {
    for (int r = 0; r < values.rows(); r++) {
      row(values.data(), values.byteOffset(r), values.columns());
    }
  }

  private static void row(MemorySegment data, long from, int columns) {
    int bound = FLOATS.loopBound(columns);
    for (int c = 0; c < bound; c += LANES) {
      long at = from + 4L * c;
      tanh(FloatVector.fromMemorySegment(FLOATS, data, at, LITTLE_ENDIAN))
          .intoMemorySegment(data, at, LITTLE_ENDIAN);
    }
    if (bound < columns) {
      tail(data, from + 4L * bound, columns - bound);
    }
  }

  private static void tail(MemorySegment data, long from, int count) {
    var values = new float[LANES];
    MemorySegment.copy(data, Matrix.FLOAT, from, values, 0, count);
    tanh(FloatVector.fromArray(FLOATS, values, 0)).intoArray(values, 0);
    MemorySegment.copy(values, 0, data, Matrix.FLOAT, from, count);
  }

  private static FloatVector tanh(FloatVector x) {
    var a = x.abs();
    var e = Exp2.exp2(a.mul(MINUS_TWO_LOG2_E));
    var one = FloatVector.broadcast(FLOATS, 1f);
    var large = one.sub(e.add(e).div(e.add(one)));
    large = large.blend(large.neg(), x.compare(LT, 0f));
    var z = x.mul(x);
    var p = z.fma(FloatVector.broadcast(FLOATS, P0), FloatVector.broadcast(FLOATS, P1));
    p = p.fma(z, FloatVector.broadcast(FLOATS, P2));
    p = p.fma(z, FloatVector.broadcast(FLOATS, P3));
    p = p.fma(z, FloatVector.broadcast(FLOATS, P4));
    var small = p.mul(z).fma(x, x);
    return large.blend(small, a.compare(LT, SMALL));
  }
}
