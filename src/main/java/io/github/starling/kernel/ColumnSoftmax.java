package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;

/**
 * Softmax down the columns of a narrow matrix, one vector wide.
 *
 * <pre>
 *          members, one a lane
 *   key 0  s00 s10 s20 ..
 *   key 1  s01 s11 s21 ..    maximum, sum, quotient: vertical operations, no reduction over lanes
 *    ..
 * </pre>
 */
final class ColumnSoftmax {
  private ColumnSoftmax() {}

  /**
   * Replaces scores by {@code mass} · softmax of each column − the weight of the row.
   *
   * @param scores shape (k, LANES), in units of log 2
   * @param weights shape (k)
   */
  static void weigh(float[] scores, int k, float mass, float[] weights) {
    var max = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int t = 0; t < k; t++) {
      var x = FloatVector.fromArray(FLOATS, scores, t * LANES);
      max = max.blend(x, x.compare(GT, max));
    }
    var sum = FloatVector.zero(FLOATS);
    for (int t = 0; t < k; t++) {
      var e = Exp2.exp2(FloatVector.fromArray(FLOATS, scores, t * LANES).sub(max));
      e.intoArray(scores, t * LANES);
      sum = sum.add(e);
    }
    var scale = FloatVector.broadcast(FLOATS, mass).div(sum);
    for (int t = 0; t < k; t++) {
      FloatVector.fromArray(FLOATS, scores, t * LANES)
          .mul(scale)
          .sub(weights[t])
          .intoArray(scores, t * LANES);
    }
  }
}
