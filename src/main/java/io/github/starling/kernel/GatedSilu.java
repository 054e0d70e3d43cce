package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.GT;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * A gated linear unit with the sigmoid linear unit as its gate: a ⊙ silu(g), silu(g) = g/(1 + e⁻ᵍ).
 *
 * <p>Shazeer, arXiv:2002.05202 §2, SwiGLU, with the gate in the second half of the columns.
 */
public final class GatedSilu {
  private static final float MINUS_LOG2_E = (float) (-1 / Math.log(2));

  /** Beyond this, 2^x is as good as infinite: the quotient rounds to 0. */
  private static final float HIGHEST = 126f;

  private GatedSilu() {}

  /**
   * Writes a ⊙ silu(g).
   *
   * @param values a and g side by side, shape (rows, 2·columns)
   * @param out shape (rows, columns)
   * @throws IllegalArgumentException if the shapes do not fit each other
   */
  public static void apply(Matrix values, Matrix out) {
    if (values.rows() != out.rows() || values.columns() != 2 * out.columns()) {
      throw new IllegalArgumentException(
          "the halves of %s do not give %s".formatted(values.shape(), out.shape()));
    }
    for (int r = 0; r < out.rows(); r++) {
      row(values.data(), values.byteOffset(r), out.columns(), out.data(), out.byteOffset(r));
    }
  }

  private static void row(MemorySegment from, long at, int columns, MemorySegment to, long toAt) {
    long gate = at + 4L * columns;
    int bound = FLOATS.loopBound(columns);
    for (int c = 0; c < bound; c += LANES) {
      var a = FloatVector.fromMemorySegment(FLOATS, from, at + 4L * c, LITTLE_ENDIAN);
      var g = FloatVector.fromMemorySegment(FLOATS, from, gate + 4L * c, LITTLE_ENDIAN);
      gated(a, g).intoMemorySegment(to, toAt + 4L * c, LITTLE_ENDIAN);
    }
    if (bound < columns) {
      int count = columns - bound;
      var a = new float[LANES];
      var g = new float[LANES];
      MemorySegment.copy(from, Matrix.FLOAT, at + 4L * bound, a, 0, count);
      MemorySegment.copy(from, Matrix.FLOAT, gate + 4L * bound, g, 0, count);
      gated(FloatVector.fromArray(FLOATS, a, 0), FloatVector.fromArray(FLOATS, g, 0))
          .intoArray(a, 0);
      MemorySegment.copy(a, 0, to, Matrix.FLOAT, toAt + 4L * bound, count);
    }
  }

  private static FloatVector gated(FloatVector a, FloatVector g) {
    var x = g.mul(MINUS_LOG2_E);
    var e = Exp2.exp2(x.blend(HIGHEST, x.compare(GT, HIGHEST)));
    return a.mul(g.div(e.add(1f)));
  }
}
