package io.github.starling.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Clusters are the reference's, bit for bit. */
class HammingKMeansTest {
  private final Workers one = new Workers(1);

  @Test
  void equalsTheReferenceAtRandomSizes() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      int n = random.nextInt(200);
      int clusters = 1 + random.nextInt(random.nextBoolean() ? 5 : 250);
      int iterations = 1 + random.nextInt(12);
      int bits = 1 + random.nextInt(64);
      check(random(seed, n, bits, 1 + random.nextInt(100)), clusters, iterations, one);
    }
  }

  @Test
  void severalChunksVoteTogether() {
    for (int n : new int[] {8191, 8192, 8193, 16385, 20011}) {
      check(random(n, n, 64, n), 5, 4, one);
    }
  }

  @Test
  void threadsChangeNothing() {
    for (int threads : new int[] {2, 7}) {
      try (var workers = new Workers(threads)) {
        check(random(1, 20011, 63, 5000), 6, 4, workers);
        check(random(2, 100, 63, 5), 40, 5, workers);
      }
    }
  }

  /** 16-bit counters hold 32,767 members. */
  @Test
  void aClusterMayHaveMoreMembersThanACounterHolds() {
    int n = 140_000;
    var signatures = new long[n];
    // bit 0: in all; bit 1: in half, a tie; bit 2: in one more than half; bit 63: in all
    for (int i = 0; i < n; i++) {
      signatures[i] = 1L << 63 | 1 | (i % 2) << 1 | (i <= n / 2 ? 4 : 0);
    }
    var kMeans = new HammingKMeans(1, 2);
    kMeans.cluster(signatures, n, new int[] {3}, one);
    assertEquals(1L << 63 | 1 | 4, kMeans.centroid(0));
    check(signatures, 3, 3, one);
  }

  /** Some centroids stay from one iteration to the next, others move, some are refilled. */
  @Test
  void whatIsNotComparedAgainWouldNotHaveChanged() {
    for (int seed = 0; seed < 8; seed++) {
      var random = new Random(seed);
      var signatures = random(seed, 9000 + seed, 63, 50);
      for (int i = 0; i < signatures.length; i++) {
        signatures[i] ^= random.nextLong() & random.nextLong() & random.nextLong();
      }
      for (int iterations : new int[] {2, 3, 5, 8, 20}) {
        check(signatures, 45, iterations, one);
      }
    }
  }

  @Test
  void clustersWithoutDistinctSignaturesStayEmpty() {
    check(random(3, 500, 63, 3), 90, 10, one);
    check(new long[500], 90, 10, one);
    check(random(4, 20, 63, 20), 300, 10, one);
  }

  @Test
  void aSignatureMayBe64BitsAway() {
    var kMeans = new HammingKMeans(2, 2);
    kMeans.cluster(new long[] {0, 0, -1, 0}, 4, new int[] {0, 1}, one);
    assertEquals(0, kMeans.centroid(0));
    assertEquals(-1, kMeans.centroid(1));
    assertEquals(1, kMeans.clusterOf(2));
  }

  @Test
  void noSignaturesMakeNoClusters() {
    check(new long[0], 4, 3, one);
  }

  @Test
  void aSecondCallForgetsTheFirst() {
    var kMeans = new HammingKMeans(9, 6);
    var large = random(5, 9000, 63, 400);
    var small = random(6, 30, 63, 30);
    for (int round = 0; round < 3; round++) {
      check(kMeans, large, 9, 6, one);
      check(kMeans, small, 9, 6, one);
      check(kMeans, new long[2], 9, 6, one);
    }
  }

  @Test
  void groupsKeepTheOrderOfPositions() {
    var signatures = random(7, 1000, 20, 60);
    var kMeans = new HammingKMeans(13, 5);
    kMeans.cluster(signatures, 1000, InitialPositions.draw(13, 1000, 1), one);
    var order = new int[1000];
    var starts = new int[14];
    kMeans.group(order, starts);
    assertEquals(0, starts[0]);
    assertEquals(1000, starts[13]);
    for (int j = 0; j < 13; j++) {
      for (int p = starts[j]; p < starts[j + 1]; p++) {
        assertEquals(j, kMeans.clusterOf(order[p]));
        assertTrue(p == starts[j] || order[p - 1] < order[p], "position " + p);
      }
    }
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertEquals(
        "there must be 1 to 65536 clusters, not 0",
        assertThrows(IllegalArgumentException.class, () -> new HammingKMeans(0, 1)).getMessage());
    assertEquals(
        "there must be 1 to 65536 clusters, not 65537",
        assertThrows(IllegalArgumentException.class, () -> new HammingKMeans(65537, 1))
            .getMessage());
    assertEquals(
        "there must be at least 1 iteration, not 0",
        assertThrows(IllegalArgumentException.class, () -> new HammingKMeans(1, 0)).getMessage());
  }

  private static void check(long[] signatures, int clusters, int iterations, Workers workers) {
    check(new HammingKMeans(clusters, iterations), signatures, clusters, iterations, workers);
  }

  private static void check(
      HammingKMeans kMeans, long[] signatures, int clusters, int iterations, Workers workers) {
    int n = signatures.length;
    var initial = InitialPositions.draw(Math.min(clusters, n), n, 11);
    kMeans.cluster(signatures, n, initial, workers);
    var expected =
        io.github.starling.reference.HammingKMeans.cluster(
            signatures, clusters, initial, iterations);
    var assignment = new int[n];
    var centroids = new long[clusters];
    for (int i = 0; i < n; i++) {
      assignment[i] = kMeans.clusterOf(i);
    }
    for (int j = 0; j < clusters; j++) {
      centroids[j] = kMeans.centroid(j);
    }
    String what = "n %d, C %d, L %d".formatted(n, clusters, iterations);
    assertArrayEquals(expected.assignment(), assignment, what);
    assertArrayEquals(expected.centroidSignatures(), centroids, what);
    var order = new int[n];
    kMeans.group(order, new int[clusters + 1]);
    assertArrayEquals(expected.order(), order, what);
  }

  /** Signatures that repeat a number of distinct ones. */
  private static long[] random(long seed, int n, int bits, int distinct) {
    var random = new Random(seed);
    var words = new long[distinct];
    for (int i = 0; i < distinct; i++) {
      words[i] = random.nextLong() >>> (64 - bits);
    }
    var signatures = new long[n];
    for (int i = 0; i < n; i++) {
      signatures[i] = words[random.nextInt(distinct)];
    }
    return signatures;
  }
}
