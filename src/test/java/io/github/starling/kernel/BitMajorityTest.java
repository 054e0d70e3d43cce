package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BitMajorityTest {
  /** Counters of 16 bits hold 32,767. */
  @Test
  void countersAreEmptiedBeforeTheyOverflow() {
    for (int n : new int[] {1, 32_767, 32_768, 65_535, 65_537, 100_000}) {
      var random = new Random(n);
      var signatures = new long[n + 2];
      var keys = new long[n + 2];
      var counts = new int[3 * 64];
      var sizes = new int[3];
      counts[5] = 7; // what was there stays
      var expected = counts.clone();
      var expectedSizes = new int[3];
      for (int i = 2; i < n + 2; i++) {
        // Nearly all in cluster 1, with bits 0 and 63 always set.
        int cluster = random.nextInt(1000) == 0 ? 2 : 1;
        signatures[i] = random.nextLong() | 1 | 1L << 63;
        keys[i] = 13L << 16 | cluster;
        expectedSizes[cluster]++;
        for (int b = 0; b < 64; b++) {
          expected[cluster * 64 + b] += (int) (signatures[i] >>> b & 1);
        }
      }
      BitMajority.count(signatures, keys, 2, n, counts, sizes, new short[3 * 64]);
      assertArrayEquals(expected, counts, "n " + n);
      assertArrayEquals(expectedSizes, sizes, "n " + n);
    }
  }

  @Test
  void aTieGivesZero() {
    var counts = new int[130];
    counts[66] = 5;
    counts[67] = 6;
    counts[129] = 10;
    assertEquals(1L << 1 | 1L << 63, BitMajority.majority(counts, 66, 10));
    assertEquals(1L | 1L << 1 | 1L << 63, BitMajority.majority(counts, 66, 9));
  }
}
