package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.INTS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Assigns each sketch to the nearest centre.
 *
 * <pre>
 * lanes  a vector of sketches, turned: one register a dimension
 * loop   centres: ½‖c‖² − x·c, eight fused multiply-adds; what is left of ½‖x − c‖² is the same for all
 * keep   the smallest, and whose it is; ties stay with the lowest
 * </pre>
 */
public final class SketchAssignment {
  private static final int STRIDE = QuerySketch.stride();

  private final float[] columns = new float[STRIDE * LANES];
  private final float[] transposed = new float[LANES * LANES];

  /** Allocates scratch memory. */
  public SketchAssignment() {}

  /**
   * Finds the nearest centres.
   *
   * @param sketches shape (n, stride), and room for a vector of rows behind
   * @param first the first sketch, a multiple of whole vectors
   * @param count how many
   * @param negated the centres times −1, shape (c, 8)
   * @param halves ½‖centre‖², shape (c)
   * @param nearest out, shape (n) and a vector more, 0 for what is not a number
   * @param distances out, likewise: ½‖x − centre‖² − ½‖x‖²
   */
  public void assign(
      float[] sketches,
      int first,
      int count,
      float[] negated,
      float[] halves,
      int[] nearest,
      float[] distances) {
    for (int i = first; i < first + count; i += LANES) {
      for (int a = 0; a < QuerySketch.DIMENSIONS; a += LANES) {
        Transpose.block(sketches, i * STRIDE + a, STRIDE, columns, a * LANES, LANES, transposed);
      }
      compare(columns, negated, halves, nearest, distances, i);
    }
  }

  private static void compare(
      float[] columns, float[] negated, float[] halves, int[] nearest, float[] distances, int at) {
    var x0 = FloatVector.fromArray(FLOATS, columns, 0);
    var x1 = FloatVector.fromArray(FLOATS, columns, LANES);
    var x2 = FloatVector.fromArray(FLOATS, columns, 2 * LANES);
    var x3 = FloatVector.fromArray(FLOATS, columns, 3 * LANES);
    var x4 = FloatVector.fromArray(FLOATS, columns, 4 * LANES);
    var x5 = FloatVector.fromArray(FLOATS, columns, 5 * LANES);
    var x6 = FloatVector.fromArray(FLOATS, columns, 6 * LANES);
    var x7 = FloatVector.fromArray(FLOATS, columns, 7 * LANES);
    var best = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
    var cluster = IntVector.zero(INTS);
    for (int j = 0; j < halves.length; j++) {
      int c = j * QuerySketch.DIMENSIONS;
      var d = FloatVector.broadcast(FLOATS, halves[j]);
      d = x0.fma(FloatVector.broadcast(FLOATS, negated[c]), d);
      d = x1.fma(FloatVector.broadcast(FLOATS, negated[c + 1]), d);
      d = x2.fma(FloatVector.broadcast(FLOATS, negated[c + 2]), d);
      d = x3.fma(FloatVector.broadcast(FLOATS, negated[c + 3]), d);
      d = x4.fma(FloatVector.broadcast(FLOATS, negated[c + 4]), d);
      d = x5.fma(FloatVector.broadcast(FLOATS, negated[c + 5]), d);
      d = x6.fma(FloatVector.broadcast(FLOATS, negated[c + 6]), d);
      d = x7.fma(FloatVector.broadcast(FLOATS, negated[c + 7]), d);
      var nearer = d.compare(LT, best);
      best = best.blend(d, nearer);
      cluster = cluster.blend(j, nearer.cast(INTS));
    }
    best.intoArray(distances, at);
    cluster.intoArray(nearest, at);
  }
}
