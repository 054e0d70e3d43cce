package io.github.starling.kernel;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one thread of this machine can do at most, at the width of vectors that the JVM uses.
 *
 * @param flops float32 operations a second of fused multiply-adds in registers, two for each lane
 * @param popcounts words of 64 bits a second whose bits are counted in registers
 * @param bandwidths what is read a second, by the size of the memory that is read over and over;
 *     sizes rise
 */
public record MachineLimits(double flops, double popcounts, List<Bandwidth> bandwidths) {
  /** From within a core's own cache to beyond all caches. */
  private static final int[] KIBIBYTES = {256, 1024, 4096, 16_384, 131_072};

  /** Short enough that few calls are interrupted, long enough for the clock: about 50 µs. */
  private static final int STEPS = 20_000;

  private static final long TIMED_NANOS = 10_000_000;
  private static final int FEWEST_CALLS = 5;

  /** How long to wait for the compiler, which has much to do where a program begins. */
  private static final long PATIENCE_NANOS = 2_000_000_000;

  /**
   * How fast memory is read.
   *
   * @param workingSet bytes
   * @param rate bytes a second
   */
  public record Bandwidth(long workingSet, double rate) {}

  /** Takes the figures. */
  public MachineLimits {
    bandwidths = List.copyOf(bandwidths);
  }

  /** Measures on the calling thread for some tenths of a second, with 128 MiB of memory. */
  public static MachineLimits measure() {
    var floats = new float[13 * Lanes.LANES];
    Arrays.fill(floats, 1e-3f);
    var words = new long[8 * Lanes.LONGS.length()];
    Arrays.fill(words, -1);
    double flops =
        rate(STEPS * (double) LimitProbes.STEP_FLOPS, () -> LimitProbes.multiplyAdd(STEPS, floats));
    double popcounts =
        rate(STEPS * (double) LimitProbes.STEP_WORDS, () -> LimitProbes.countBits(STEPS, words));
    var bandwidths = new ArrayList<Bandwidth>();
    try (var arena = Arena.ofConfined()) {
      // Written when allocated: pages never written would all be the same page of zeros.
      var memory = arena.allocate(1024L * KIBIBYTES[KIBIBYTES.length - 1], LimitProbes.STEP_BYTES);
      for (int size : KIBIBYTES) {
        long bytes = 1024L * size;
        double rate = rate(bytes, () -> LimitProbes.read(memory, bytes, words));
        bandwidths.add(new Bandwidth(bytes, rate));
      }
    }
    return new MachineLimits(flops, popcounts, bandwidths);
  }

  /**
   * Returns the most bytes a second at which memory of a size can be read, as if it were as near as
   * it can be.
   *
   * @param workingSet bytes
   */
  public double bandwidth(long workingSet) {
    double rate = bandwidths.getFirst().rate();
    for (var measured : bandwidths) {
      if (measured.workingSet() <= workingSet) {
        rate = measured.rate();
      }
    }
    return rate;
  }

  /**
   * Returns the least time that one thread needs: by operations, words or bytes, whichever is
   * longest.
   */
  public double leastSeconds(Work work) {
    double seconds = Math.max(work.flops() / flops, work.popcounts() / popcounts);
    return Math.max(seconds, work.bytes() / bandwidth((long) work.bytes()));
  }

  /** Returns what a call does a second, as the median of calls once they are compiled. */
  private static double rate(double work, Runnable call) {
    warmUp(call);
    var nanos = new long[FEWEST_CALLS];
    int calls = 0;
    long begin = System.nanoTime();
    for (long start = begin; calls < FEWEST_CALLS || start - begin < TIMED_NANOS; calls++) {
      call.run();
      long end = System.nanoTime();
      if (calls == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * calls);
      }
      nanos[calls] = end - start;
      start = end;
    }
    Arrays.sort(nanos, 0, calls);
    return work * 1e9 / nanos[calls / 2];
  }

  /** Vectors are objects until the method is compiled. */
  static void warmUp(Runnable call) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + PATIENCE_NANOS;
    long allocated;
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      call.run();
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    } while (allocated > 0 && System.nanoTime() < end);
  }
}
