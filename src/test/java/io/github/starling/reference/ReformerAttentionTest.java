package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReformerAttentionTest {
  private static final double[][] ALONG = {{1}, {1}, {1}};

  /** All lie on one line, so that they weigh by where they stand alone. */
  private static Head head(double... queries) {
    var rows = new double[queries.length][1];
    var values = new double[queries.length][1];
    for (int i = 0; i < queries.length; i++) {
      rows[i][0] = queries[i];
      values[i][0] = Math.pow(10, i);
    }
    return new Head(rows, rows, values);
  }

  @Example
  void queriesAreSortedByBucketAndThenByPosition() {
    double[][] queries = {{-1}, {2}, {-3}, {4}, {Double.NaN}, {5}};
    // buckets 0 (positive) and 3 (negative) of 6
    assertArrayEquals(new int[] {1, 3, 5, 0, 2}, ReformerAttention.order(queries, ALONG, 2));
  }

  @Example
  void aChunkSeesItselfAndTheOneBefore() {
    var head = head(1, 1, 1, 1, 1);
    double[][] output = ReformerAttention.attend(head, new double[][][] {ALONG}, 2, 1.0);
    double[][] expected = {{10}, {1}, {(1 + 10 + 1000) / 3.0}, {(1 + 10 + 100) / 3.0}, {550}};
    Rows.assertClose(expected, output);
  }

  @Example
  void aKeyOfSeveralRoundsCountsOnce() {
    var head = head(1, 1, 1, 1, 1);
    Rows.assertClose(
        ReformerAttention.attend(head, new double[][][] {ALONG}, 2, 1.0),
        ReformerAttention.attend(head, new double[][][] {ALONG, ALONG, ALONG}, 2, 1.0));
  }

  @Example
  void theOwnKeyCountsOnlyIfThereIsNoOther() {
    var head = head(1, -1);
    // chunks of one: the first in the order sees nobody, the second sees the first
    double[][][] one = {{{1}, {1}}};
    assertArrayEquals(new double[][] {{1}, {1}}, ReformerAttention.attend(head, one, 1, 1.0));
  }

  @Property
  void weightsSumToOne(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 1, max = 12) int chunk,
      @ForAll @IntRange(min = 1, max = 4) int rounds) {
    Rows.assertEachSumsToOne(
        ReformerAttention.attend(
            RandomHead.weighing(seed, n, 5), directions(seed, rounds, n), chunk, 0.7));
  }

  @Property
  void oneChunkOfAllGivesSharedAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 0, max = 3) int beyond,
      @ForAll @IntRange(min = 1, max = 4) int rounds) {
    var head = RandomHead.of(seed, n, n, 5);
    Rows.assertClose(
        SharedQkAttention.attend(head, 0.7),
        ReformerAttention.attend(head, directions(seed, rounds, n), n + beyond, 0.7));
  }

  private static double[][][] directions(long seed, int rounds, int count) {
    var directions = new double[rounds][][];
    for (int r = 0; r < rounds; r++) {
      directions[r] = RandomHead.of(seed + r, count, 0, 5).queries();
    }
    return directions;
  }
}
