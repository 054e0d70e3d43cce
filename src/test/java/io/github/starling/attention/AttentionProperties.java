package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Laws of every kind of attention: its output is a weighted mean of the values. */
class AttentionProperties {
  /** A sum of 60 weights of 24 bits rounds to this many parts of its largest value. */
  private static final double ROUNDING = 60 * 0x1p-24;

  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
  void equalValuesGiveThatValue(
      @ForAll Kind kind,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 60) int m,
      @ForAll @IntRange(min = 1, max = 9) int c,
      @ForAll @IntRange(min = 1, max = 70) int k,
      @ForAll @DoubleRange(min = 0.01, max = 10) double scale) {
    var head = new RandomHeads(arena, seed).head(n, kind.keys(n, m), 5, 7);
    for (int t = 0; t < head.value().rows(); t++) {
      for (int d = 0; d < 7; d++) {
        head.value().set(t, d, d - 3.25f);
      }
    }
    kind.create(options(c, seed), k).attend(List.of(head), scale, one);
    for (var row : head.output().toArray()) {
      for (int d = 0; d < 7; d++) {
        assertEquals(d - 3.25f, row[d], 4 * ROUNDING);
      }
    }
  }

  @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
  void aVectorAddedToEveryValueIsAddedToTheOutput(
      @ForAll Kind kind,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 60) int m,
      @ForAll @IntRange(min = 1, max = 9) int c,
      @ForAll @IntRange(min = 1, max = 70) int k) {
    var head = new RandomHeads(arena, seed).head(n, kind.keys(n, m), 5, 7);
    var attention = kind.create(options(c, seed), k);
    attention.attend(List.of(head), 0.5, one);
    var before = head.output().toArray();
    for (int t = 0; t < head.value().rows(); t++) {
      for (int d = 0; d < 7; d++) {
        head.value().set(t, d, head.value().get(t, d) + d - 3);
      }
    }
    attention.attend(List.of(head), 0.5, one);
    for (int i = 0; i < n; i++) {
      for (int d = 0; d < 7; d++) {
        assertEquals(before[i][d] + d - 3, head.output().get(i, d), 16 * ROUNDING);
      }
    }
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void noWeightIsNegative(
      @ForAll Kind kind,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 60) int m,
      @ForAll @IntRange(min = 1, max = 9) int c,
      @ForAll @IntRange(min = 1, max = 70) int k,
      @ForAll @DoubleRange(min = 0.01, max = 10) double scale) {
    var head = withIdentity(new RandomHeads(arena, seed).head(n, kind.keys(n, m), 5, 1), arena);
    kind.create(options(c, seed), k).attend(List.of(head), scale, one);
    for (var row : head.output().toArray()) {
      for (float weight : row) {
        assertTrue(weight >= -ROUNDING, () -> "weight " + weight);
      }
    }
  }

  /** Replaces the values by the identity, so that the outputs are the weights, shape (n, m). */
  static Head withIdentity(Head head, Arena arena) {
    int m = head.key().rows();
    var identity = Matrix.allocate(arena, m, m);
    for (int t = 0; t < m; t++) {
      identity.set(t, t, 1);
    }
    var weights = Matrix.allocate(arena, head.query().rows(), m);
    return new Head(head.query(), head.key(), identity, weights);
  }

  static ClusterOptions options(int clusters, long seed) {
    return new ClusterOptions(clusters, 63, 10, true, seed, null, null);
  }
}
