package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;
import io.github.starling.attention.AutomaticChoice;
import io.github.starling.attention.CausalAttention;
import io.github.starling.attention.ClusteredAttention;
import io.github.starling.attention.Head;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.kernel.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The attention that {@code attend} computes.
 *
 * @param settings of the kind; null for clustering where it does not cluster
 * @param causal whether no query sees later keys
 * @param heads of a sequence, which may share something
 * @param scale τ
 */
record AttendCall(
    AttentionKind kind, AttentionKind.Settings settings, boolean causal, int heads, double scale) {
  /**
   * Returns it with scratch memory of its own, which {@link #attend} uses again and again.
   *
   * @param listener told what automatic attention chooses for each sequence
   */
  Attention attention(Consumer<AutomaticChoice> listener) {
    if (kind == AttentionKind.AUTO) {
      return new AutomaticAttention(settings.maxError(), listener);
    }
    return causal ? new CausalAttention() : kind.make(settings);
  }

  /**
   * Fills the output of every head.
   *
   * @param attention what {@link #attention} gave
   * @param trace takes what is done to each cluster, or null
   */
  void attend(Attention attention, List<Head> called, Workers workers, AttendTrace trace) {
    switch (attention) {
      case ClusteredAttention clustered -> clustered.attend(called, scale, workers, trace);
      case ImprovedClusteredAttention improved -> improved.attend(called, scale, workers, trace);
      default -> attention.attendEach(called, heads, scale, workers);
    }
  }

  /** Returns what the output says of how it was made. */
  Map<String, String> metadata() {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("starling", Version.number());
    metadata.put("attention", kind.toString());
    metadata.put("scale", Double.toString(scale));
    if (causal) {
      metadata.put("causal", "true");
    }
    if (kind.hasTopKeys()) {
      metadata.put("top_k", Integer.toString(settings.topK()));
    }
    if (kind.hasWindow()) {
      metadata.put("window", Integer.toString(settings.window()));
    }
    if (kind == AttentionKind.REFORMER) {
      metadata.put("rounds", Integer.toString(settings.reformer().rounds()));
      metadata.put("chunk", Integer.toString(settings.reformer().chunk()));
      metadata.put("seed", Long.toString(settings.reformer().seed()));
    }
    if (kind == AttentionKind.AUTO) {
      metadata.put("max_error", Double.toString(settings.maxError()));
    }
    if (kind.isHashed()) {
      var clustering = settings.clustering();
      metadata.put("clusters", Integer.toString(clustering.clusters()));
      metadata.put("bits", Integer.toString(clustering.bits()));
      metadata.put("iterations", Integer.toString(clustering.iterations()));
      metadata.put("bias", Boolean.toString(clustering.bias()));
      metadata.put("seed", Long.toString(clustering.seed()));
    }
    if (kind == AttentionKind.REFINED_CLUSTERED) {
      var refined = settings.refined();
      metadata.put("clusters", Integer.toString(refined.clusters()));
      metadata.put("exact_keys", Integer.toString(refined.exactKeys()));
      metadata.put("window", Integer.toString(refined.window()));
    }
    return metadata;
  }
}
