package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ClusteredAttention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.attention.OracleTopKAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedOptions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The kinds of attention that a person may name. */
enum AttentionKind {
  FULL("full"),
  CLUSTERED("clustered"),
  IMPROVED_CLUSTERED("improved-clustered"),
  REFINED_CLUSTERED("refined-clustered"),
  AUTO("auto"),
  ORACLE_TOP_K("oracle-top-k");

  private static final List<String> PLANNED =
      List.of("causal-improved-clustered", "reformer", "shared-qk");

  private final String label;

  AttentionKind(String label) {
    this.label = label;
  }

  /** The name as a person writes it. */
  @Override
  public String toString() {
    return label;
  }

  boolean hasClusters() {
    return isHashed() || this == REFINED_CLUSTERED;
  }

  /** Tells whether clusters come from random planes, and may be traced. */
  boolean isHashed() {
    return this == CLUSTERED || this == IMPROVED_CLUSTERED;
  }

  boolean hasTopKeys() {
    return this == IMPROVED_CLUSTERED || this == REFINED_CLUSTERED || this == ORACLE_TOP_K;
  }

  /**
   * Makes the attention.
   *
   * @param clustering how queries are clustered, if they are
   * @param topK keys with exact scores, of each cluster or query, if there are such
   * @param window w of refined clustered attention
   * @param maxError that automatic attention accepts
   */
  Attention make(ClusterOptions clustering, int topK, int window, double maxError) {
    return switch (this) {
      case FULL -> new FullAttention();
      case CLUSTERED -> new ClusteredAttention(clustering);
      case IMPROVED_CLUSTERED -> new ImprovedClusteredAttention(clustering, topK);
      case REFINED_CLUSTERED ->
          new RefinedClusteredAttention(new RefinedOptions(clustering.clusters(), topK, window));
      case AUTO -> new AutomaticAttention(maxError);
      case ORACLE_TOP_K -> new OracleTopKAttention(topK);
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
      if (PLANNED.contains(name)) {
        throw new TypeConversionException("not yet available: " + name);
      }
      throw new TypeConversionException(
          Arrays.stream(values()).map(AttentionKind::toString).collect(Collectors.joining(", "))
              + " are the names, not "
              + name);
    }
  }
}
