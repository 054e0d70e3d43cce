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
import io.github.starling.kernel.KeyTable;
import io.github.starling.kernel.MemberAttention;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.QuerySketch;
import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.Workers;
import java.util.Arrays;
import java.util.EnumSet;

/**
 * The phases of refined clustered attention over one head, and the memory they share.
 *
 * <pre>
 * center    keys less their mean, values and norms beside  {@link KeyTable}
 * sketch    queries → eight numbers each                   items: blocks of queries
 * cluster   sketches → clusters, sorted by cluster         {@link SketchKMeans}
 * average   members → centroid and radius                  items: clusters
 * attend    centroids × all keys                           items: blocks of centroids
 * select    the exact keys of each cluster                 {@link ImportantKeys}
 * attend    what the centroids give to the others          items: blocks of centroids
 * spread    exact keys, window and remainder, one softmax  items: clusters
 * </pre>
 */
final class RefinedHead implements HeadAttention {
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
  private final QuerySketch.Scratch[] sketchScratch;
  private final SketchKMeans kMeans;
  private final SignatureClusters signatures;
  private final QueryGroups groups;
  private final double[][] means;
  private final float[][] rows;
  private final ClusterRadius[] radiusOf;
  private final double[] radii;
  private final boolean[] finite;
  private final CentroidScores scores;
  private final CentroidScores.Scratch[] scoreScratch;
  private final ImportantKeys[] important;
  private final MemberAttention[] members;
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
    int threads = workers.threads();
    table = new KeyTable(dk, dv);
    sketch = new QuerySketch(dk);
    sketchScratch = new QuerySketch.Scratch[threads];
    Arrays.setAll(sketchScratch, _ -> sketch.scratch());
    kMeans = new SketchKMeans(c, ITERATIONS);
    boolean isSigned = missing == RefinedIngredient.SKETCHES;
    signatures = isSigned ? new SignatureClusters(ClusterOptions.of(c), dk, workers) : null;
    groups = isSigned ? signatures.kMeans() : kMeans;
    means = new double[threads][dk];
    rows = new float[threads][dk];
    radii = new double[c];
    finite = new boolean[c];
    radiusOf = new ClusterRadius[threads];
    Arrays.setAll(radiusOf, _ -> new ClusterRadius(dk));
    starts = new int[c + 1];
    scores = new CentroidScores(c, dk, dv, options.window() + 3);
    scoreScratch = new CentroidScores.Scratch[threads];
    Arrays.setAll(scoreScratch, _ -> scores.scratch());
    important = new ImportantKeys[c];
    var shared = new ImportantKeys(c);
    boolean isBudgetShared = missing != RefinedIngredient.IMPORTANCE;
    Arrays.setAll(important, _ -> isBudgetShared ? shared : new ImportantKeys(c));
    members = new MemberAttention[threads];
    int reach = options.window() < 0 ? -1 : options.window() / 2;
    boolean isJoint = missing != RefinedIngredient.JOINT_SOFTMAX;
    Arrays.setAll(members, _ -> new MemberAttention(dk, dv, reach, isJoint));
    // Whole tiles, so that how many threads there are does not change which rows share one.
    blockRows = RowAttention.padRows(Math.ceilDiv(c, threads));
    var shape =
        new ClusteredPhases.Shape(
            EnumSet.allOf(ClusteredPhases.Phase.class),
            c,
            0,
            QuerySketch.DIMENSIONS,
            options.exactKeys(),
            Math.max(0, 2 * reach + 1),
            false);
    phases = new ClusteredPhases(shape, threads);
  }

  @Override
  public void attend(Head head, double factor, Profile profile) {
    this.head = head;
    this.factor = factor;
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
    int blocks = Math.ceilDiv(options.clusters(), blockRows);
    workers.forEach(blocks, scoring);
    phases.end(ATTEND);
    select(n);
    phases.end(SELECT);
    workers.forEach(blocks, remaining);
    phases.end(ATTEND);
    workers.forEach(options.clusters(), spreading);
    phases.end(SPREAD);
    phases.report(head, ITERATIONS);
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
    sketch.project(head.query(), first, count, sketches, sketchScratch[worker]);
  }

  private void average(int cluster, int worker) {
    var mean = means[worker];
    int from = starts[cluster];
    int to = starts[cluster + 1];
    finite[cluster] = ClusterMean.of(head.query(), order, from, to, mean, rows[worker]);
    radii[cluster] = radiusOf[worker].of(head.query(), order, from, to, mean);
    scores.centroid(cluster, mean, radiusOf[worker].largest());
  }

  private void score(int block, int worker) {
    int first = block * blockRows;
    scores.score(first, blockCount(first), factor, table, scoreScratch[worker]);
  }

  private void remain(int block, int worker) {
    int first = block * blockRows;
    scores.remainder(first, blockCount(first), factor, table, scoreScratch[worker]);
  }

  private int blockCount(int first) {
    return Math.min(blockRows, options.clusters() - first);
  }

  private void select(int n) {
    if (missing == RefinedIngredient.IMPORTANCE) {
      selectHighest();
      return;
    }
    for (int c = 0; c < options.clusters(); c++) {
      float weight = (float) (factor * radii[c] / scores.total(c));
      important[c].cluster(c, starts[c + 1] - starts[c], weight);
    }
    important[0].choose(scores, table, (long) options.exactKeys() * n);
  }

  /** Every cluster has its own choice, in which a key costs 1. */
  private void selectHighest() {
    table.levelSpreads();
    for (int c = 0; c < options.clusters(); c++) {
      important[c].cluster(c, Math.min(1, starts[c + 1] - starts[c]), 1 / scores.total(c));
      important[c].choose(scores, table, options.exactKeys());
    }
  }

  private void spread(int cluster, int worker) {
    int from = starts[cluster];
    int to = starts[cluster + 1];
    if (from == to) {
      return;
    }
    boolean samePositions = head.query().rows() == head.key().rows();
    members[worker].begin(table, scores, important[cluster], samePositions, factor);
    members[worker].attend(head.query(), cluster, order, from, to, finite[cluster], head.output());
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
