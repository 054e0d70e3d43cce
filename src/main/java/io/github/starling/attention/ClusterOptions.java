package io.github.starling.attention;

import io.github.starling.clustering.Planes;

/**
 * How queries are clustered.
 *
 * @param clusters C, 1 to 65,536
 * @param bits B of a signature, 1 to 64
 * @param iterations L of K-means, ≥ 1
 * @param bias whether planes have a random threshold
 * @param seed of planes and first centroids
 * @param planes to use instead of random ones, or null
 * @param initial positions to use for the first centroids instead of random ones, or null
 * @param onRuns whether clusters are runs of consecutive positions, {@link
 *     io.github.starling.clustering.PositionRuns}, and the rest is of no matter
 */
public record ClusterOptions(
    int clusters,
    int bits,
    int iterations,
    boolean bias,
    long seed,
    Planes planes,
    int[] initial,
    boolean onRuns) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public ClusterOptions {
    if (bits < 1 || bits > Long.SIZE) {
      throw new IllegalArgumentException("a signature has 1 to 64 bits, not " + bits);
    }
    if (initial != null && initial.length != clusters) {
      throw new IllegalArgumentException(
          "%d clusters cannot start from %d positions".formatted(clusters, initial.length));
    }
  }

  /** Options whose clusters come from signatures. */
  public ClusterOptions(
      int clusters,
      int bits,
      int iterations,
      boolean bias,
      long seed,
      Planes planes,
      int[] initial) {
    this(clusters, bits, iterations, bias, seed, planes, initial, false);
  }

  /** The paper's settings for a number of clusters: 63 bits, 10 iterations, with thresholds. */
  public static ClusterOptions of(int clusters) {
    return new ClusterOptions(clusters, 63, 10, true, 0, null, null);
  }

  /** Returns these options with another seed. */
  public ClusterOptions withSeed(long other) {
    return new ClusterOptions(clusters, bits, iterations, bias, other, planes, initial, onRuns);
  }

  /** Returns these options with runs of consecutive positions as clusters. */
  public ClusterOptions withRuns() {
    return new ClusterOptions(clusters, bits, iterations, bias, seed, planes, initial, true);
  }
}
