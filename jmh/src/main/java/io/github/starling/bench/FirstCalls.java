package io.github.starling.bench;

import io.github.starling.attention.Attention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.bench.data.RealHeads;
import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Locale;

/**
 * A fresh program that calls improved clustered attention from the start, with no flag for the
 * compiler: when is the first result there, when full speed, and how fast is that?
 */
public final class FirstCalls {
  private static final int N = 4096;

  /** Full speed is reached with the first call that takes less than so many times the last ones. */
  private static final double SLACK = 1.25;

  private static final int FEWEST_CALLS = 50;

  private FirstCalls() {}

  /**
   * Prints milliseconds: the first call, until full speed, a call then.
   *
   * @param args seconds to go on for, at least
   */
  public static void main(String... args) {
    double seconds = Double.parseDouble(args[0]);
    try (var arena = Arena.ofConfined();
        var workers = new Workers(1)) {
      var heads = RealHeads.load(arena, 1, N, RealHeads.WIDTH);
      double scale = Attention.usualScale(RealHeads.WIDTH);
      var ends = new ArrayList<Long>();
      long start = System.nanoTime();
      var attention = new ImprovedClusteredAttention(ClusterOptions.of(100), 32);
      do {
        attention.attend(heads, scale, workers);
        ends.add(System.nanoTime() - start);
      } while (ends.getLast() < seconds * 1e9 || ends.size() < FEWEST_CALLS);
      print(ends);
    }
  }

  private static void print(ArrayList<Long> ends) {
    var times = new ArrayList<Long>();
    for (int i = 0; i < ends.size(); i++) {
      times.add(ends.get(i) - (i == 0 ? 0 : ends.get(i - 1)));
    }
    var last = new ArrayList<>(times.subList(times.size() - 1 - times.size() / 5, times.size()));
    Collections.sort(last);
    long steady = last.get(last.size() / 2);
    int full = 0;
    while (times.get(full) > SLACK * steady) {
      full++;
    }
    System.out.printf(
        Locale.ROOT,
        "%.3f\t%.3f\t%.3f%n",
        times.getFirst() * 1e-6,
        ends.get(full) * 1e-6,
        steady * 1e-6);
  }
}
