package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.clustering.Planes;
import io.github.starling.kernel.HammingAssignment;
import picocli.CommandLine.Option;

/** How clustered attention is to be computed; what is not given has the paper's value. */
final class AttentionOptions {
  private static final int USUAL_BITS = 63;
  private static final int USUAL_TOP_K = 32;

  @Option(
      names = "--clusters",
      paramLabel = "C",
      description = "Clusters of the queries; by default 25 in models, 100 elsewhere.")
  private Integer clusters;

  @Option(
      names = "--bits",
      paramLabel = "B",
      description = "Bits of a query's signature, 1 to 64; by default 63.")
  private Integer bits;

  @Option(
      names = "--iterations",
      paramLabel = "L",
      description = "Iterations of K-means at most; by default ${DEFAULT-VALUE}.",
      defaultValue = "10")
  private Integer iterations;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Keys of each cluster that get exact scores; by default 32.")
  private Integer topK;

  @Option(
      names = "--window",
      paramLabel = "W",
      defaultValue = "8",
      description =
          "Keys up to W / 2 positions away are exact too in refined clustered attention; by default"
              + " ${DEFAULT-VALUE}.")
  private int window;

  @Option(
      names = "--max-error",
      paramLabel = "E",
      description =
          "Relative error of a layer's attention that auto accepts; by default ${DEFAULT-VALUE}.")
  private double maxError = AutomaticAttention.USUAL_ERROR;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of everything random; by default ${DEFAULT-VALUE}.",
      defaultValue = "0")
  private long seed;

  @Option(names = "--no-bias", description = "Hash with planes through the origin.")
  private boolean unbiased;

  /**
   * Returns C.
   *
   * @param usual C if the person gives none, lowered to the number of queries
   * @param queries n
   * @throws IllegalArgumentException if the person's C is out of its range or exceeds n
   */
  int clusters(int usual, int queries) {
    checkRange("--clusters", clusters, HammingAssignment.MAX_CLUSTERS);
    return limited("--clusters", clusters, usual, queries, "queries");
  }

  /**
   * Returns k.
   *
   * @param keys m, to which the usual k is lowered
   * @throws IllegalArgumentException if the person's k is less than 1 or exceeds m
   */
  int topK(int keys) {
    checkRange("--top-k", topK, Integer.MAX_VALUE);
    return limited("--top-k", topK, USUAL_TOP_K, keys, "keys");
  }

  private static int limited(String option, Integer given, int usual, int limit, String what) {
    if (given == null) {
      return Math.max(1, Math.min(usual, limit));
    }
    if (given > limit) {
      throw new IllegalArgumentException(
          "%s %d is more than there are %s: %d".formatted(option, given, what, limit));
    }
    return given;
  }

  /**
   * Returns how to cluster.
   *
   * @param clusters C, as {@link #clusters(int, int)} gives it
   * @param planes of the input, or null
   * @param initial positions of the input, or null
   * @throws IllegalArgumentException if a number is out of its range or contradicts the input
   */
  ClusterOptions clustering(int clusters, Planes planes, int[] initial) {
    checkRange("--bits", bits, Long.SIZE);
    checkRange("--iterations", iterations, Integer.MAX_VALUE);
    if (planes != null && bits != null && bits != planes.bits()) {
      throw new IllegalArgumentException(
          "--bits %d contradicts the input's %d planes".formatted(bits, planes.bits()));
    }
    int b = planes != null ? planes.bits() : bits != null ? bits : USUAL_BITS;
    return new ClusterOptions(clusters, b, iterations, !unbiased, seed, planes, initial);
  }

  /**
   * Returns attention on sequences of any length.
   *
   * @param usualClusters C if the person gives none
   * @throws IllegalArgumentException if a number is out of its range
   */
  Attention attention(AttentionKind kind, int usualClusters) {
    int k = topK(Integer.MAX_VALUE);
    var clustering =
        clustering(clusters(usualClusters, HammingAssignment.MAX_CLUSTERS), null, null);
    return kind.make(clustering, k, window, maxError());
  }

  int window() {
    return window;
  }

  /**
   * Returns the error that automatic attention accepts.
   *
   * @throws IllegalArgumentException if the person's is not positive and finite
   */
  double maxError() {
    checkMaxError(maxError);
    return maxError;
  }

  boolean isUnbiased() {
    return unbiased;
  }

  /**
   * Checks the error that a person accepts.
   *
   * @throws IllegalArgumentException if it is not positive and finite
   */
  static void checkMaxError(double maxError) {
    if (!(maxError > 0 && maxError < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "--max-error must be positive and finite, not " + maxError);
    }
  }

  /**
   * Checks a number that a person gave.
   *
   * @param value null if the person gave none
   * @throws IllegalArgumentException if it is not from 1 to {@code highest}
   */
  static void checkRange(String option, Integer value, int highest) {
    if (value != null && (value < 1 || value > highest)) {
      throw new IllegalArgumentException(
          highest == Integer.MAX_VALUE
              ? option + " must be at least 1, not " + value
              : option + " must be 1 to " + highest + ", not " + value);
    }
  }
}
