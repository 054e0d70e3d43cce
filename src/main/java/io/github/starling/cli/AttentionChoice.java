package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.RefinedOptions;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the tokens of a model attend to each other. */
final class AttentionChoice {
  @Option(
      names = "--attention",
      paramLabel = "NAME",
      converter = AttentionKind.Converter.class,
      description = "${COMPLETION-CANDIDATES}; by default auto.")
  private AttentionKind kind = AttentionKind.AUTO;

  @Mixin private AttentionOptions options;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  AttentionKind kind() {
    return kind;
  }

  /**
   * Makes the attention of a text encoder.
   *
   * @throws ParameterException if an option is for other kinds
   * @throws IllegalArgumentException if a number is out of its range
   */
  Attention make() {
    return make(RefinedOptions.usual(TextComparison.USUAL_LENGTH));
  }

  /**
   * Makes the attention.
   *
   * @param usual settings of refined clustered attention, where the person gives none
   * @throws ParameterException if an option is for other kinds
   * @throws IllegalArgumentException if a number is out of its range
   */
  Attention make(RefinedOptions usual) {
    options.clustering().check(List.of(kind), command);
    return options.attention(kind, TextComparison.USUAL_CLUSTERS, usual);
  }
}
