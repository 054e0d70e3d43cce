package io.github.starling.clustering;

import io.github.starling.kernel.BitMajority;
import io.github.starling.kernel.HammingAssignment;
import io.github.starling.kernel.Workers;
import java.util.Arrays;

/**
 * Lloyd's iterations over signatures, with the Hamming distance and the majority of each bit.
 *
 * <p>arXiv:2007.04825 §3.2.2; O(n·c) words an iteration. Keeps its arrays between calls. Empty
 * clusters take the signatures that are farthest from their own centroids, in that order, ties to
 * the lowest position.
 */
public final class HammingKMeans {
  /** Signatures of a parallel item. */
  private static final int CHUNK = 8192;

  private final int clusters;
  private final int iterations;
  private final long[] centroids;
  private final int[] sizes;
  private int[][] threadCounts = {};
  private int[][] threadSizes = {};
  private short[][] threadCounters = {};
  private long[] keys = {};
  private long[] earlierKeys = {};
  private boolean[] changes = {};
  private final int[] atDistance = new int[Long.SIZE + 1];
  private final Workers.Task assigning = this::assign;
  private final Workers.Task counting = this::count;
  private long[] signatures;
  private int n;
  private int used;
  private int assignments;

  /**
   * Allocates for a number of clusters.
   *
   * @param clusters c, 1 to 65,536
   * @param iterations l, how many times to assign at most, ≥ 1
   * @throws IllegalArgumentException if a number is out of its range
   */
  public HammingKMeans(int clusters, int iterations) {
    if (clusters < 1 || clusters > HammingAssignment.MAX_CLUSTERS) {
      throw new IllegalArgumentException(
          "there must be 1 to %d clusters, not %d"
              .formatted(HammingAssignment.MAX_CLUSTERS, clusters));
    }
    if (iterations < 1) {
      throw new IllegalArgumentException("there must be at least 1 iteration, not " + iterations);
    }
    this.clusters = clusters;
    this.iterations = iterations;
    centroids = new long[clusters];
    sizes = new int[clusters];
  }

  /**
   * Clusters signatures; min(c, n) clusters take part.
   *
   * @param signatures the first n words count
   * @param n number of signatures
   * @param initial positions of the first centroids, at least min(c, n) of them
   * @param workers threads to share the work
   */
  public void cluster(long[] signatures, int n, int[] initial, Workers workers) {
    this.signatures = signatures;
    this.n = n;
    used = Math.min(clusters, n);
    reserve(workers.threads());
    Arrays.fill(centroids, 0);
    for (int j = 0; j < used; j++) {
      centroids[j] = signatures[initial[j]];
    }
    assignments = 0;
    if (n == 0) {
      return;
    }
    int chunks = Math.ceilDiv(n, CHUNK);
    workers.forEach(chunks, assigning);
    assignments = 1;
    for (int iteration = 1; iteration < iterations; iteration++) {
      update(chunks, workers);
      var swapped = earlierKeys;
      earlierKeys = keys;
      keys = swapped;
      workers.forEach(chunks, assigning);
      assignments++;
      if (!anyChange(chunks)) {
        break;
      }
    }
  }

  private void reserve(int threads) {
    if (keys.length < n) {
      keys = new long[n];
      earlierKeys = new long[n];
      changes = new boolean[Math.ceilDiv(n, CHUNK)];
    }
    if (threadCounts.length < threads) {
      threadCounts = new int[threads][clusters * Long.SIZE];
      threadSizes = new int[threads][clusters];
      threadCounters = new short[threads][clusters * Long.SIZE];
    }
  }

  private void assign(int chunk, int worker) {
    int from = chunk * CHUNK;
    int count = Math.min(CHUNK, n - from);
    HammingAssignment.assign(signatures, from, count, centroids, used, keys);
    changes[chunk] = HammingAssignment.differ(keys, earlierKeys, from, count);
  }

  private boolean anyChange(int chunks) {
    for (int i = 0; i < chunks; i++) {
      if (changes[i]) {
        return true;
      }
    }
    return false;
  }

  private void update(int chunks, Workers workers) {
    for (int t = 0; t < threadCounts.length; t++) {
      Arrays.fill(threadCounts[t], 0);
      Arrays.fill(threadSizes[t], 0);
    }
    workers.forEach(chunks, counting);
    // Integers: the sum over threads does not depend on which thread counted what.
    for (int t = 1; t < threadCounts.length; t++) {
      for (int i = 0; i < used * Long.SIZE; i++) {
        threadCounts[0][i] += threadCounts[t][i];
      }
      for (int j = 0; j < used; j++) {
        threadSizes[0][j] += threadSizes[t][j];
      }
    }
    int empty = 0;
    for (int j = 0; j < used; j++) {
      int size = threadSizes[0][j];
      if (size == 0) {
        empty++;
      } else {
        centroids[j] = BitMajority.majority(threadCounts[0], j * Long.SIZE, size);
      }
    }
    if (empty > 0) {
      refill(empty);
    }
  }

  private void count(int chunk, int worker) {
    int from = chunk * CHUNK;
    int count = Math.min(CHUNK, n - from);
    BitMajority.count(
        signatures,
        keys,
        from,
        count,
        threadCounts[worker],
        threadSizes[worker],
        threadCounters[worker]);
  }

  /** Walks the distances from the largest down, and at each the positions up. */
  private void refill(int empty) {
    Arrays.fill(atDistance, 0);
    for (int i = 0; i < n; i++) {
      atDistance[HammingAssignment.distance(keys[i])]++;
    }
    int cluster = -1;
    int left = empty;
    for (int distance = Long.SIZE; distance >= 0 && left > 0; distance--) {
      int here = atDistance[distance];
      for (int i = 0; here > 0 && left > 0; i++) {
        if (HammingAssignment.distance(keys[i]) == distance) {
          cluster = nextEmpty(cluster);
          centroids[cluster] = signatures[i];
          here--;
          left--;
        }
      }
    }
  }

  private int nextEmpty(int after) {
    int j = after + 1;
    while (threadSizes[0][j] > 0) {
      j++;
    }
    return j;
  }

  /**
   * Groups the queries by cluster: a stable counting sort.
   *
   * @param order out, the n positions sorted by cluster, then position
   * @param starts out, shape (c + 1): cluster j has order[starts[j]] .. order[starts[j + 1] − 1]
   */
  public void group(int[] order, int[] starts) {
    Arrays.fill(sizes, 0);
    for (int i = 0; i < n; i++) {
      sizes[clusterOf(i)]++;
    }
    starts[0] = 0;
    for (int j = 0; j < clusters; j++) {
      starts[j + 1] = starts[j] + sizes[j];
      sizes[j] = starts[j];
    }
    for (int i = 0; i < n; i++) {
      order[sizes[clusterOf(i)]++] = i;
    }
  }

  /** Returns how many times the last call assigned: fewer than l if it settled before. */
  public int assignments() {
    return assignments;
  }

  /** Returns the cluster of a query. */
  public int clusterOf(int query) {
    return HammingAssignment.cluster(keys[query]);
  }

  /** Returns the signature of a cluster's centroid, 0 if the cluster took no part. */
  public long centroid(int cluster) {
    return centroids[cluster];
  }
}
