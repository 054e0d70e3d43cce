package io.github.starling.attention;

import static io.github.starling.attention.ClusteredPhases.Phase.ATTEND;
import static io.github.starling.attention.ClusteredPhases.Phase.AVERAGE;
import static io.github.starling.attention.ClusteredPhases.Phase.CLUSTER;
import static io.github.starling.attention.ClusteredPhases.Phase.GROUP;
import static io.github.starling.attention.ClusteredPhases.Phase.HASH;
import static io.github.starling.attention.ClusteredPhases.Phase.SPREAD;

import io.github.starling.clustering.HammingKMeans;
import io.github.starling.clustering.PositionRuns;
import io.github.starling.kernel.ClusterMean;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.TopAttention;
import io.github.starling.kernel.TopKeys;
import io.github.starling.kernel.Workers;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * The phases of clustered attention over one head, and the memory they share.
 *
 * <pre>
 * hash      queries → signatures                      {@link SignatureClusters}
 * cluster   signatures → clusters, sorted by cluster  the same, or neither of these two but
 *                                                     {@link PositionRuns}
 * average   members → centroids                       items: clusters
 * attend    centroids × all keys, top keys beside     items: blocks of centroids
 * spread    to the members                            items: clusters
 * </pre>
 */
final class ClusteredHead {
  private static final Set<ClusteredPhases.Phase> ON_RUNS =
      EnumSet.of(GROUP, AVERAGE, ATTEND, SPREAD);
  private static final Set<ClusteredPhases.Phase> PHASES =
      EnumSet.of(HASH, CLUSTER, GROUP, AVERAGE, ATTEND, SPREAD);

  private final ClusterOptions options;
  private final int topK;
  private final boolean isCausal;
  private final int dk;
  private final int dv;
  private final Workers workers;
  private final ClusteredPhases phases;
  private final SignatureClusters signatures;
  private final HammingKMeans kMeans;
  private final PositionRuns runs;
  private final double[] centroids;
  private final double[][] means;
  private final float[][] rows;
  private final boolean[] finite;
  private final float[] masses;
  private final RowAttention[] centroidBlocks;
  private final TopKeys[] tops;
  private final TopAttention[] members;
  private final CausalMembers[] causalMembers;
  private final TopKeys.ExactScores[] exactScores;
  private final int blockRows;
  private final Workers.Task averaging = this::average;
  private final Workers.Task attending = this::attendBlock;
  private final Workers.Task spreading = this::spread;
  private final int[] starts;
  private int[] order = {};
  private Head head;
  private double factor;

  /**
   * Allocates for heads of given widths.
   *
   * @param workers threads that share each head
   */
  ClusteredHead(ClusteredSettings settings, int dk, int dv, Workers workers) {
    options = settings.options();
    topK = settings.topK();
    isCausal = settings.isCausal();
    this.dk = dk;
    this.dv = dv;
    this.workers = workers;
    signatures = new SignatureClusters(options, dk, workers);
    kMeans = signatures.kMeans();
    int c = options.clusters();
    var shape =
        new ClusteredPhases.Shape(
            options.onRuns() ? ON_RUNS : PHASES, c, signatures.bits(), 0, topK, 0, isCausal);
    phases = new ClusteredPhases(shape, workers.threads());
    runs = options.onRuns() ? new PositionRuns(c) : null;
    centroids = new double[c * dk];
    finite = new boolean[c];
    masses = new float[c];
    starts = new int[c + 1];
    int threads = workers.threads();
    means = new double[threads][dk];
    rows = new float[threads][dk];
    // Whole tiles, so that how many threads there are does not change which rows share one.
    blockRows = RowAttention.padRows(Math.ceilDiv(c, threads));
    int blocks = Math.ceilDiv(c, blockRows);
    centroidBlocks = new RowAttention[blocks];
    tops = new TopKeys[blocks];
    exactScores = new TopKeys.ExactScores[blocks];
    for (int b = 0; b < blocks; b++) {
      int first = b * blockRows;
      centroidBlocks[b] = new RowAttention(blockRows, dk, dv);
      exactScores[b] = (row, key) -> exactScore(first + row, key);
    }
    members = new TopAttention[threads];
    causalMembers = new CausalMembers[threads];
  }

  /**
   * Fills the output of a head.
   *
   * @param head with queries and keys
   * @param factor {@link RowAttention#scoreFactor} of the scale
   * @param profile takes the phases, or is null
   */
  void attend(Head head, double factor, Profile profile) {
    this.head = head;
    this.factor = factor;
    int n = head.query().rows();
    if (order.length < n) {
      order = new int[n];
    }
    phases.start(profile);
    group(n);
    phases.end(GROUP);
    workers.forEach(options.clusters(), averaging);
    phases.end(AVERAGE);
    reserveTop(Math.min(topK, head.key().rows()));
    workers.forEach(centroidBlocks.length, attending);
    phases.end(ATTEND);
    workers.forEach(options.clusters(), spreading);
    phases.end(SPREAD);
    phases.report(head, runs == null ? kMeans.assignments() : 0);
  }

  private void group(int n) {
    if (runs != null) {
      runs.cluster(n);
      runs.group(order, starts);
      return;
    }
    signatures.cluster(head.query(), phases);
    kMeans.group(order, starts);
  }

  private void reserveTop(int k) {
    if (k == 0 || tops[0] != null && tops[0].k() == k) {
      return;
    }
    for (int b = 0; b < tops.length; b++) {
      tops[b] = new TopKeys(blockRows, k);
    }
    for (int t = 0; t < members.length; t++) {
      if (isCausal) {
        causalMembers[t] = new CausalMembers(k, dk, dv);
      } else {
        members[t] = new TopAttention(k, dk, dv);
      }
    }
  }

  private void average(int cluster, int worker) {
    var mean = means[worker];
    finite[cluster] =
        ClusterMean.of(
            head.query(), order, starts[cluster], starts[cluster + 1], mean, rows[worker]);
    System.arraycopy(mean, 0, centroids, cluster * dk, dk);
  }

  private void attendBlock(int block, int worker) {
    int first = block * blockRows;
    int count = Math.min(blockRows, options.clusters() - first);
    var rows = centroidBlocks[block];
    var top = topK == 0 ? null : tops[block];
    rows.begin(centroids, first, count, factor);
    for (int r = 0; top != null && r < count; r++) {
      if (size(first + r) == 0) {
        top.ignore(r); // its centroid is zeros: every key would tie
      } else {
        top.reset(r);
      }
    }
    if (isCausal) {
      rows.select(head.key(), top, exactScores[block]);
    } else {
      rows.attend(head.key(), head.value(), top, exactScores[block]);
    }
    for (int r = 0; r < count; r++) {
      if (top == null) {
        rows.normalize(r);
      } else {
        top.finish(r, exactScores[block]);
      }
    }
  }

  private double exactScore(int cluster, int key) {
    double sum = 0;
    for (int d = 0; d < dk; d++) {
      sum += centroids[cluster * dk + d] * head.key().get(key, d);
    }
    return sum;
  }

  private void spread(int cluster, int worker) {
    if (size(cluster) == 0) {
      return;
    }
    int from = starts[cluster];
    int to = starts[cluster + 1];
    int block = cluster / blockRows;
    int row = cluster % blockRows;
    if (isCausal) {
      causalMembers[worker].attend(head, tops[block], row, order, from, to, factor);
      return;
    }
    if (topK > 0) {
      members[worker].gather(head.key(), head.value(), centroidBlocks[block], tops[block], row);
      members[worker].attend(head.query(), order, from, to, factor, head.output());
      masses[cluster] = members[worker].mass();
      return;
    }
    for (int p = from; p < to; p++) {
      if (finite[cluster] || ClusterMean.isFinite(head.query(), order[p])) {
        centroidBlocks[block].store(row, head.output(), order[p]);
      } else {
        fillRow(order[p], Float.NaN);
      }
    }
  }

  private void fillRow(int row, float value) {
    for (int d = 0; d < dv; d++) {
      head.output().set(row, d, value);
    }
  }

  private int size(int cluster) {
    return starts[cluster + 1] - starts[cluster];
  }

  /** Copies what the last call did. */
  HeadTrace trace() {
    int c = options.clusters();
    int n = head.query().rows();
    var trace =
        new HeadTrace(
            signatures.copy(n),
            new int[n],
            new int[c],
            new long[c],
            new float[c][dk],
            new float[c][dv],
            topK == 0 ? null : new int[c][],
            topK == 0 ? null : new float[c]);
    Arrays.setAll(trace.assignment(), runs == null ? kMeans::clusterOf : runs::clusterOf);
    Arrays.setAll(trace.counts(), this::size);
    Arrays.setAll(trace.centroidSignatures(), j -> runs == null ? kMeans.centroid(j) : 0);
    for (int j = 0; j < c; j++) {
      traceCluster(j, trace);
    }
    return trace;
  }

  private void traceCluster(int cluster, HeadTrace trace) {
    if (topK > 0) {
      trace.topKeys()[cluster] = new int[Math.min(topK, head.key().rows())];
      Arrays.fill(trace.topKeys()[cluster], -1);
    }
    if (size(cluster) == 0) {
      return;
    }
    int block = cluster / blockRows;
    int row = cluster % blockRows;
    for (int d = 0; d < dk; d++) {
      trace.centroids()[cluster][d] = (float) centroids[cluster * dk + d];
    }
    if (topK > 0) {
      centroidBlocks[block].normalize(row);
      trace.topMass()[cluster] = masses[cluster];
      tops[block].copySorted(row, exactScores[block], trace.topKeys()[cluster]);
    }
    centroidBlocks[block].copyOutput(row, trace.centroidOutput()[cluster]);
  }
}
