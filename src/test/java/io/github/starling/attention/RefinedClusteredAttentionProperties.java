package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The laws of refined clustered attention on the fast class, the clusters as they come. */
class RefinedClusteredAttentionProperties {
  private static final double ROUNDING = 1e-5;

  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void aWindowOfAllKeysGivesFullAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 80) int n,
      @ForAll @IntRange(min = 1, max = 9) int c,
      @ForAll @IntRange(min = 1, max = 20) int b) {
    var head = new RandomHeads(arena, seed).head(n, n, 12, 9);
    trace(head, new RefinedOptions(c, b, 2 * n), 0.4);
    assertFull(head, 0.4, "seed " + seed);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void singletonClustersGiveFullAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 90) int m,
      @ForAll @IntRange(min = 0, max = 9) int more) {
    var head = new RandomHeads(arena, seed).head(n, m, 12, 9);
    trace(head, new RefinedOptions(n + more, 1, -1), 0.4);
    assertFull(head, 0.4, "seed " + seed);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void equalQueriesGiveFullAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 90) int m,
      @ForAll @IntRange(min = 1, max = 9) int c) {
    var head = new RandomHeads(arena, seed).head(n, m, 12, 9);
    for (int i = 1; i < n; i++) {
      head.query().copyRow(0, head.query(), i);
    }
    trace(head, new RefinedOptions(c, 3, 4), 0.4);
    assertFull(head, 0.4, "seed " + seed);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void allKeysExactGiveFullAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int n,
      @ForAll @IntRange(min = 1, max = 90) int m,
      @ForAll @IntRange(min = 1, max = 9) int c) {
    var head = new RandomHeads(arena, seed).head(n, m, 12, 9);
    trace(head, new RefinedOptions(c, m, -1), 0.4);
    assertFull(head, 0.4, "seed " + seed);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void aVectorAddedToEveryKeyChangesNothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 10, max = 60) int n,
      @ForAll @IntRange(min = 1, max = 9) int c) {
    // Multiples of 1/64 and few of them: sums and means are exact, and clusters stay the same.
    var head = new RandomHeads(arena, seed).head(n, 64, 12, 9);
    for (int t = 0; t < 64; t++) {
      for (int d = 0; d < 12; d++) {
        head.key().set(t, d, Math.round(64 * head.key().get(t, d)) / 64f);
      }
    }
    trace(head, new RefinedOptions(c, 5, 4), 0.4);
    var before = head.output().toArray();
    for (int t = 0; t < 64; t++) {
      for (int d = 0; d < 12; d++) {
        head.key().set(t, d, head.key().get(t, d) + d - 4);
      }
    }
    trace(head, new RefinedOptions(c, 5, 4), 0.4);
    for (int i = 0; i < n; i++) {
      assertArrayEquals(before[i], head.output().toArray()[i], 1e-4f, "seed " + seed);
    }
  }

  /** Also where a window holds nearly all that its cluster has left. */
  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void takingTheWindowOutOfTheRemainderLeavesNoNegativeWeight(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 60) int n,
      @ForAll @IntRange(min = 1, max = 9) int c,
      @ForAll @IntRange(min = 0, max = 30) int w) {
    var head = new RandomHeads(arena, seed).head(n, n, 5, 1, 6);
    var random = new Random(seed);
    for (int i = 0; i < n; i++) { // keys like their queries: a window takes most of the weight
      for (int d = 0; d < 5; d++) {
        head.key().set(i, d, head.query().get(i, d) + (float) random.nextGaussian());
      }
    }
    var weights = AttentionProperties.withIdentity(head, arena);
    trace(weights, new RefinedOptions(c, 2, w), 1);
    for (var row : weights.output().toArray()) {
      float sum = 0;
      for (float weight : row) {
        assertTrue(weight >= -ROUNDING, "seed %d: weight %s".formatted(seed, weight));
        sum += weight;
      }
      assertTrue(Math.abs(sum - 1) <= ROUNDING, "seed %d: sum %s".formatted(seed, sum));
    }
  }

  /** No period of the text makes it worse than the paper's method with as many keys. */
  @Example
  void periodicInputDoesNotAlias() {
    for (int period = 2; period <= 1024; period *= 2) {
      for (int jitter : new int[] {-1, 0, 1}) {
        check(new RandomHeads(arena, period), Math.max(2, period + jitter), "period");
      }
    }
  }

  /** Queries and keys in the directions of the axes, and none other. */
  @Example
  void oneHotRowsDoNotAlias() {
    var head = new RandomHeads(arena, 3).head(1024, 1024, 16, 8);
    for (int i = 0; i < 1024; i++) {
      for (int d = 0; d < 16; d++) {
        head.query().set(i, d, i * 7 % 16 == d ? 4 : 0);
        head.key().set(i, d, i * 5 % 16 == d ? 4 : 0);
      }
    }
    assertNotWorse(head, "one-hot");
  }

  private void check(RandomHeads random, int period, String what) {
    int n = 1024;
    var head = random.head(n, n, 16, 8);
    for (int i = period; i < n; i++) {
      head.query().copyRow(i - period, head.query(), i);
      head.key().copyRow(i - period, head.key(), i);
      head.value().copyRow(i - period, head.value(), i);
    }
    assertNotWorse(head, what + " " + period);
  }

  private void assertNotWorse(Head head, String what) {
    var exact = full(head, 0.25);
    new ImprovedClusteredAttention(ClusterOptions.of(20), 32).attend(List.of(head), 0.25, one);
    double improved = squaredError(exact, head.output());
    new RefinedClusteredAttention(new RefinedOptions(20, 32, 8)).attend(List.of(head), 0.25, one);
    double refined = squaredError(exact, head.output());
    assertTrue(
        Math.sqrt(refined) <= 1.1 * Math.sqrt(improved) + ROUNDING,
        "%s: error %s, improved %s".formatted(what, Math.sqrt(refined), Math.sqrt(improved)));
  }

  private static double squaredError(double[][] exact, Matrix output) {
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      for (int d = 0; d < exact[i].length; d++) {
        sum += Math.pow(exact[i][d] - output.get(i, d), 2);
      }
    }
    return sum / exact.length;
  }

  private static double[][] full(Head head, double scale) {
    return Kind.FULL.reference(head, null, 1, scale);
  }

  private static void assertFull(Head head, double scale, String what) {
    Agreement.assertClose(
        full(head, scale), head, (q, k, v) -> PlainFloat.full(q, k, v, scale), what);
  }

  private RefinedTrace trace(Head head, RefinedOptions options, double scale) {
    var traces = new RefinedTrace[1];
    new RefinedClusteredAttention(options).attend(List.of(head), scale, one, traces);
    return traces[0];
  }
}
