package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.attention.ReformerOptions;
import io.github.starling.clustering.Planes;
import io.github.starling.kernel.HammingAssignment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How clustered attention is to be computed; what is not given has the paper's value. */
final class AttentionOptions {
  private static final int USUAL_BITS = 63;
  private static final int USUAL_TOP_K = 32;

  /** Of local attention. */
  static final int USUAL_WINDOW = 128;

  @Option(
      names = "--clusters",
      paramLabel = "C",
      description =
          "Clusters of the queries; by default 25 in models, 100 elsewhere, and for refined"
              + " clustered attention what suits the length.")
  private Integer clusters;

  /** How clusters come about. */
  enum Clustering {
    /** K-means on signatures. */
    HAMMING,
    /** Runs of consecutive positions. */
    RUNS;

    /**
     * Checks that it is of use.
     *
     * @param kinds of attention that a person asks for
     * @throws ParameterException if none of them can have such clusters
     */
    void check(List<AttentionKind> kinds, CommandSpec command) {
      if (this == RUNS && kinds.stream().noneMatch(AttentionKind::isHashed)) {
        throw new ParameterException(
            command.commandLine(),
            "--clustering runs is for %s, not for %s"
                .formatted(
                    names(Arrays.stream(AttentionKind.values()).filter(AttentionKind::isHashed)),
                    names(kinds.stream())));
      }
    }

    private static String names(Stream<AttentionKind> kinds) {
      return kinds.map(AttentionKind::toString).collect(Collectors.joining(", "));
    }
  }

  @Option(
      names = "--clustering",
      paramLabel = "HOW",
      description =
          "hamming: K-means on signatures, the default; or runs: consecutive positions. For the"
              + " paper's kinds.")
  private Clustering clustering = Clustering.HAMMING;

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
      description =
          "Keys of each cluster that get exact scores; by default 32. For refined clustered"
              + " attention, those of each query on average; by default what suits the length.")
  private Integer topK;

  @Option(
      names = "--window",
      paramLabel = "W",
      description =
          "local: keys at most W / 2 away count, by default 128; refined-clustered: these are exact"
              + " too, by default 8.")
  private Integer window;

  @Option(
      names = "--rounds",
      paramLabel = "R",
      description = "reformer: rounds of hashing; by default 4.")
  private Integer rounds;

  @Option(
      names = "--chunk",
      paramLabel = "C",
      description = "reformer: positions of a chunk; by default 32.")
  private Integer chunk;

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

  /** Returns w of local attention: by default a quarter of what BERT reads. */
  int window() {
    return window == null ? USUAL_WINDOW : window;
  }

  /**
   * Returns how LSH attention hashes and cuts.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  ReformerOptions reformer() {
    checkRange("--rounds", rounds, Integer.MAX_VALUE);
    checkRange("--chunk", chunk, ReformerOptions.MAX_CHUNK);
    var usual = ReformerOptions.USUAL;
    return new ReformerOptions(
        rounds == null ? usual.rounds() : rounds, chunk == null ? usual.chunk() : chunk, seed);
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

  /** Returns how clusters come about. */
  Clustering clustering() {
    return clustering;
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
    var options = new ClusterOptions(clusters, b, iterations, !unbiased, seed, planes, initial);
    return clustering == Clustering.RUNS ? options.withRuns() : options;
  }

  /**
   * Returns attention on sequences of any length.
   *
   * @param usualClusters C if the person gives none
   * @param usual of refined clustered attention
   * @throws IllegalArgumentException if a number is out of its range
   */
  Attention attention(AttentionKind kind, int usualClusters, RefinedOptions usual) {
    int k = topK(Integer.MAX_VALUE);
    var clustering =
        clustering(clusters(usualClusters, HammingAssignment.MAX_CLUSTERS), null, null);
    var refined = refined(usual, Integer.MAX_VALUE, Integer.MAX_VALUE);
    return kind.make(
        new AttentionKind.Settings(clustering, k, refined, reformer(), window(), maxError()));
  }

  /**
   * Returns the settings of refined clustered attention.
   *
   * @param usual what the person did not give
   * @param queries n, which the person's number of clusters may not exceed
   * @param keys m, which the person's number of exact keys may not exceed
   * @throws IllegalArgumentException if a number is out of its range
   */
  RefinedOptions refined(RefinedOptions usual, int queries, int keys) {
    checkRange("--clusters", clusters, HammingAssignment.MAX_CLUSTERS);
    checkRange("--top-k", topK, Integer.MAX_VALUE);
    return new RefinedOptions(
        limited("--clusters", clusters, usual.clusters(), queries, "queries"),
        limited("--top-k", topK, usual.exactKeys(), keys, "keys"),
        window == null ? usual.window() : window);
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
