package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.attention.ReformerOptions;
import io.github.starling.evaluation.Evaluation;
import io.github.starling.evaluation.Variant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which kinds of attention an evaluation compares with exact attention.
 *
 * @param kinds what a person asks for
 * @param clusters numbers of clusters, null for what is usual for a task
 * @param topK keys of each cluster that get exact scores
 * @param exactKeys that a query of refined clustered attention has, which its name tells then; null
 *     for what is usual for a task and a number of clusters
 * @param maxError that automatic attention accepts
 * @param seeds of each kind that is random
 * @param onRuns whether the paper's kinds have runs of consecutive positions as clusters, which
 *     their names tell then
 */
record EvaluatedAttentions(
    List<AttentionKind> kinds,
    List<Integer> clusters,
    int topK,
    Integer exactKeys,
    double maxError,
    int seeds,
    boolean onRuns) {
  private static final List<Integer> TEXT_CLUSTERS = List.of(10, 25, 50, 100);

  /** A clip of 25 seconds has twice as many frames as a long text has tokens. */
  private static final List<Integer> SPEECH_CLUSTERS = List.of(25, 50, 100, 200);

  /** Exact keys of refined clustered attention, and two more for every cluster. */
  private static final int EXACT_KEYS = 64;

  private static final int TEXT_WINDOW = 8;

  /** Speech rotates queries and keys by their position, so that neighbours matter more. */
  private static final int SPEECH_WINDOW = 16;

  /** Returns exact attention, then every other kind of a task. */
  List<Variant> variants(TaskKind task) {
    var variants = new ArrayList<Variant>();
    variants.add(new Variant(Evaluation.EXACT, 0, 0, new FullAttention()));
    for (int seed = 0; seed < seeds; seed++) { // outermost: all kinds have as many when interrupted
      for (var kind : kinds) {
        for (int c : kind.hasClusters() ? clusters(task) : List.of(0)) {
          if (kind != AttentionKind.FULL && (seed == 0 || isRandom(kind))) {
            variants.add(variant(task, kind, c, seed));
          }
        }
      }
    }
    return variants;
  }

  private List<Integer> clusters(TaskKind task) {
    return clusters != null ? clusters : task == TaskKind.ASR ? SPEECH_CLUSTERS : TEXT_CLUSTERS;
  }

  /** Returns the paper's attention whose heads are looked at one by one. */
  Variant headVariant(TaskKind task) {
    var kind = AttentionKind.IMPROVED_CLUSTERED;
    return new EvaluatedAttentions(List.of(kind), null, topK, null, maxError, 1, false)
        .variant(task, kind, TextComparison.USUAL_CLUSTERS, 0);
  }

  private boolean isOnRuns(AttentionKind kind) {
    return onRuns && kind.isHashed();
  }

  private boolean hasExactKeys(AttentionKind kind) {
    return exactKeys != null && kind == AttentionKind.REFINED_CLUSTERED;
  }

  private boolean isRandom(AttentionKind kind) {
    return kind.isRandom() && !isOnRuns(kind);
  }

  private Variant variant(TaskKind task, AttentionKind kind, int c, long seed) {
    String settings = isOnRuns(kind) ? "-runs" : hasExactKeys(kind) ? "-" + exactKeys : "";
    return new Variant(kind + settings, c, seed, attention(task, kind, Math.max(1, c), seed));
  }

  private Attention attention(TaskKind task, AttentionKind kind, int c, long seed) {
    var clustering = ClusterOptions.of(c).withSeed(seed);
    var refined = refined(task, c);
    if (hasExactKeys(kind)) {
      refined = new RefinedOptions(c, exactKeys, refined.window());
    }
    var usual = ReformerOptions.USUAL;
    return kind.make(
        new AttentionKind.Settings(
            onRuns ? clustering.withRuns() : clustering,
            topK,
            refined,
            new ReformerOptions(usual.rounds(), usual.chunk(), seed),
            AttentionOptions.USUAL_WINDOW,
            maxError));
  }

  /** Returns the settings of refined clustered attention with a number of clusters. */
  static RefinedOptions refined(TaskKind task, int c) {
    return task == TaskKind.ASR
        ? new RefinedOptions(c, c <= 30 ? 48 : 112, SPEECH_WINDOW)
        : new RefinedOptions(c, EXACT_KEYS + 2 * c, TEXT_WINDOW);
  }
}
