package io.github.starling.attention;

import io.github.starling.clustering.AngularHash;
import io.github.starling.clustering.InitialPositions;
import io.github.starling.clustering.Planes;
import io.github.starling.kernel.Workers;
import io.github.starling.reference.Clustering;
import io.github.starling.reference.Doubles;
import io.github.starling.reference.HammingKMeans;
import io.github.starling.reference.Signatures;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * The kinds of attention, each with its double-precision reference; automatic is exact if short.
 */
enum Kind {
  FULL,
  CLUSTERED,
  IMPROVED,
  REFINED,
  AUTOMATIC,
  ORACLE,
  CAUSAL,
  LOCAL,
  SHARED_QK,
  REFORMER,
  CAUSAL_IMPROVED;

  /** Returns whether a query's own position means something, so that keys are as many. */
  boolean isSelf() {
    return switch (this) {
      case FULL, CLUSTERED, IMPROVED, REFINED, AUTOMATIC, ORACLE -> false;
      case CAUSAL, LOCAL, SHARED_QK, REFORMER, CAUSAL_IMPROVED -> true;
    };
  }

  /** Returns how many keys go with n queries: m, or n where there must be as many. */
  int keys(int n, int m) {
    return isSelf() ? n : m;
  }

  Attention create(ClusterOptions options, int topK) {
    return switch (this) {
      case FULL -> new FullAttention();
      case CLUSTERED -> new ClusteredAttention(options);
      case IMPROVED -> new ImprovedClusteredAttention(options, topK);
      case REFINED -> new RefinedClusteredAttention(refined(options, topK));
      case AUTOMATIC -> new AutomaticAttention(0.15);
      case ORACLE -> new OracleTopKAttention(topK);
      case CAUSAL -> new CausalAttention();
      case LOCAL -> new LocalAttention(topK);
      case SHARED_QK -> new SharedQkAttention();
      case CAUSAL_IMPROVED -> new CausalImprovedClusteredAttention(options, topK);
      case REFORMER -> new ReformerAttention(reformer(topK));
    };
  }

  /** Returns what the reference makes of a head, its clusters included, shape (n, dv). */
  double[][] reference(Head head, ClusterOptions options, int topK, double scale) {
    var twin = io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
    return switch (this) {
      case FULL, AUTOMATIC -> io.github.starling.reference.FullAttention.attend(twin, scale);
      case CLUSTERED ->
          io.github.starling.reference.ClusteredAttention.attend(
              twin, cluster(head, options), scale);
      case IMPROVED ->
          io.github.starling.reference.ImprovedClusteredAttention.attend(
              twin, cluster(head, options), topK, scale);
      case REFINED -> reference(head, refined(options, topK), scale);
      case ORACLE -> io.github.starling.reference.OracleTopKAttention.attend(twin, topK, scale);
      case CAUSAL -> io.github.starling.reference.CausalAttention.attend(twin, scale);
      case LOCAL -> io.github.starling.reference.LocalAttention.attend(twin, topK, scale);
      case SHARED_QK -> io.github.starling.reference.SharedQkAttention.attend(twin, scale);
      case CAUSAL_IMPROVED ->
          io.github.starling.reference.CausalImprovedClusteredAttention.attend(
              twin, cluster(head, options), topK, scale);
      case REFORMER ->
          io.github.starling.reference.ReformerAttention.attend(
              twin, directions(head, reformer(topK)), topK, scale);
    };
  }

  private static RefinedOptions refined(ClusterOptions options, int topK) {
    return new RefinedOptions(options.clusters(), topK, 8);
  }

  /** Takes clusters and exact keys from the fast class: those that all but tie may be others. */
  private static double[][] reference(Head head, RefinedOptions options, double scale) {
    var twin = io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
    int n = head.query().rows();
    int m = head.key().rows();
    if (n <= options.clusters() || m <= options.exactKeys()) {
      return io.github.starling.reference.FullAttention.attend(twin, scale);
    }
    var traces = new RefinedTrace[1];
    try (var arena = Arena.ofConfined()) {
      var output = Matrix.allocate(arena, n, head.value().columns());
      var copy = new Head(head.query(), head.key(), head.value(), output);
      new RefinedClusteredAttention(options).attend(List.of(copy), scale, new Workers(1), traces);
    }
    var clustering = new Clustering(traces[0].assignment(), new long[options.clusters()]);
    return io.github.starling.reference.RefinedClusteredAttention.attend(
        twin, clustering, traces[0].exact(m), options.window(), scale);
  }

  /** Returns the plain float32 result with the clusters and keys of a trace, shape (n, dv). */
  static Agreement.Plain plainImproved(double scale, HeadTrace trace) {
    return (q, k, v) -> PlainFloat.improved(q, k, v, scale, trace);
  }

  private static ReformerOptions reformer(int topK) {
    return new ReformerOptions(3, topK, 11);
  }

  /** Draws what the Reformer hashes a head with, shape (R, h, dk). */
  static double[][][] directions(Head head, ReformerOptions options) {
    int n = head.query().rows();
    int dk = head.query().columns();
    int count = Math.ceilDiv(n, options.chunk());
    var drawn = AngularHash.draw(options.rounds(), count, dk, options.seed());
    var directions = new double[options.rounds()][count][dk];
    for (int r = 0; r < directions.length; r++) {
      for (int i = 0; i < count * dk; i++) {
        directions[r][i / dk][i % dk] = drawn[r][i];
      }
    }
    return directions;
  }

  /** Clusters the queries of a head with random planes and positions, as the fast classes do. */
  static Clustering cluster(Head head, ClusterOptions options) {
    int n = head.query().rows();
    int dk = head.query().columns();
    var planes = Planes.draw(options.bits(), dk, options.bias(), options.seed());
    var rows = new double[options.bits()][dk + 1];
    for (int b = 0; b < options.bits(); b++) {
      for (int d = 0; d <= dk; d++) {
        rows[b][d] = planes.values()[b * (dk + 1) + d];
      }
    }
    return HammingKMeans.cluster(
        Signatures.of(Doubles.of(head.query()), rows),
        options.clusters(),
        InitialPositions.draw(Math.min(options.clusters(), n), n, options.seed()),
        options.iterations());
  }
}
