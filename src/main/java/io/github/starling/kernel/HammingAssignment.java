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
 * lanes  4 vectors of signatures and of their keys, loaded once
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
   * Lowers the key distance · 2^16 + cluster of each signature to that of the nearest of some
   * centroids, where it is lower; ties go to the lowest cluster.
   *
   * @param signatures n words from {@code from}
   * @param centroids the first c count
   * @param clusters which cluster each centroid is of, below {@link #MAX_CLUSTERS}
   * @param keys n words from {@code from}; {@link Long#MAX_VALUE} where no centroid was seen yet
   */
  public static void lower(
      long[] signatures, int from, int n, long[] centroids, int[] clusters, int c, long[] keys) {
    int step = step();
    int i = 0;
    for (; i + step <= n; i += step) {
      lowerFour(signatures, from + i, centroids, clusters, c, keys);
    }
    for (; i < n; i++) {
      keys[from + i] = nearest(signatures[from + i], centroids, clusters, c, keys[from + i]);
    }
  }

  /** Returns how many signatures are compared at once; what a multiple leaves takes longer. */
  public static int step() {
    return 4 * LONGS.length();
  }

  private static void lowerFour(
      long[] signatures, int at, long[] centroids, int[] clusters, int c, long[] keys) {
    int lanes = LONGS.length();
    var s0 = LongVector.fromArray(LONGS, signatures, at);
    var s1 = LongVector.fromArray(LONGS, signatures, at + lanes);
    var s2 = LongVector.fromArray(LONGS, signatures, at + 2 * lanes);
    var s3 = LongVector.fromArray(LONGS, signatures, at + 3 * lanes);
    var best0 = LongVector.fromArray(LONGS, keys, at);
    var best1 = LongVector.fromArray(LONGS, keys, at + lanes);
    var best2 = LongVector.fromArray(LONGS, keys, at + 2 * lanes);
    var best3 = LongVector.fromArray(LONGS, keys, at + 3 * lanes);
    for (int j = 0; j < c; j++) {
      var centroid = LongVector.broadcast(LONGS, centroids[j]);
      long cluster = clusters[j];
      best0 =
          best0.min(
              s0.lanewise(XOR, centroid)
                  .lanewise(BIT_COUNT)
                  .lanewise(LSHL, CLUSTER_BITS)
                  .or(cluster));
      best1 =
          best1.min(
              s1.lanewise(XOR, centroid)
                  .lanewise(BIT_COUNT)
                  .lanewise(LSHL, CLUSTER_BITS)
                  .or(cluster));
      best2 =
          best2.min(
              s2.lanewise(XOR, centroid)
                  .lanewise(BIT_COUNT)
                  .lanewise(LSHL, CLUSTER_BITS)
                  .or(cluster));
      best3 =
          best3.min(
              s3.lanewise(XOR, centroid)
                  .lanewise(BIT_COUNT)
                  .lanewise(LSHL, CLUSTER_BITS)
                  .or(cluster));
    }
    best0.intoArray(keys, at);
    best1.intoArray(keys, at + lanes);
    best2.intoArray(keys, at + 2 * lanes);
    best3.intoArray(keys, at + 3 * lanes);
  }

  /** Returns the cluster that a key names. */
  public static int cluster(long key) {
    return (int) key & CLUSTER_MASK;
  }

  /** Returns the distance that a key holds. */
  public static int distance(long key) {
    return (int) (key >>> CLUSTER_BITS);
  }

  private static long nearest(long signature, long[] centroids, int[] clusters, int c, long best) {
    for (int j = 0; j < c; j++) {
      long distance = Long.bitCount(signature ^ centroids[j]);
      best = Math.min(best, distance << CLUSTER_BITS | clusters[j]);
    }
    return best;
  }
}
