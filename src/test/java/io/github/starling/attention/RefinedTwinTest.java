package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.QuerySketch;
import io.github.starling.kernel.Workers;
import io.github.starling.reference.Clustering;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Refined clustered attention of random shapes against the reference, step by step. */
class RefinedTwinTest {
  private static final int SHAPES = 500;

  private static final int SHAPES_TOGETHER = 100;

  /** Of a number that float32 has added up: far above its rounding, far below anything else. */
  private static final double ROUNDING = 1e-4;

  /** An importance that ends where float32 does: a million times the root of its least normal. */
  private static final double NOTHING = 1e-13;

  private final Workers one = new Workers(1);
  private final Workers three = new Workers(3);

  @Test
  void everyStepIsTheReferences() {
    for (int seed = 0; seed < SHAPES; seed++) {
      try (var arena = Arena.ofShared()) {
        check(seed, 1, arena);
      }
    }
  }

  @Test
  void headsShareOneBudget() {
    for (int seed = 0; seed < SHAPES_TOGETHER; seed++) {
      try (var arena = Arena.ofShared()) {
        check(seed, 2 + seed % 3, arena);
      }
    }
  }

  private void check(long seed, int count, Arena arena) {
    var random = new Random(seed);
    int clusters = 1 + random.nextInt(random.nextBoolean() ? 8 : 60);
    int budget = 1 + random.nextInt(random.nextBoolean() ? 8 : 90);
    int window = random.nextInt(5) == 0 ? -1 : random.nextInt(20);
    int dk = 1 + random.nextInt(random.nextBoolean() ? 20 : 80);
    int dv = 1 + random.nextInt(random.nextBoolean() ? 20 : 80);
    var heads = new Head[count];
    for (int h = 0; h < count; h++) {
      int n = 1 + random.nextInt(random.nextInt(10) == 0 ? 700 : 60);
      int m = random.nextBoolean() ? n : 1 + random.nextInt(random.nextInt(10) == 0 ? 700 : 150);
      double spread = random.nextInt(4) == 0 ? 8 : 1;
      heads[h] = new RandomHeads(arena, seed + h).head(n, m, dk, dv, spread);
    }
    double scale = Attention.usualScale(dk) * (0.5 + random.nextDouble());
    var traces = new RefinedTrace[count];
    new RefinedClusteredAttention(new RefinedOptions(clusters, budget, window))
        .attend(List.of(heads), scale, random.nextBoolean() ? one : three, traces);

    var choice = new Choice();
    String what = "seed " + seed;
    for (int h = 0; h < count; h++) {
      var head = heads[h];
      var trace = traces[h];
      int n = head.query().rows();
      int m = head.key().rows();
      what =
          "seed %d, head %d of %d: n %d, m %d, dk %d, dv %d, C %d, b %d, w %d"
              .formatted(seed, h, count, n, m, dk, dv, clusters, budget, window);
      var twin = io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
      checkSketches(twin, trace.sketches(), what);
      checkAssignment(trace, n, what);
      var clustering = new Clustering(trace.assignment(), new long[clusters]);
      boolean[][] exact = trace.exact(m);
      choice.add(
          io.github.starling.reference.RefinedClusteredAttention.importance(
              twin, clustering, scale),
          exact,
          clustering.counts(),
          (long) budget * n,
          what);
      Agreement.assertClose(
          io.github.starling.reference.RefinedClusteredAttention.attend(
              twin, clustering, exact, window, scale),
          head,
          (q, k, v) -> PlainFloat.refined(q, k, v, scale, trace, window),
          what);
    }
    long queries = 0;
    for (var head : heads) {
      queries += head.query().rows();
    }
    choice.check(budget * queries, what);
  }

  /**
   * Directions of equal weight may come out in any order, and queries of another sign; what counts
   * is how far apart queries are.
   */
  private static void checkSketches(
      io.github.starling.reference.Head head, float[] sketches, String what) {
    double[][] expected = io.github.starling.reference.RefinedClusteredAttention.sketches(head);
    double all = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < i; j++) {
        double square = 0;
        double actual = 0;
        for (int a = 0; a < expected[i].length; a++) {
          square += Math.pow(expected[i][a] - expected[j][a], 2);
        }
        for (int a = 0; a < QuerySketch.DIMENSIONS; a++) {
          int stride = QuerySketch.stride();
          actual += Math.pow(sketches[i * stride + a] - sketches[j * stride + a], 2);
        }
        all = Math.max(all, square);
        worst = Math.max(worst, Math.abs(actual - square));
      }
    }
    assertTrue(worst <= 0.01 * all, what + ": squared distances off by " + worst + " of " + all);
  }

  /** Every query is in the cluster whose centre is nearest, but for rounding. */
  private static void checkAssignment(RefinedTrace trace, int n, String what) {
    int d = QuerySketch.DIMENSIONS;
    int clusters = Math.min(trace.exactKeys().length, n);
    for (int i = 0; i < n; i++) {
      double own = distance(trace, i, trace.assignment()[i]);
      double scale = 0;
      for (int a = 0; a < d; a++) {
        scale += Math.pow(trace.sketches()[i * QuerySketch.stride() + a], 2);
      }
      for (int c = 0; c < clusters; c++) {
        double other = distance(trace, i, c);
        assertTrue(own <= other + ROUNDING * (scale + other), what + ": query " + i);
      }
    }
  }

  private static double distance(RefinedTrace trace, int query, int cluster) {
    double square = 0;
    for (int a = 0; a < QuerySketch.DIMENSIONS; a++) {
      double x = trace.sketches()[query * QuerySketch.stride() + a];
      square += Math.pow(x - trace.centres()[cluster * QuerySketch.DIMENSIONS + a], 2);
    }
    return square;
  }

  /**
   * The exact keys of all heads.
   *
   * <p>A rank is an importance as the upper 11 bits of a float behind its sign have it, less half
   * of the rank at which a budget of the head's own would end.
   */
  private static final class Choice {
    private static final int BITS_OF_RANK = 20;

    private long cost;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;
    private double mostImportance;
    private int largestCost;

    /** Adds a head. */
    void add(double[][] importance, boolean[][] exact, int[] counts, long own, String what) {
      double end = end(importance, counts, own);
      int low = half(Math.max(end, NOTHING) * (1 + ROUNDING));
      int high = half(end < NOTHING ? 0 : end * (1 - ROUNDING));
      double taken = Double.POSITIVE_INFINITY;
      double left = 0;
      for (int c = 0; c < exact.length; c++) {
        largestCost = Math.max(largestCost, counts[c]);
        for (int t = 0; t < exact[c].length; t++) {
          if (exact[c][t]) {
            cost += counts[c];
            taken = Math.min(taken, importance[c][t]);
          } else if (counts[c] > 0) {
            left = Math.max(left, importance[c][t]);
          }
        }
      }
      mostImportance = Math.max(mostImportance, left);
      assertTrue(
          left <= Math.max(taken, NOTHING) * (1 + ROUNDING),
          what + ": left out " + left + ", took " + taken);
      least = Math.min(least, rank(Math.max(taken, NOTHING) * (1 + ROUNDING)) + high);
      if (left > NOTHING) {
        most = Math.max(most, rank(left * (1 - ROUNDING)) + low);
      }
    }

    /** The budget is kept and used, and no key left out is of higher rank than one taken. */
    void check(long budget, String what) {
      assertTrue(cost <= budget, what + ": cost " + cost + " above " + budget);
      assertTrue(most <= least, what + ": left out rank " + most + ", took " + least);
      boolean isUsed = mostImportance < NOTHING || cost + largestCost > budget;
      assertTrue(isUsed, what + ": cost " + cost + " of " + budget);
    }

    /** Returns the importance of the first key that a budget of its own would not reach. */
    private static double end(double[][] importance, int[] counts, long own) {
      record Key(double importance, int cost) {}
      var keys = new ArrayList<Key>();
      for (int c = 0; c < counts.length; c++) {
        for (double i : importance[c]) {
          keys.add(new Key(i, counts[c]));
        }
      }
      keys.sort(Comparator.comparingDouble(Key::importance).reversed());
      long left = own;
      for (var key : keys) {
        left -= key.cost;
        if (left < 0) {
          return key.importance;
        }
      }
      return 0;
    }

    private static double rank(double importance) {
      return (double) Float.floatToRawIntBits((float) importance) / (1 << BITS_OF_RANK);
    }

    /** Returns half of how far an importance is below the highest rank, which is 2047. */
    private static int half(double importance) {
      return (2047 - (int) rank(importance)) / 2;
    }
  }
}
