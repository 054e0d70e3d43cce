package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;
import io.github.starling.attention.AutomaticChoice;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ClusteredAttention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.Head;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.attention.OracleTopKAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.kernel.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The attention that {@code attend} computes.
 *
 * @param topK k, where the kind has top keys
 * @param clustering how to cluster, null for kinds that do not
 * @param window w, where the kind has one
 * @param automatic what automatic attention is told
 * @param scale τ
 */
record AttendCall(
    AttentionKind kind,
    int topK,
    ClusterOptions clustering,
    int window,
    Automatic automatic,
    double scale) {
  /**
   * What automatic attention is told.
   *
   * @param maxError that is accepted
   * @param heads of a sequence
   */
  record Automatic(double maxError, int heads) {}

  /**
   * Returns it with scratch memory of its own, which {@link #attend} uses again and again.
   *
   * @param listener told what automatic attention chooses for each sequence
   */
  Attention attention(Consumer<AutomaticChoice> listener) {
    return kind == AttentionKind.AUTO
        ? new AutomaticAttention(automatic.maxError, listener)
        : kind.make(clustering, topK, window, automatic.maxError);
  }

  /**
   * Fills the output of every head.
   *
   * @param attention what {@link #attention} gave
   * @param trace takes what is done to each cluster, or null
   */
  void attend(Attention attention, List<Head> heads, Workers workers, AttendTrace trace) {
    switch (attention) {
      case ClusteredAttention clustered -> clustered.attend(heads, scale, workers, trace);
      case ImprovedClusteredAttention improved -> improved.attend(heads, scale, workers, trace);
      case AutomaticAttention choosing ->
          choosing.attendEach(heads, automatic.heads, scale, workers);
      case FullAttention _, RefinedClusteredAttention _, OracleTopKAttention _ ->
          attention.attend(heads, scale, workers);
    }
  }

  /** Returns what the output says of how it was made. */
  Map<String, String> metadata() {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("starling", Version.number());
    metadata.put("attention", kind.toString());
    metadata.put("scale", Double.toString(scale));
    if (kind.hasTopKeys()) {
      metadata.put("top_k", Integer.toString(topK));
    }
    if (clustering != null) {
      metadata.put("clusters", Integer.toString(clustering.clusters()));
    }
    if (kind == AttentionKind.REFINED_CLUSTERED) {
      metadata.put("window", Integer.toString(window));
    }
    if (kind == AttentionKind.AUTO) {
      metadata.put("max_error", Double.toString(automatic.maxError));
    }
    if (kind.isHashed()) {
      metadata.put("bits", Integer.toString(clustering.bits()));
      metadata.put("iterations", Integer.toString(clustering.iterations()));
      metadata.put("bias", Boolean.toString(clustering.bias()));
      metadata.put("seed", Long.toString(clustering.seed()));
    }
    return metadata;
  }
}
