package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Reductions over the lanes of a vector that give the same bits however the method is run.
 *
 * <p>{@code reduceLanes(ADD)} of floats may add in any order, and the interpreter's order is not
 * the compiler's: the same call would change its last bit once it is compiled.
 */
final class Reduction {
  private static final VectorShuffle<Float> HALVES = rotation(LANES / 2);
  private static final VectorShuffle<Float> QUARTERS = rotation(LANES / 4);
  private static final VectorShuffle<Float> EIGHTHS = rotation(Math.max(1, LANES / 8));
  private static final VectorShuffle<Float> SIXTEENTHS = rotation(Math.max(1, LANES / 16));

  private Reduction() {}

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane + by) % LANES);
  }

  /** Adds up the lanes, as a tree of halves. */
  static float sum(FloatVector x) {
    var sum = x.add(x.rearrange(HALVES));
    sum = sum.add(sum.rearrange(QUARTERS));
    if (LANES >= 8) {
      sum = sum.add(sum.rearrange(EIGHTHS));
    }
    if (LANES >= 16) {
      sum = sum.add(sum.rearrange(SIXTEENTHS));
    }
    return sum.lane(0);
  }

  /** Maps floats to integers of the same order: reductions of integers are faster. */
  static IntVector ordered(FloatVector x) {
    var bits = x.reinterpretAsInts();
    return bits.lanewise(XOR, bits.lanewise(ASHR, 31).and(Integer.MAX_VALUE));
  }

  /** Maps one such integer back. */
  static float unordered(int ordered) {
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & Integer.MAX_VALUE));
  }
}
