package io.github.starling.cli;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks how far attention is from exact. */
final class AuditOption {
  @Option(
      names = "--audit",
      arity = "0..1",
      fallbackValue = "8",
      preprocessor = NumberOnly.class,
      paramLabel = "R",
      description =
          "Compute R queries of each head exactly, by default 8, keep them, and say what relative"
              + " error of the attention they show. Models need --json for it, and then read one"
              + " text after the other.")
  private Integer queries;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Returns the exact queries of each head, 0 if none are asked for. */
  int queries() {
    return queries == null ? 0 : queries;
  }

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  void check() {
    AttentionOptions.checkRange("--audit", queries, Integer.MAX_VALUE);
  }

  /**
   * Checks the number, and that there is a place to say what is found.
   *
   * @throws IllegalArgumentException if it is less than 1
   * @throws ParameterException if there is an audit but no JSON
   */
  void check(boolean json) {
    check();
    if (queries != null && !json) {
      throw new ParameterException(
          command.commandLine(), "--audit needs --json to say what it finds");
    }
  }

  /** Lets --audit stand before the name of a file: what is no number is not its R. */
  static final class NumberOnly implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> left, CommandSpec command, ArgSpec option, Map<String, Object> about) {
      boolean isAttached = about.get("separator") instanceof String s && !s.isBlank();
      if (!isAttached && !left.isEmpty() && !left.peek().matches("-?[0-9]+")) {
        left.push(((OptionSpec) option).fallbackValue());
      }
      return false; // picocli goes on with what is left
    }
  }
}
