package io.github.starling.attention;

import io.github.starling.bench.Agreement;
import io.github.starling.clustering.AngularHash;
import io.github.starling.clustering.InitialPositions;
import io.github.starling.clustering.Planes;
import io.github.starling.kernel.Workers;
import io.github.starling.reference.Clustering;
import io.github.starling.reference.Doubles;
import io.github.starling.reference.HammingKMeans;
import io.github.starling.reference.Signatures;
import java.util.List;

/** Holds attention by clusters to its twin of the reference, over the first tokens of a head. */
final class TwinAgreement {
  /** Tokens, from the start. */
  private static final int CHECKED = 1024;

  private static final double BOUND = 1e-5;

  private TwinAgreement() {}

  /** Views the first tokens of a head. */
  static Head start(Head head, int n) {
    int count = Math.min(n, head.query().rows());
    return new Head(
        head.query().rows(0, count),
        head.key().rows(0, count),
        head.value().rows(0, count),
        head.output().rows(0, count));
  }

  private static io.github.starling.reference.Head twin(Head head) {
    return io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
  }

  /** Computes a head in double precision. */
  @FunctionalInterface
  interface Twin {
    double[][] attend(Head head, io.github.starling.reference.Head twin);
  }

  /** Checks any kind of attention. */
  static void check(
      String what, Attention attention, Head whole, Twin twin, double scale, Workers workers) {
    var head = start(whole, CHECKED);
    attention.attend(List.of(head), scale, workers);
    Agreement.check(what, Agreement.error(head.output(), twin.attend(head, twin(head))), BOUND);
  }

  /** Checks improved clustered attention. */
  static void checkImproved(
      Head whole, ClusterOptions options, int topK, double scale, Workers workers) {
    check(
        "improved clustered attention",
        new ImprovedClusteredAttention(options, topK),
        whole,
        (head, twin) ->
            io.github.starling.reference.ImprovedClusteredAttention.attend(
                twin, cluster(head, options), topK, scale),
        scale,
        workers);
  }

  /** Clusters the queries of a head as the paper's kinds do. */
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

  /** Draws what the Reformer hashes a head with, shape (R, h, dk). */
  static double[][][] directions(Head head, ReformerOptions options) {
    int dk = head.query().columns();
    int count = Math.ceilDiv(head.query().rows(), options.chunk());
    var drawn = AngularHash.draw(options.rounds(), count, dk, options.seed());
    var directions = new double[options.rounds()][count][dk];
    for (int r = 0; r < directions.length; r++) {
      for (int i = 0; i < count * dk; i++) {
        directions[r][i / dk][i % dk] = drawn[r][i];
      }
    }
    return directions;
  }

  /**
   * Checks refined clustered attention by the clusters and exact keys that it has chosen: a choice
   * is as good as another one that rounding would have made.
   */
  static void checkRefined(Head whole, RefinedOptions options, double scale, Workers workers) {
    var head = start(whole, CHECKED);
    var traces = new RefinedTrace[1];
    new RefinedClusteredAttention(options).attend(List.of(head), scale, workers, traces);
    var clustering = new Clustering(traces[0].assignment(), new long[options.clusters()]);
    var expected =
        io.github.starling.reference.RefinedClusteredAttention.attend(
            twin(head), clustering, traces[0].exact(head.key().rows()), options.window(), scale);
    Agreement.check("refined clustered attention", Agreement.error(head.output(), expected), BOUND);
  }
}
