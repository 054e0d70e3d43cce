package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.RefinedOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the tokens of a model attend to each other. */
final class AttentionChoice {
  @Option(
      names = "--attention",
      paramLabel = "NAME",
      converter = AttentionKind.Converter.class,
      description = "${COMPLETION-CANDIDATES}; by default full.")
  private AttentionKind kind = AttentionKind.FULL;

  @Mixin private AttentionOptions options;

  AttentionKind kind() {
    return kind;
  }

  /**
   * Makes the attention of a text encoder.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  Attention make() {
    return make(RefinedOptions.usual(TextComparison.USUAL_LENGTH));
  }

  /**
   * Makes the attention.
   *
   * @param usual settings of refined clustered attention, where the person gives none
   * @throws IllegalArgumentException if a number is out of its range
   */
  Attention make(RefinedOptions usual) {
    return options.attention(kind, TextComparison.USUAL_CLUSTERS, usual);
  }
}
