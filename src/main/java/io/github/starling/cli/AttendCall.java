package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ClusteredAttention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.Head;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.attention.OracleTopKAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.kernel.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The attention that {@code attend} computes.
 *
 * @param topK k, where the kind has top keys
 * @param clustering how to cluster, null for kinds that do not
 * @param refined settings of refined clustered attention, null for other kinds
 * @param scale τ
 */
record AttendCall(
    AttentionKind kind, int topK, ClusterOptions clustering, RefinedOptions refined, double scale) {
  /** Returns it with scratch memory of its own, which {@link #attend} uses again and again. */
  Attention attention() {
    return kind.make(clustering, topK, refined);
  }

  /**
   * Fills the output of every head.
   *
   * @param attention {@link #attention}
   * @param trace takes what is done to each cluster, or null
   */
  void attend(Attention attention, List<Head> heads, Workers workers, AttendTrace trace) {
    switch (attention) {
      case ClusteredAttention clustered -> clustered.attend(heads, scale, workers, trace);
      case ImprovedClusteredAttention improved -> improved.attend(heads, scale, workers, trace);
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
      metadata.put("bits", Integer.toString(clustering.bits()));
      metadata.put("iterations", Integer.toString(clustering.iterations()));
      metadata.put("bias", Boolean.toString(clustering.bias()));
      metadata.put("seed", Long.toString(clustering.seed()));
    }
    if (refined != null) {
      metadata.put("clusters", Integer.toString(refined.clusters()));
      metadata.put("exact_keys", Integer.toString(refined.exactKeys()));
      metadata.put("window", Integer.toString(refined.window()));
    }
    return metadata;
  }
}
