package io.github.starling.reference;

import java.util.Arrays;

/**
 * K-means on signatures, with the Hamming distance for distance and the majority for mean.
 *
 * <p>arXiv:2007.04825 §3.2.2: Lloyd's iterations in Hamming space. Cost O(n·c·l), a word operation
 * each.
 */
public final class HammingKMeans {
  private HammingKMeans() {}

  /**
   * Clusters signatures: assign, then update and assign l − 1 times, or until an assignment changes
   * nothing.
   *
   * <p>With n &lt; c signatures only the first n clusters take part; the others stay empty with
   * centroid 0. Fewer distinct signatures than clusters leave clusters empty too. The centroids of
   * the result are those that its assignment was made with.
   *
   * @param signatures shape (n)
   * @param clusters c, at least 1
   * @param initial positions whose signatures are the first centroids, shape (min(c, n)); the
   *     package {@code clustering} draws distinct ones
   * @param iterations l, how many times to assign at most, at least 1
   * @throws IllegalArgumentException if a number is out of its range
   */
  public static Clustering cluster(long[] signatures, int clusters, int[] initial, int iterations) {
    check(signatures.length, clusters, initial, iterations);
    var centroids = new long[initial.length];
    for (int j = 0; j < centroids.length; j++) {
      centroids[j] = signatures[initial[j]];
    }

    int[] assignment = assign(signatures, centroids);
    for (int iteration = 1; iteration < iterations; iteration++) {
      long[] updated = update(signatures, assignment, centroids);
      int[] reassigned = assign(signatures, updated);
      boolean changed = !Arrays.equals(assignment, reassigned);
      centroids = updated;
      assignment = reassigned;
      if (!changed) {
        break;
      }
    }
    return new Clustering(assignment, Arrays.copyOf(centroids, clusters));
  }

  /** Gives each signature the nearest centroid; ties go to the lowest cluster. */
  private static int[] assign(long[] signatures, long[] centroids) {
    var assignment = new int[signatures.length];
    for (int i = 0; i < signatures.length; i++) {
      for (int j = 1; j < centroids.length; j++) {
        if (distance(signatures[i], centroids[j])
            < distance(signatures[i], centroids[assignment[i]])) {
          assignment[i] = j;
        }
      }
    }
    return assignment;
  }

  /** Moves each centroid to the majority of its members, and each empty cluster to a far one. */
  private static long[] update(long[] signatures, int[] assignment, long[] centroids) {
    var updated = new long[centroids.length];
    int[] counts = new Clustering(assignment, centroids).counts();
    int[] farthest = farthestFirst(signatures, assignment, centroids);
    int refilled = 0;
    for (int j = 0; j < updated.length; j++) {
      // there are fewer empty clusters than signatures: one cluster at least has members
      updated[j] =
          counts[j] > 0
              ? majority(signatures, assignment, j, counts[j])
              : signatures[farthest[refilled++]];
    }
    return updated;
  }

  /** Votes on each bit among the members of a cluster; a tie gives 0. */
  private static long majority(long[] signatures, int[] assignment, int cluster, int count) {
    long majority = 0;
    for (int bit = 0; bit < Long.SIZE; bit++) {
      int votes = 0;
      for (int i = 0; i < signatures.length; i++) {
        if (assignment[i] == cluster && (signatures[i] >>> bit & 1) == 1) {
          votes++;
        }
      }
      if (2 * votes > count) {
        majority |= 1L << bit;
      }
    }
    return majority;
  }

  /**
   * Ranks positions by the distance of their signature to the centroid that they were just assigned
   * to, largest first; ties go to the lowest position.
   *
   * <p>The first empty cluster takes the first of the ranking, the second the second, and so on.
   */
  private static int[] farthestFirst(long[] signatures, int[] assignment, long[] centroids) {
    var distances = new double[signatures.length];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = distance(signatures[i], centroids[assignment[i]]);
    }
    return Ranking.highest(distances, Math.max(1, distances.length));
  }

  private static void check(int n, int clusters, int[] initial, int iterations) {
    if (clusters < 1) {
      throw new IllegalArgumentException("there must be at least 1 cluster, not " + clusters);
    }
    if (iterations < 1) {
      throw new IllegalArgumentException("there must be at least 1 iteration, not " + iterations);
    }
    int used = Math.min(clusters, n);
    if (initial.length != used) {
      throw new IllegalArgumentException(
          "%d signatures in %d clusters start from %d positions, not %d"
              .formatted(n, clusters, used, initial.length));
    }
    for (int position : initial) {
      if (position < 0 || position >= n) {
        throw new IllegalArgumentException(
            "initial position %d is not one of %d signatures".formatted(position, n));
      }
    }
  }

  private static int distance(long a, long b) {
    return Long.bitCount(a ^ b);
  }
}
