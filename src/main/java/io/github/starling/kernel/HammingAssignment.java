package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.LONGS;
import static jdk.incubator.vector.VectorOperators.BIT_COUNT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;

/**
 * Assigns each signature to the centroid at the smallest Hamming distance.
 *
 * <pre>
 * lanes  4 vectors of signatures, loaded once
 * loop   centroids: broadcast, xor, popcount
 * keep   distance · 2^16 + cluster: one signed minimum settles the distance, and ties by cluster
 * bound  5 vector operations a vector of distances
 * </pre>
 */
public final class HammingAssignment {
  /** Bits of a key below the distance. */
  private static final int CLUSTER_BITS = 16;

  /** The most centroids that a key can name. */
  public static final int MAX_CLUSTERS = 1 << CLUSTER_BITS;

  private static final int CLUSTER_MASK = MAX_CLUSTERS - 1;

  private HammingAssignment() {}

  /**
   * Writes the key distance · 2^16 + cluster of each signature; ties go to the lowest cluster.
   *
   * @param signatures n words from {@code from}
   * @param centroids the first c count, 1 ≤ c ≤ 65,536
   * @param keys out, n words from {@code from}
   */
  public static void assign(
      long[] signatures, int from, int n, long[] centroids, int c, long[] keys) {
    assert c >= 1 && c <= MAX_CLUSTERS;
    int step = 4 * LONGS.length();
    int i = 0;
    for (; i + step <= n; i += step) {
      assignFour(signatures, from + i, centroids, c, keys);
    }
    for (; i < n; i++) {
      keys[from + i] = nearest(signatures[from + i], centroids, c);
    }
  }

  private static void assignFour(long[] signatures, int at, long[] centroids, int c, long[] keys) {
    int lanes = LONGS.length();
    var s0 = LongVector.fromArray(LONGS, signatures, at);
    var s1 = LongVector.fromArray(LONGS, signatures, at + lanes);
    var s2 = LongVector.fromArray(LONGS, signatures, at + 2 * lanes);
    var s3 = LongVector.fromArray(LONGS, signatures, at + 3 * lanes);
    var best0 = LongVector.broadcast(LONGS, Long.MAX_VALUE);
    var best1 = best0;
    var best2 = best0;
    var best3 = best0;
    for (int j = 0; j < c; j++) {
      var centroid = LongVector.broadcast(LONGS, centroids[j]);
      best0 =
          best0.min(
              s0.lanewise(XOR, centroid).lanewise(BIT_COUNT).lanewise(LSHL, CLUSTER_BITS).or(j));
      best1 =
          best1.min(
              s1.lanewise(XOR, centroid).lanewise(BIT_COUNT).lanewise(LSHL, CLUSTER_BITS).or(j));
      best2 =
          best2.min(
              s2.lanewise(XOR, centroid).lanewise(BIT_COUNT).lanewise(LSHL, CLUSTER_BITS).or(j));
      best3 =
          best3.min(
              s3.lanewise(XOR, centroid).lanewise(BIT_COUNT).lanewise(LSHL, CLUSTER_BITS).or(j));
    }
    best0.intoArray(keys, at);
    best1.intoArray(keys, at + lanes);
    best2.intoArray(keys, at + 2 * lanes);
    best3.intoArray(keys, at + 3 * lanes);
  }

  /** Returns whether any of n keys from {@code from} on names another cluster; a plain loop. */
  public static boolean differ(long[] keys, long[] others, int from, int n) {
    long difference = 0;
    for (int i = from; i < from + n; i++) {
      difference |= keys[i] ^ others[i];
    }
    return (difference & CLUSTER_MASK) != 0;
  }

  /** Returns the cluster that a key names. */
  public static int cluster(long key) {
    return (int) key & CLUSTER_MASK;
  }

  /** Returns the distance that a key holds. */
  public static int distance(long key) {
    return (int) (key >>> CLUSTER_BITS);
  }

  private static long nearest(long signature, long[] centroids, int c) {
    long best = Long.MAX_VALUE;
    for (int j = 0; j < c; j++) {
      long distance = Long.bitCount(signature ^ centroids[j]);
      best = Math.min(best, distance << CLUSTER_BITS | j);
    }
    return best;
  }
}
