package io.github.starling.attention;

import static io.github.starling.attention.ClusteredPhases.Phase.ATTEND;
import static io.github.starling.attention.ClusteredPhases.Phase.AVERAGE;
import static io.github.starling.attention.ClusteredPhases.Phase.CENTER;
import static io.github.starling.attention.ClusteredPhases.Phase.CLUSTER;
import static io.github.starling.attention.ClusteredPhases.Phase.GROUP;
import static io.github.starling.attention.ClusteredPhases.Phase.HASH;
import static io.github.starling.attention.ClusteredPhases.Phase.SELECT;
import static io.github.starling.attention.ClusteredPhases.Phase.SPREAD;

import io.github.starling.clustering.QueryGroups;
import io.github.starling.clustering.SketchKMeans;
import io.github.starling.kernel.CentroidScores;
import io.github.starling.kernel.ClusterMean;
import io.github.starling.kernel.ClusterRadius;
import io.github.starling.kernel.ImportantKeys;
import io.github.starling.kernel.KeyBudget;
import io.github.starling.kernel.KeyTable;
import io.github.starling.kernel.MemberAttention;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.QuerySketch;
import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.Workers;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/**
 * The phases of refined clustered attention over one head, and what is kept of it between them.
 *
 * <pre>
 * center    keys less their mean, values and norms beside  {@link KeyTable}
 * sketch    queries → eight numbers each                   items: blocks of queries
 * cluster   sketches → clusters, sorted by cluster         {@link SketchKMeans}
 * average   members → centroid and radius                  items: clusters
 * attend    centroids × all keys                           items: blocks of centroids
 * select    the exact keys of each cluster                 {@link ImportantKeys}, {@link KeyBudget}
 * attend    what the centroids give to the others          items: blocks of centroids
 * spread    exact keys, window and remainder, one softmax  items: clusters
 * </pre>
 */
final class RefinedHead {
  private static final int SKETCH_BLOCK = 1536;

  /** Rows behind the last that a vector may read. */
  private static final int ROOM = 16;

  private static final int ITERATIONS = 3;

  private final RefinedOptions options;
  private final RefinedIngredient missing;
  private final Workers workers;
  private final ClusteredPhases phases;
  private final KeyTable table;
  private final QuerySketch sketch;
  private final SketchKMeans kMeans;
  private final SignatureClusters signatures;
  private final QueryGroups groups;
  private final double[] radii;
  private final boolean[] finite;
  private final CentroidScores scores;
  private final ImportantKeys[] important;
  private final int reach;
  private final int blockRows;
  private final int[] starts;
  private final Workers.Task sketching = this::sketch;
  private final Workers.Task averaging = this::average;
  private final Workers.Task scoring = this::score;
  private final Workers.Task remaining = this::remain;
  private final Workers.Task spreading = this::spread;
  private float[] sketches = {};
  private int[] order = {};
  private Head head;
  private double factor;
  private List<Scratch> scratch;

  /** What a thread needs meanwhile, for whichever head. */
  record Scratch(
      QuerySketch.Scratch sketch,
      double[] mean,
      float[] row,
      ClusterRadius radius,
      CentroidScores.Scratch scores,
      MemberAttention members) {}

  /**
   * Allocates for heads of given widths.
   *
   * @param missing what to do without, or null
   * @param workers threads that share each head
   */
  RefinedHead(RefinedOptions options, RefinedIngredient missing, int dk, int dv, Workers workers) {
    this.options = options;
    this.missing = missing;
    this.workers = workers;
    int c = options.clusters();
    table = new KeyTable(dk, dv);
    sketch = new QuerySketch(dk);
    kMeans = new SketchKMeans(c, ITERATIONS);
    boolean isSigned = missing == RefinedIngredient.SKETCHES;
    signatures = isSigned ? new SignatureClusters(ClusterOptions.of(c), dk, workers) : null;
    groups = isSigned ? signatures.kMeans() : kMeans;
    radii = new double[c];
    finite = new boolean[c];
    starts = new int[c + 1];
    scores = new CentroidScores(c, dk, dv, options.window() + 3);
    important = new ImportantKeys[c];
    var together = new ImportantKeys(c);
    Arrays.setAll(important, _ -> hasBudget() ? together : new ImportantKeys(c));
    reach = options.window() < 0 ? -1 : options.window() / 2;
    // Whole tiles, so that how many threads there are does not change which rows share one.
    blockRows = RowAttention.padRows(Math.ceilDiv(c, workers.threads()));
    var shape =
        new ClusteredPhases.Shape(
            EnumSet.allOf(ClusteredPhases.Phase.class),
            c,
            0,
            QuerySketch.DIMENSIONS,
            options.exactKeys(),
            Math.max(0, 2 * reach + 1),
            false);
    phases = new ClusteredPhases(shape, workers.threads());
  }

  /** Returns memory for a thread. */
  Scratch scratch(int dk, int dv) {
    boolean isJoint = missing != RefinedIngredient.JOINT_SOFTMAX;
    return new Scratch(
        sketch.scratch(),
        new double[dk],
        new float[dk],
        new ClusterRadius(dk),
        scores.scratch(),
        new MemberAttention(dk, dv, reach, isJoint));
  }

  /**
   * Clusters the queries of a head, and rates all keys for each cluster.
   *
   * @param factor {@link RowAttention#scoreFactor} of the scale
   * @param profile takes the phases, or is null
   * @param scratch of each of the threads
   */
  void score(Head head, double factor, Profile profile, List<Scratch> scratch) {
    this.head = head;
    this.factor = factor;
    this.scratch = scratch;
    int n = head.query().rows();
    if (order.length < n) {
      sketches = new float[Math.multiplyExact(n + ROOM, QuerySketch.stride())];
      order = new int[n];
    }
    phases.start(profile);
    table.load(head.key(), head.value(), missing != RefinedIngredient.CENTRED_KEYS);
    phases.end(CENTER);
    cluster(n);
    groups.group(order, starts);
    phases.end(GROUP);
    workers.forEach(options.clusters(), averaging);
    phases.end(AVERAGE);
    scores.reserve(table.rows());
    workers.forEach(Math.ceilDiv(options.clusters(), blockRows), scoring);
    phases.end(ATTEND);
    if (hasBudget()) {
      rate();
    }
    phases.end(SELECT);
  }

  /** Adds what the rated keys cost to a budget. */
  void addRated(KeyBudget budget) {
    budget.addCounted(important[0], (long) options.exactKeys() * head.query().rows());
  }

  /** Adds what the listed keys cost to a budget. */
  void addListed(KeyBudget budget) {
    budget.addListed(important[0]);
  }

  /** Lists the keys from a rank of the budget on. */
  void list(int rank) {
    phases.resume();
    important[0].list(scores, table, rank);
    phases.end(SELECT);
  }

  /** Takes its part of a budget. */
  void takeFrom(KeyBudget budget) {
    budget.grant(important[0]);
  }

  /**
   * Fills the output of the head.
   *
   * @param scratch of each of the threads
   */
  void attend(List<Scratch> scratch) {
    this.scratch = scratch;
    phases.resume();
    if (hasBudget()) {
      important[0].take(scores);
    } else {
      takeHighest();
    }
    phases.end(SELECT);
    workers.forEach(Math.ceilDiv(options.clusters(), blockRows), remaining);
    phases.end(ATTEND);
    workers.forEach(options.clusters(), spreading);
    phases.end(SPREAD);
    phases.report(head, ITERATIONS);
  }

  /** Returns whether the keys of all clusters have one budget. */
  boolean hasBudget() {
    return missing != RefinedIngredient.IMPORTANCE;
  }

  private void cluster(int n) {
    if (signatures != null) {
      signatures.cluster(head.query(), phases);
      return;
    }
    sketch.prepare(table);
    workers.forEach(Math.ceilDiv(n, SKETCH_BLOCK), sketching);
    phases.end(HASH);
    kMeans.cluster(sketches, n, workers);
    phases.end(CLUSTER);
  }

  private void sketch(int item, int worker) {
    int first = item * SKETCH_BLOCK;
    int count = Math.min(SKETCH_BLOCK, head.query().rows() - first);
    sketch.project(head.query(), first, count, sketches, scratch.get(worker).sketch);
  }

  private void average(int cluster, int worker) {
    var own = scratch.get(worker);
    int from = starts[cluster];
    int to = starts[cluster + 1];
    finite[cluster] = ClusterMean.of(head.query(), order, from, to, own.mean, own.row);
    radii[cluster] = own.radius.of(head.query(), order, from, to, own.mean);
    scores.centroid(cluster, own.mean, own.radius.largest());
  }

  private void score(int block, int worker) {
    int first = block * blockRows;
    scores.score(first, blockCount(first), factor, table, scratch.get(worker).scores);
  }

  private void remain(int block, int worker) {
    int first = block * blockRows;
    scores.remainder(first, blockCount(first), factor, table, scratch.get(worker).scores);
  }

  private int blockCount(int first) {
    return Math.min(blockRows, options.clusters() - first);
  }

  private void rate() {
    for (int c = 0; c < options.clusters(); c++) {
      float weight = (float) (radii[c] / Math.sqrt(scores.total(c)));
      important[0].cluster(c, starts[c + 1] - starts[c], weight);
    }
    important[0].count(scores, table);
  }

  /** Every cluster has a budget of its own, of which a key costs 1. */
  private void takeHighest() {
    table.levelSpreads();
    var own = new KeyBudget();
    for (int c = 0; c < options.clusters(); c++) {
      important[c].cluster(c, Math.min(1, starts[c + 1] - starts[c]), 1 / scores.total(c));
      important[c].count(scores, table);
      own.begin();
      own.addCounted(important[c], options.exactKeys());
      important[c].list(scores, table, own.boundary());
      own.addListed(important[c]);
      own.edge();
      own.grant(important[c]);
      important[c].take(scores);
    }
  }

  private void spread(int cluster, int worker) {
    int from = starts[cluster];
    int to = starts[cluster + 1];
    if (from == to) {
      return;
    }
    boolean samePositions = head.query().rows() == head.key().rows();
    var members = scratch.get(worker).members;
    members.begin(table, scores, important[cluster], samePositions, factor);
    members.attend(head.query(), cluster, order, from, to, finite[cluster], head.output());
  }

  /** Copies what the last call did. */
  RefinedTrace trace() {
    int n = head.query().rows();
    var assignment = new int[n];
    Arrays.setAll(assignment, groups::clusterOf);
    var exact = new int[options.clusters()][];
    Arrays.setAll(exact, c -> important[c].copyKeys(c));
    return new RefinedTrace(
        Arrays.copyOf(sketches, n * QuerySketch.stride()), kMeans.copyCentres(), assignment, exact);
  }
}
