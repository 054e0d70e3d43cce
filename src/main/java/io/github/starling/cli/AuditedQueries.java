package io.github.starling.cli;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Lets --audit stand before the name of a file: what is no number is not its R. */
final class AuditedQueries implements IParameterPreprocessor {
  /** R if the person gives none. */
  static final String USUAL = "8";

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
