package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;
import io.github.starling.attention.CausalImprovedClusteredAttention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ClusteredAttention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.attention.LocalAttention;
import io.github.starling.attention.OracleTopKAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.attention.ReformerAttention;
import io.github.starling.attention.ReformerOptions;
import io.github.starling.attention.SharedQkAttention;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The kinds of attention that a person may name. */
enum AttentionKind {
  FULL("full"),
  CLUSTERED("clustered"),
  IMPROVED_CLUSTERED("improved-clustered"),
  CAUSAL_IMPROVED_CLUSTERED("causal-improved-clustered"),
  REFINED_CLUSTERED("refined-clustered"),
  AUTO("auto"),
  ORACLE_TOP_K("oracle-top-k"),
  LOCAL("local"),
  SHARED_QK("shared-qk"),
  REFORMER("reformer");

  private final String label;

  AttentionKind(String label) {
    this.label = label;
  }

  /** The name as a person writes it. */
  @Override
  public String toString() {
    return label;
  }

  /** Returns whether it can hand out what was done to each cluster. */
  boolean isTraced() {
    return this == CLUSTERED || this == IMPROVED_CLUSTERED;
  }

  boolean hasClusters() {
    return isHashed() || this == REFINED_CLUSTERED;
  }

  /** Returns whether clusters come from random planes. */
  boolean isHashed() {
    return isTraced() || this == CAUSAL_IMPROVED_CLUSTERED;
  }

  boolean hasTopKeys() {
    return isHashed() ? this != CLUSTERED : this == ORACLE_TOP_K;
  }

  boolean hasWindow() {
    return this == LOCAL;
  }

  /** Returns whether the outcome depends on a seed. */
  boolean isRandom() {
    return isHashed() || this == REFORMER;
  }

  /**
   * What the kinds of attention are told; each takes what it needs.
   *
   * @param clustering how queries are clustered
   * @param topK keys with exact scores, of each cluster or query
   * @param refined of refined clustered attention
   * @param reformer how LSH attention hashes and cuts
   * @param window keys around a query that local attention attends to
   * @param maxError that automatic attention accepts
   */
  record Settings(
      ClusterOptions clustering,
      int topK,
      RefinedOptions refined,
      ReformerOptions reformer,
      int window,
      double maxError) {}

  /** Makes the attention. */
  Attention make(Settings settings) {
    return switch (this) {
      case FULL -> new FullAttention();
      case CLUSTERED -> new ClusteredAttention(settings.clustering);
      case IMPROVED_CLUSTERED -> new ImprovedClusteredAttention(settings.clustering, settings.topK);
      case CAUSAL_IMPROVED_CLUSTERED ->
          new CausalImprovedClusteredAttention(settings.clustering, settings.topK);
      case REFINED_CLUSTERED -> new RefinedClusteredAttention(settings.refined);
      case AUTO -> new AutomaticAttention(settings.maxError);
      case ORACLE_TOP_K -> new OracleTopKAttention(settings.topK);
      case LOCAL -> new LocalAttention(settings.window);
      case SHARED_QK -> new SharedQkAttention();
      case REFORMER -> new ReformerAttention(settings.reformer);
    };
  }

  /** Reads the name that a person wrote. */
  static final class Converter implements ITypeConverter<AttentionKind> {
    @Override
    public AttentionKind convert(String name) {
      for (var kind : values()) {
        if (kind.label.equals(name)) {
          return kind;
        }
      }
      throw new TypeConversionException(
          Arrays.stream(values()).map(AttentionKind::toString).collect(Collectors.joining(", "))
              + " are the names, not "
              + name);
    }
  }
}
