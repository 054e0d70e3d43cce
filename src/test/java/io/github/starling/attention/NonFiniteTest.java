package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers and sizes at their limits: the rows that the reference spoils, no other, no hang. */
class NonFiniteTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int K = 7;
  private static final double SCALE = 0.3;

  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  @ParameterizedTest
  @EnumSource
  void aQueryThatIsNotFiniteSpoilsItsOwnRow(Kind kind) {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      var head = head(kind);
      head.query().set(3, 0, bad);
      head.query().set(20, 7, bad);
      check(kind, head, 6);
      for (int i = 0; i < head.query().rows(); i++) {
        boolean spoilt = i == 3 || i == 20;
        assertEquals(spoilt, Float.isNaN(head.output().get(i, 2)), bad + ", row " + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void queriesThatAreAllNaNGiveNaN(Kind kind) {
    var head = head(20, kind.keys(20, 30));
    for (int i = 0; i < 20; i++) {
      head.query().set(i, i % 8, Float.NaN);
    }
    check(kind, head, 3);
  }

  @ParameterizedTest
  @EnumSource
  void aNaNKeySpoilsEveryRowThatSeesIt(Kind kind) {
    for (int position : new int[] {0, 64, 139}) {
      var head = head(kind);
      head.key().set(position, 5, Float.NaN);
      check(kind, head, 6);
      for (var row : head.output().toArray()) {
        for (float x : row) {
          assertTrue(kind.isSelf() || Float.isNaN(x), "key " + position);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeyAtInfinityTakesTheRowsOnItsSide(Kind kind) {
    for (float bad : new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (int position : new int[] {0, 64, 139}) {
        var head = head(kind);
        head.key().set(position, 5, bad);
        check(kind, head, 6);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ORACLE")
  void aNaNValueSpoilsItsColumn(Kind kind) {
    var head = head(kind);
    head.value().set(77, 2, Float.NaN);
    check(kind, head, 6);
  }

  /** The reference multiplies every value by a weight, be it 0; the fast class reads k of them. */
  @Test
  void aNaNValueSpoilsTheOracleRowsThatTakeItsKey() {
    var head = head(50, 140);
    var exact = Kind.ORACLE.reference(head, options(6), K, SCALE);
    head.value().set(77, 2, Float.NaN);
    var weights =
        io.github.starling.reference.OracleTopKAttention.weights(
            io.github.starling.reference.Head.of(head.query(), head.key(), head.value()), K, SCALE);
    for (int i = 0; i < 50; i++) {
      if (weights[i][77] > 0) {
        exact[i][2] = Double.NaN;
      }
    }
    attend(Kind.ORACLE, head, 6);
    assertTrue(Agreement.error(exact, head.output().toArray()) <= 4e-6);
  }

  /** Refined attention chooses keys by their values too: its other columns become others. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REFINED")
  void anInfiniteValueSpoilsItsColumnOnly(Kind kind) {
    var head = head(kind);
    attend(kind, head, 6);
    var clean = head.output().toArray();
    head.value().set(77, 2, Float.POSITIVE_INFINITY);
    attend(kind, head, 6);
    for (int i = 0; i < head.query().rows(); i++) {
      for (int d = 0; d < 6; d++) {
        if (d != 2) {
          assertEquals(clean[i][d], head.output().get(i, d), "row %d, %d".formatted(i, d));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void hugeScoresPickTheirKey(Kind kind) {
    var head = head(kind);
    for (int t = 0; t < 140; t++) {
      for (int d = 0; d < 8; d++) {
        head.key().set(t, d, 0);
      }
    }
    // Scores of ±10,000 and 0: one key takes all, whatever the rounding.
    for (int i = 0; i < head.query().rows(); i++) {
      for (int d = 0; d < 8; d++) {
        head.query().set(i, d, d == 0 ? (i % 2 == 0 ? 100 : -100) : 0);
      }
    }
    head.key().set(71, 0, (float) (100 / SCALE));
    head.key().set(130, 0, (float) (-100 / SCALE));
    check(kind, head, 2);
    for (int i = 0; i < head.query().rows(); i++) {
      float winner = head.value().get(i % 2 == 0 ? 71 : 130, 3);
      assertTrue(kind.isSelf() || Math.abs(winner - head.output().get(i, 3)) <= 1e-6f, "row " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfZerosWeighKeysEvenly(Kind kind) {
    var head = head(kind);
    head.query().clear();
    check(kind, head, 6);
    head = head(kind);
    head.key().clear();
    check(kind, head, 6);
  }

  @ParameterizedTest
  @EnumSource
  void sizesAtTheirLimits(Kind kind) {
    int[][] sizes = {{1, 1}, {1, 140}, {50, 1}, {50, 3}, {2, 2}, {50, 0}, {0, 5}, {0, 0}};
    for (int[] size : sizes) {
      for (int clusters : new int[] {1, 2, 60}) {
        check(kind, head(size[0], kind.keys(size[0], size[1])), clusters);
      }
    }
  }

  @Test
  void equalKeysTieToTheLowest() {
    var head = head(50, 140);
    for (int t = 0; t < 140; t++) {
      for (int d = 0; d < 8; d++) {
        head.key().set(t, d, 0.1f * (d + 1));
      }
    }
    var trace = trace(head, 6);
    var lowest = new int[K];
    Arrays.setAll(lowest, t -> t);
    for (int j = 0; j < 6; j++) {
      if (trace.counts()[j] > 0) {
        assertArrayEquals(lowest, trace.topKeys()[j], "cluster " + j);
      }
    }
    check(Kind.IMPROVED, head, 6);
    check(Kind.ORACLE, head, 6);
  }

  private HeadTrace trace(Head head, int clusters) {
    var traces = new HeadTrace[1];
    assertTimeoutPreemptively(
        LIMIT,
        () ->
            new ImprovedClusteredAttention(options(clusters), K)
                .attend(List.of(head), SCALE, one, (h, trace) -> traces[h] = trace));
    return traces[0];
  }

  /** NaN exactly where the reference has it, all else to rounding. */
  private void check(Kind kind, Head head, int clusters) {
    attend(kind, head, clusters);
    var exact = kind.reference(head, options(clusters), K, SCALE);
    double error = Agreement.error(exact, head.output().toArray());
    assertTrue(
        error <= 4e-6,
        () -> "%s, queries %s, error %s".formatted(kind, head.query().shape(), error));
  }

  private void attend(Kind kind, Head head, int clusters) {
    assertTimeoutPreemptively(
        LIMIT, () -> kind.create(options(clusters), K).attend(List.of(head), SCALE, one));
  }

  private Head head(Kind kind) {
    return kind.isSelf() ? head(140, 140) : head(50, 140);
  }

  private Head head(int n, int m) {
    return new RandomHeads(arena, 5).head(n, m, 8, 6);
  }

  private static ClusterOptions options(int clusters) {
    return new ClusterOptions(clusters, 63, 10, true, 2, null, null);
  }
}
