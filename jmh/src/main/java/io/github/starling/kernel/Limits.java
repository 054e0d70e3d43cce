package io.github.starling.kernel;

import java.util.Arrays;

/**
 * What the core can do at most, measured anew beside every figure: the clock of a shared machine
 * changes from second to second.
 */
public final class Limits {
  private static final int STEPS = 20_000;

  private static final int CALLS = 200;

  private final float[] floats = new float[13 * Lanes.LANES];
  private final long[] words = new long[8 * Lanes.LONGS.length()];

  /** Warms up. */
  public Limits() {
    Arrays.fill(floats, 1e-3f);
    MachineLimits.warmUp(() -> LimitProbes.multiplyAdd(STEPS, floats));
    MachineLimits.warmUp(() -> LimitProbes.countBits(STEPS, words));
  }

  /** Returns float32 operations a second in registers, the median of some 10 ms. */
  public double flops() {
    return rate(
        STEPS * (double) LimitProbes.STEP_FLOPS, () -> LimitProbes.multiplyAdd(STEPS, floats));
  }

  /** Returns words of 64 bits a second whose bits are counted in registers. */
  public double popcounts() {
    return rate(STEPS * (double) LimitProbes.STEP_WORDS, () -> LimitProbes.countBits(STEPS, words));
  }

  /** Returns bits of the vectors that the kernels use. */
  public static int vectorBits() {
    return Lanes.FLOATS.vectorBitSize();
  }

  private static double rate(double work, Runnable call) {
    var nanos = new long[CALLS];
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      call.run();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return work * 1e9 / nanos[CALLS / 2];
  }
}
