package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * The sum of a vector's lanes in one fixed order.
 *
 * <p>{@code reduceLanes(ADD)} leaves the order of float additions to the compiler: with 512-bit
 * vectors, interpreted and compiled code round differently. Here the upper half is folded onto the
 * lower half until one lane is left, always the same way.
 */
final class LaneSum {
  private static final int FOLDS = Integer.numberOfTrailingZeros(LANES);

  /** Step s brings lane i + LANES / 2^(s+1) to lane i. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // no generic arrays
  private static final VectorShuffle<Float>[] SHUFFLES = new VectorShuffle[FOLDS];

  static {
    for (int s = 0; s < FOLDS; s++) {
      int half = LANES >> (s + 1);
      SHUFFLES[s] = VectorShuffle.fromOp(FLOATS, i -> (i + half) % LANES);
    }
  }

  private LaneSum() {}

  /** Returns the sum of all lanes. */
  static float of(FloatVector v) {
    for (int s = 0; s < FOLDS; s++) {
      v = v.add(v.rearrange(SHUFFLES[s]));
    }
    return v.lane(0);
  }
}
