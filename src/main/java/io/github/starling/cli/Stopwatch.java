package io.github.starling.cli;

import java.util.Arrays;

/** Medians of repeated timings. */
final class Stopwatch {
  private double[] seconds = {};

  /** Times one run. */
  void time(Runnable run) {
    long start = System.nanoTime();
    run.run();
    add((System.nanoTime() - start) * 1e-9);
  }

  void add(double time) {
    seconds = Arrays.copyOf(seconds, seconds.length + 1);
    seconds[seconds.length - 1] = time;
  }

  /** Forgets the warm-up. */
  void reset() {
    seconds = new double[0];
  }

  int runs() {
    return seconds.length;
  }

  /** Returns the median in seconds; that of an even number of runs is the lower of the middle. */
  double median() {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }
}
