package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BitMajorityTest {
  private static final int CLUSTERS = 3;

  /** Counters of 16 bits hold 32,767, or lose 32,768. */
  @Test
  void countersAreEmptiedBeforeTheyOverflow() {
    for (int calls = 1; calls <= 4; calls++) {
      int n = calls * BitMajority.MOST;
      var random = new Random(calls);
      var signatures = signatures(random, n);
      var keys = keys(random, n);
      var majority = new BitMajority(CLUSTERS);
      for (int from = 0; from < n; from += BitMajority.MOST) {
        majority.add(signatures, keys, from, BitMajority.MOST);
      }
      check(signatures, keys, majority);
    }
  }

  @Test
  void movingGivesWhatCountingAnewGives() {
    for (int seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      int n = 1 + random.nextInt(500);
      var signatures = signatures(random, n);
      var earlier = keys(random, n);
      var later = keys(random, n);
      var majority = new BitMajority(CLUSTERS);
      majority.add(signatures, earlier, 0, n);
      int moved = 0;
      var positions = new int[n];
      for (int i = 0; i < n; i++) {
        if (HammingAssignment.cluster(earlier[i]) != HammingAssignment.cluster(later[i])) {
          positions[moved++] = i;
        }
      }
      majority.move(signatures, earlier, later, positions, moved);
      check(signatures, later, majority);
    }
  }

  @Test
  void whatIsAbsorbedCountsOnce() {
    var random = new Random(1);
    var signatures = signatures(random, 300);
    var keys = keys(random, 300);
    var majority = new BitMajority(CLUSTERS);
    var other = new BitMajority(CLUSTERS);
    majority.add(signatures, keys, 0, 100);
    other.add(signatures, keys, 100, 200);
    majority.absorb(other);
    majority.absorb(other);
    check(signatures, keys, majority);
    majority.clear();
    assertEquals(0, majority.size(1));
    assertEquals(0, majority.majority(1));
  }

  @Test
  void aClusterIsTouchedByWhoComesAndWhoGoes() {
    var majority = new BitMajority(4);
    majority.add(new long[] {5}, new long[] {1}, 0, 1);
    assertTrue(majority.takeTouched(1));
    assertFalse(majority.takeTouched(1));
    majority.move(new long[] {5}, new long[] {1}, new long[] {3}, new int[] {0}, 1);
    assertTrue(majority.takeTouched(1));
    assertFalse(majority.takeTouched(2));
    assertTrue(majority.takeTouched(3));
  }

  @Test
  void aTieGivesZero() {
    var majority = new BitMajority(1);
    majority.add(new long[] {0b11, 0b01, 1L << 63 | 0b01, 1L << 63}, new long[4], 0, 4);
    assertEquals(0b01, majority.majority(0));
    majority.add(new long[] {1L << 63 | 0b10}, new long[1], 0, 1);
    assertEquals(1L << 63 | 0b01, majority.majority(0));
  }

  private static void check(long[] signatures, long[] keys, BitMajority majority) {
    for (int j = 0; j < CLUSTERS; j++) {
      int size = 0;
      var counts = new int[Long.SIZE];
      for (int i = 0; i < signatures.length; i++) {
        if (HammingAssignment.cluster(keys[i]) == j) {
          size++;
          for (int b = 0; b < Long.SIZE; b++) {
            counts[b] += (int) (signatures[i] >>> b & 1);
          }
        }
      }
      long expected = 0;
      for (int b = 0; b < Long.SIZE; b++) {
        expected |= 2 * counts[b] > size ? 1L << b : 0;
      }
      assertEquals(size, majority.size(j));
      assertEquals(expected, majority.majority(j), "cluster " + j);
    }
  }

  /** Bits 0 and 63 are always set. */
  private static long[] signatures(Random random, int n) {
    return random.longs(n).map(word -> word | 1 | 1L << 63).toArray();
  }

  /** Nearly all in cluster 1. */
  private static long[] keys(Random random, int n) {
    return random.ints(n, 0, 1000).mapToLong(x -> 13L << 16 | (x < 5 ? x % CLUSTERS : 1)).toArray();
  }
}
