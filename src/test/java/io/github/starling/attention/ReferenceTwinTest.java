package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.clustering.InitialPositions;
import io.github.starling.clustering.Planes;
import io.github.starling.kernel.Workers;
import io.github.starling.reference.Clustering;
import io.github.starling.reference.Doubles;
import io.github.starling.reference.HammingKMeans;
import io.github.starling.reference.MatrixProduct;
import io.github.starling.reference.Ranking;
import io.github.starling.reference.Signatures;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Attention of random shapes: signatures, assignments and top keys are the reference's bit for bit,
 * outputs to rounding.
 */
class ReferenceTwinTest {
  /** Random shapes; most are small, so that every tail and every empty cluster comes up. */
  private static final int SHAPES = 1000;

  private final Workers one = new Workers(1);
  private final Workers three = new Workers(3);

  @Test
  void clusteredAndImprovedEqualTheReference() {
    for (int seed = 0; seed < SHAPES; seed++) {
      try (var arena = Arena.ofShared()) {
        checkClustered(seed, arena);
      }
    }
  }

  /** Outputs are wide: of few numbers, plain float32's error is a matter of luck. */
  @Test
  void improvedOnRunsEqualsTheReference() {
    for (int seed = 0; seed < SHAPES / 4; seed++) {
      try (var arena = Arena.ofShared()) {
        var random = new Random(seed);
        int n = 1 + random.nextInt(150);
        int k = 1 + random.nextInt(40);
        int c = 1 + random.nextInt(20);
        var head = new RandomHeads(arena, seed).head(n, 1 + random.nextInt(150), 20, 30);
        double scale = Attention.usualScale(20);
        var traces = new HeadTrace[1];
        new ImprovedClusteredAttention(ClusterOptions.of(c).withRuns(), k)
            .attend(List.of(head), scale, seed % 2 == 0 ? one : three, (h, t) -> traces[h] = t);
        var runs = new int[n];
        Arrays.setAll(runs, i -> i * c / n);
        assertArrayEquals(runs, traces[0].assignment());
        Agreement.assertClose(
            io.github.starling.reference.ImprovedClusteredAttention.attend(
                io.github.starling.reference.Head.of(head.query(), head.key(), head.value()),
                new Clustering(runs, new long[c]),
                k,
                scale),
            head,
            (q, keys, v) -> PlainFloat.improved(q, keys, v, scale, traces[0]),
            "seed %d: %s, %d runs".formatted(seed, head.query().shape(), c));
      }
    }
  }

  @Test
  void oracleTopKEqualsTheReference() {
    for (int seed = 0; seed < SHAPES / 4; seed++) {
      try (var arena = Arena.ofShared()) {
        checkOracle(seed, arena);
      }
    }
  }

  @Test
  void causalLocalAndSharedEqualTheReference() {
    for (int seed = 0; seed < SHAPES / 4; seed++) {
      try (var arena = Arena.ofShared()) {
        var random = new Random(seed);
        int reach = random.nextInt(random.nextBoolean() ? 8 : 120);
        var head = randomSelfHead(random, seed, arena);
        checkMasked(Kind.CAUSAL, head, 1, (i, t) -> t <= i, seed);
        checkMasked(Kind.LOCAL, head, 2 * reach + 1, (i, t) -> Math.abs(i - t) <= reach, seed);
        boolean isAlone = head.query().rows() == 1;
        checkMasked(Kind.SHARED_QK, head, 1, (i, t) -> t != i || isAlone, seed);
      }
    }
  }

  @Test
  void causalImprovedEqualsTheReference() {
    for (int seed = 0; seed < SHAPES / 4; seed++) {
      try (var arena = Arena.ofShared()) {
        var random = new Random(seed);
        var head = randomSelfHead(random, seed, arena);
        int k = 1 + random.nextInt(random.nextBoolean() ? 8 : 70);
        var options = ClusterOptions.of(1 + random.nextInt(20)).withSeed(seed);
        double scale = Attention.usualScale(head.query().columns());
        new CausalImprovedClusteredAttention(options, k)
            .attend(List.of(head), scale, seed % 2 == 0 ? one : three);
        var twin = io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
        var weights =
            io.github.starling.reference.CausalImprovedClusteredAttention.attend(
                weighing(twin), Kind.cluster(head, options), k, scale);
        Agreement.assertClose(
            Kind.CAUSAL_IMPROVED.reference(head, options, k, scale),
            head,
            (q, keys, v) -> PlainFloat.masked(q, keys, v, scale, (i, t) -> weights[i][t] > 0),
            "causal improved, seed %d: %s, k %d".formatted(seed, head.query().shape(), k));
      }
    }
  }

  /** Each key that any round shows counts once, so plain attention to those is the yardstick. */
  @Test
  void reformerEqualsTheReference() {
    for (int seed = 0; seed < SHAPES / 4; seed++) {
      try (var arena = Arena.ofShared()) {
        var random = new Random(seed);
        var options = new ReformerOptions(1 + random.nextInt(5), 1 + random.nextInt(40), seed);
        var head = randomSelfHead(random, seed, arena);
        double scale = Attention.usualScale(head.query().columns());
        new ReformerAttention(options).attend(List.of(head), scale, seed % 2 == 0 ? one : three);
        var twin = io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
        var directions = Kind.directions(head, options);
        var weights =
            io.github.starling.reference.ReformerAttention.attend(
                weighing(twin), directions, options.chunk(), scale);
        Agreement.assertClose(
            io.github.starling.reference.ReformerAttention.attend(
                twin, directions, options.chunk(), scale),
            head,
            (q, keys, v) ->
                PlainFloat.masked(q, PlainFloat.unit(q), v, scale, (i, t) -> weights[i][t] > 0),
            "reformer, seed %d: %s, %s".formatted(seed, head.query().shape(), options));
      }
    }
  }

  /** Makes the values the identity, so that outputs are weights. */
  private static io.github.starling.reference.Head weighing(
      io.github.starling.reference.Head head) {
    int n = head.keys().length;
    var identity = new double[n][n];
    for (int t = 0; t < n; t++) {
      identity[t][t] = 1;
    }
    return new io.github.starling.reference.Head(head.queries(), head.keys(), identity, n);
  }

  private void checkMasked(Kind kind, Head head, int window, PlainFloat.Seen seen, long seed) {
    double scale = Attention.usualScale(head.query().columns());
    kind.create(null, window).attend(List.of(head), scale, seed % 2 == 0 ? one : three);
    Agreement.assertClose(
        kind.reference(head, null, window, scale),
        head,
        (q, keys, v) ->
            PlainFloat.masked(
                q, kind == Kind.SHARED_QK ? PlainFloat.unit(q) : keys, v, scale, seen),
        "%s, seed %d: %s, window %d".formatted(kind, seed, head.query().shape(), window));
  }

  /** Scores are moderate: of few keys, large ones make the yardstick a matter of luck. */
  private static Head randomSelfHead(Random random, long seed, Arena arena) {
    int n = 1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 60);
    int dk = 1 + random.nextInt(random.nextBoolean() ? 20 : 80);
    int dv = 1 + random.nextInt(random.nextBoolean() ? 20 : 80);
    return new RandomHeads(arena, seed).head(n, n, dk, dv);
  }

  private void checkClustered(long seed, Arena arena) {
    var random = new Random(seed);
    int clusters = 1 + random.nextInt(random.nextBoolean() ? 8 : 120);
    int bits = 1 + random.nextInt(64);
    int iterations = 1 + random.nextInt(11);
    int k = 1 + random.nextInt(random.nextBoolean() ? 8 : 70);
    var head = randomHead(random, seed, arena);
    var options =
        new ClusterOptions(clusters, bits, iterations, random.nextBoolean(), seed, null, null);
    double scale = Attention.usualScale(head.query().columns()) * (0.5 + random.nextDouble());
    String what =
        "seed %d: queries %s, keys %s, values %s, C %d, B %d, L %d, k %d"
            .formatted(
                seed,
                head.query().shape(),
                head.key().shape(),
                head.value().shape(),
                clusters,
                bits,
                iterations,
                k);
    var workers = random.nextBoolean() ? one : three;
    var traces = new HeadTrace[1];
    new ImprovedClusteredAttention(options, k)
        .attend(List.of(head), scale, workers, (h, trace) -> traces[h] = trace);
    var trace = traces[0];
    var clustering = checkClustering(head, options, trace, what);

    var reference = io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
    var top =
        io.github.starling.reference.ImprovedClusteredAttention.topKeys(reference, clustering, k);
    for (int j = 0; j < clusters; j++) {
      if (trace.counts()[j] > 0) {
        assertArrayEquals(top[j], trace.topKeys()[j], what + ": top keys of cluster " + j);
      }
    }
    Agreement.assertClose(
        io.github.starling.reference.ImprovedClusteredAttention.attend(
            reference, clustering, k, scale),
        head,
        (q, keys, v) -> PlainFloat.improved(q, keys, v, scale, trace),
        "improved, " + what);

    new ClusteredAttention(options).attend(List.of(head), scale, workers);
    Agreement.assertClose(
        io.github.starling.reference.ClusteredAttention.attend(reference, clustering, scale),
        head,
        (q, keys, v) -> PlainFloat.clustered(q, keys, v, scale, trace),
        "clustered, " + what);
  }

  private static Clustering checkClustering(
      Head head, ClusterOptions options, HeadTrace trace, String what) {
    int n = head.query().rows();
    int dk = head.query().columns();
    var planes = Planes.draw(options.bits(), dk, options.bias(), options.seed());
    var rows = new double[options.bits()][dk + 1];
    for (int b = 0; b < options.bits(); b++) {
      for (int d = 0; d <= dk; d++) {
        rows[b][d] = planes.values()[b * (dk + 1) + d];
      }
    }
    var signatures = Signatures.of(Doubles.of(head.query()), rows);
    assertArrayEquals(signatures, trace.signatures(), what + ": signatures");
    int used = Math.min(options.clusters(), n);
    var clustering =
        HammingKMeans.cluster(
            signatures,
            options.clusters(),
            InitialPositions.draw(used, n, options.seed()),
            options.iterations());
    assertArrayEquals(clustering.assignment(), trace.assignment(), what + ": assignment");
    assertArrayEquals(clustering.counts(), trace.counts(), what + ": counts");
    assertArrayEquals(
        clustering.centroidSignatures(), trace.centroidSignatures(), what + ": centroids");
    return clustering;
  }

  private void checkOracle(long seed, Arena arena) {
    var random = new Random(seed);
    int k = 1 + random.nextInt(40);
    var head = randomHead(random, seed, arena);
    double scale = Attention.usualScale(head.query().columns());
    new OracleTopKAttention(k).attend(List.of(head), scale, random.nextBoolean() ? one : three);
    var reference = io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
    var scores = MatrixProduct.timesTransposed(reference.queries(), reference.keys());
    var top = new int[scores.length][];
    for (int i = 0; i < top.length; i++) {
      top[i] = Ranking.highest(scores[i], k);
    }
    Agreement.assertClose(
        io.github.starling.reference.OracleTopKAttention.attend(reference, k, scale),
        head,
        (q, keys, v) -> PlainFloat.oracle(q, keys, v, scale, top),
        "oracle, seed %d: %s, k %d".formatted(seed, head.query().shape(), k));
  }

  /** A few heads have keys that repeat, so that scores tie. */
  private static Head randomHead(Random random, long seed, Arena arena) {
    int n = 1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 60);
    int m = 1 + random.nextInt(random.nextInt(10) == 0 ? 600 : 150);
    int dk = 1 + random.nextInt(random.nextBoolean() ? 20 : 80);
    int dv = 1 + random.nextInt(random.nextBoolean() ? 20 : 80);
    var head = new RandomHeads(arena, seed).head(n, m, dk, dv, random.nextBoolean() ? 1 : 3);
    if (random.nextInt(5) == 0) {
      for (int t = 0; t < m; t++) {
        for (int d = 0; d < dk; d++) {
          head.key().set(t, d, head.key().get(t % 7 % m, d));
        }
      }
    }
    assertEquals(n, head.query().rows());
    return head;
  }
}
