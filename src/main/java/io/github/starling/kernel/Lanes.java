package io.github.starling.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/** The vector shapes that every kernel shares: the widest that this machine runs well. */
final class Lanes {
  static {
    // Before the first kernel runs, so that each is compiled as it should be.
    KernelCompilation.direct();
    ColdStart.end();
  }

  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;

  /** Floats in a vector. */
  static final int LANES = FLOATS.length();

  static {
    TypeProfiles.record();
  }

  private Lanes() {}

  /** Fills up the last vector after {@code count} floats, so that loops need no mask. */
  static void fillTail(float[] values, int at, int count, float value) {
    Arrays.fill(values, at + count, at + Math.ceilDiv(count, LANES) * LANES, value);
  }
}
