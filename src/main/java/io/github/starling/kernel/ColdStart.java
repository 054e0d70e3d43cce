package io.github.starling.kernel;

import java.util.concurrent.atomic.AtomicLong;
import jdk.incubator.vector.FloatVector;

/**
 * Whether the process has only begun: plain loops then do what vector kernels do later.
 *
 * <p>The interpreter takes microseconds for an operation of the Vector API, and the compiler a
 * second or two for the kernels: a program that embeds one sentence would do little else. Plain
 * loops are compiled within milliseconds. They round as the kernels do, in the same order, so which
 * of the two runs changes no bit; {@code ColdStartTest} holds them to that.
 */
final class ColdStart {
  /** About what plain loops do in a tenth of a second. */
  private static final long OPERATIONS = 1L << 26;

  /** Floats in a vector, known without the preparations of {@link Lanes}. */
  static final int LANES = FloatVector.SPECIES_PREFERRED.length();

  private static final AtomicLong DONE = new AtomicLong();

  private ColdStart() {}

  /** Returns whether so many more operations still belong to the start. */
  static boolean lasts(long operations) {
    return DONE.get() <= OPERATIONS && DONE.addAndGet(operations) <= OPERATIONS;
  }

  /** Ends it: a vector kernel has been called, and soon all will be compiled. */
  static void end() {
    DONE.set(OPERATIONS + 1);
  }

  /** Adds up lanes as {@link Reduction#sum} does, in place. */
  static float sum(float[] lanes) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[0];
  }
}
