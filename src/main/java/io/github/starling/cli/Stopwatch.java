package io.github.starling.cli;

import java.util.Arrays;

/** Repeated timings. */
final class Stopwatch {
  /** Warming up goes second by second. */
  private static final double WINDOW_SECONDS = 1;

  /** A second without gain need not be the end: some loops are compiled late. */
  private static final double LEAST_WARM_UP_SECONDS = 4;

  private static final double MOST_WARM_UP_SECONDS = 10;

  private double[] seconds = new double[16];
  private int runs;

  /**
   * Runs again and again while that makes it faster: the JVM compiles what is used often, beside
   * the run and on the same cores.
   */
  static void warmUp(Runnable run) {
    long start = System.nanoTime();
    double fastest = Double.POSITIVE_INFINITY;
    boolean isFaster = true;
    while (secondsSince(start) < (isFaster ? MOST_WARM_UP_SECONDS : LEAST_WARM_UP_SECONDS)) {
      var window = new Stopwatch();
      long from = System.nanoTime();
      do {
        window.time(run);
      } while (secondsSince(from) < WINDOW_SECONDS);
      double now = Arrays.stream(window.seconds()).min().orElseThrow();
      isFaster = now < 0.97 * fastest;
      fastest = Math.min(now, fastest);
    }
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Times one run. */
  void time(Runnable run) {
    long start = System.nanoTime();
    run.run();
    add(secondsSince(start));
  }

  void add(double time) {
    if (runs == seconds.length) {
      seconds = Arrays.copyOf(seconds, 2 * runs);
    }
    seconds[runs++] = time;
  }

  /** Forgets the warm-up. */
  void reset() {
    runs = 0;
  }

  int runs() {
    return runs;
  }

  /** Returns the seconds of each run. */
  double[] seconds() {
    return Arrays.copyOf(seconds, runs);
  }

  /** Returns the median in seconds. */
  double median() {
    return median(seconds());
  }

  /** Returns the median, which lies between the middle two of an even number of values. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
