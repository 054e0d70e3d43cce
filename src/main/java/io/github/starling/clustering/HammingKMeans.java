package io.github.starling.clustering;

import io.github.starling.kernel.BitMajority;
import io.github.starling.kernel.HammingAssignment;
import io.github.starling.kernel.Workers;
import java.util.Arrays;

/**
 * Lloyd's iterations over signatures, with the Hamming distance and the majority of each bit.
 *
 * <p>arXiv:2007.04825 §3.2.2; O(n·c) words an iteration at most. Centroids of bits settle soon, so
 * after the first iteration a signature whose own centroid stayed is compared with those that did
 * not, and majorities are counted anew for what moved only; the result is the same. Keeps its
 * arrays between calls. Empty clusters take the signatures that are farthest from their own
 * centroids, in that order, ties to the lowest position.
 */
public final class HammingKMeans extends QueryGroups {
  /** Signatures of a parallel item. */
  private static final int CHUNK = 2048;

  private final int clusters;
  private final int iterations;
  private final long[] centroids;
  private final int[] everyCluster;
  private final long[] changedCentroids;
  private final int[] changedClusters;
  private final int[] hasChanged; // 1 or 0
  private final BitMajority majority;
  private Scratch[] scratch = {};
  private long[] keys = {};
  private long[] earlierKeys = {};
  private boolean[] moves = {};
  private final int[] atDistance = new int[Long.SIZE + 1];
  private final Workers.Task assigning = this::assign;
  private final Workers.Task reassigning = this::reassign;
  private long[] signatures;
  private int n;
  private int used;
  private int changed;
  private int assignments;

  /** What one thread needs for a chunk. */
  private static final class Scratch {
    final int[] positions = new int[CHUNK];
    final long[] signatures = new long[CHUNK];
    final long[] keys = new long[CHUNK];
    final BitMajority majority;

    Scratch(int clusters) {
      majority = new BitMajority(clusters);
    }
  }

  /**
   * Allocates for a number of clusters.
   *
   * @param clusters c, 1 to 65,536
   * @param iterations l, how many times to assign at most, ≥ 1
   * @throws IllegalArgumentException if a number is out of its range
   */
  public HammingKMeans(int clusters, int iterations) {
    super(checked(clusters));
    if (iterations < 1) {
      throw new IllegalArgumentException("there must be at least 1 iteration, not " + iterations);
    }
    this.clusters = clusters;
    this.iterations = iterations;
    centroids = new long[clusters];
    everyCluster = new int[clusters];
    Arrays.setAll(everyCluster, j -> j);
    changedCentroids = new long[clusters];
    changedClusters = new int[clusters];
    hasChanged = new int[clusters];
    majority = new BitMajority(clusters);
  }

  private static int checked(int clusters) {
    if (clusters < 1 || clusters > HammingAssignment.MAX_CLUSTERS) {
      throw new IllegalArgumentException(
          "there must be 1 to %d clusters, not %d"
              .formatted(HammingAssignment.MAX_CLUSTERS, clusters));
    }
    return clusters;
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
    majority.clear();
    for (var own : scratch) {
      own.majority.clear(); // what moved in the last iteration of another call
    }
    assignments = 0;
    if (n == 0) {
      return;
    }
    int chunks = Math.ceilDiv(n, CHUNK);
    workers.forEach(chunks, assigning);
    assignments = 1;
    for (int iteration = 1; iteration < iterations; iteration++) {
      update();
      var swapped = earlierKeys;
      earlierKeys = keys;
      keys = swapped;
      workers.forEach(chunks, reassigning);
      assignments++;
      if (!anyMove(chunks)) {
        break;
      }
    }
  }

  private void reserve(int threads) {
    if (keys.length < n) {
      keys = new long[n];
      earlierKeys = new long[n];
      moves = new boolean[Math.ceilDiv(n, CHUNK)];
    }
    if (scratch.length < threads) {
      scratch = new Scratch[threads];
      Arrays.setAll(scratch, t -> new Scratch(clusters));
    }
  }

  private void assign(int chunk, int worker) {
    int from = chunk * CHUNK;
    int count = Math.min(CHUNK, n - from);
    compareWithAll(signatures, from, count, keys);
    scratch[worker].majority.add(signatures, keys, from, count);
  }

  private void compareWithAll(long[] signatures, int from, int count, long[] keys) {
    Arrays.fill(keys, from, from + count, Long.MAX_VALUE);
    HammingAssignment.lower(signatures, from, count, centroids, everyCluster, used, keys);
  }

  private void reassign(int chunk, int worker) {
    int from = chunk * CHUNK;
    int count = Math.min(CHUNK, n - from);
    var own = scratch[worker];
    int stale = findStale(from, count, own.positions);
    if ((long) count * changed + (long) stale * used >= (long) count * used) {
      compareWithAll(signatures, from, count, keys);
    } else {
      System.arraycopy(earlierKeys, from, keys, from, count);
      HammingAssignment.lower(
          signatures, from, count, changedCentroids, changedClusters, changed, keys);
      compareStale(stale, own);
    }
    int moved = findMoved(from, count, own.positions);
    own.majority.move(signatures, earlierKeys, keys, own.positions, moved);
    moves[chunk] = moved > 0;
  }

  /** Lists the signatures whose own centroid changed: their keys say nothing any more. */
  private int findStale(int from, int count, int[] positions) {
    int found = 0;
    for (int i = from; i < from + count; i++) {
      positions[found] = i;
      found += hasChanged[HammingAssignment.cluster(earlierKeys[i])];
    }
    return found;
  }

  private int findMoved(int from, int count, int[] positions) {
    int found = 0;
    for (int i = from; i < from + count; i++) {
      positions[found] = i;
      found += HammingAssignment.cluster(earlierKeys[i] ^ keys[i]) == 0 ? 0 : 1;
    }
    return found;
  }

  private void compareStale(int stale, Scratch own) {
    for (int i = 0; i < stale; i++) {
      own.signatures[i] = signatures[own.positions[i]];
    }
    // What fills up the last step was there before and is thrown away.
    int padded = Math.ceilDiv(stale, HammingAssignment.step()) * HammingAssignment.step();
    compareWithAll(own.signatures, 0, padded, own.keys);
    for (int i = 0; i < stale; i++) {
      keys[own.positions[i]] = own.keys[i];
    }
  }

  private boolean anyMove(int chunks) {
    for (int i = 0; i < chunks; i++) {
      if (moves[i]) {
        return true;
      }
    }
    return false;
  }

  private void update() {
    // Integers: the sum over threads does not depend on which thread counted what.
    for (var own : scratch) {
      majority.absorb(own.majority);
    }
    Arrays.fill(hasChanged, 0);
    int empty = 0;
    for (int j = 0; j < used; j++) {
      if (majority.size(j) == 0) {
        empty++;
      } else if (majority.takeTouched(j)) {
        change(j, majority.majority(j));
      }
    }
    if (empty > 0) {
      refill(empty);
    }
    changed = 0;
    for (int j = 0; j < used; j++) {
      if (hasChanged[j] != 0) {
        changedCentroids[changed] = centroids[j];
        changedClusters[changed++] = j;
      }
    }
  }

  private void change(int cluster, long centroid) {
    hasChanged[cluster] = centroids[cluster] == centroid ? 0 : 1;
    centroids[cluster] = centroid;
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
          change(cluster, signatures[i]);
          here--;
          left--;
        }
      }
    }
  }

  private int nextEmpty(int after) {
    int j = after + 1;
    while (majority.size(j) > 0) {
      j++;
    }
    return j;
  }

  /** Returns how many times the last call assigned: fewer than l if it settled before. */
  public int assignments() {
    return assignments;
  }

  @Override
  int queries() {
    return n;
  }

  @Override
  public int clusterOf(int query) {
    return HammingAssignment.cluster(keys[query]);
  }

  /** Returns the signature of a cluster's centroid, 0 if the cluster took no part. */
  public long centroid(int cluster) {
    return centroids[cluster];
  }
}
