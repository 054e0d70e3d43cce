package io.github.starling.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command above all others: it holds the options that every command understands. */
@Command(
    name = StarlingTool.NAME,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = "Clustered attention (arXiv:2007.04825) on this computer's CPU.",
    footer = {"", "Example: starling compare README.md"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:bad input", "2:bad usage"})
final class StarlingCommand implements Runnable {
  private static final List<Class<?>> COMMANDS =
      List.of(
          CompareCommand.class,
          EvaluateCommand.class,
          AttendCommand.class,
          EmbedCommand.class,
          FillCommand.class,
          AnswerCommand.class,
          TranscribeCommand.class,
          ImportCommand.class,
          ModelsCommand.class,
          BenchCommand.class);

  private final Surroundings surroundings;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      scope = ScopeType.INHERIT,
      paramLabel = "NAME|FOLDER",
      description =
          "A model of the cache, or a Hugging Face folder; by default "
              + RemoteModel.DEFAULT_NAME
              + ", or what the command says.")
  private String model;

  @Option(
      names = "--threads",
      scope = ScopeType.INHERIT,
      paramLabel = "T",
      description = "Threads to compute on; by default all cores.")
  private Integer threads;

  @Option(
      names = "--offline",
      scope = ScopeType.INHERIT,
      description = "Never fetch a model, whatever is missing.")
  private boolean offline;

  @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where a failure arose.")
  private boolean debug;

  StarlingCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Adds the command that the arguments begin with, or all if they begin with something else:
   * looking at every command takes longer than to embed a sentence.
   */
  static void addTo(CommandLine line, String... args) {
    var all = new LinkedHashMap<String, Class<?>>();
    COMMANDS.forEach(command -> all.put(command.getAnnotation(Command.class).name(), command));
    if (args.length > 0 && all.containsKey(args[0])) {
      line.addSubcommand(all.get(args[0]));
    } else {
      all.values().forEach(line::addSubcommand);
    }
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /** Returns the model that the person names, or null. */
  String modelName() {
    return model;
  }

  /**
   * Returns the folder of the model that the person names.
   *
   * @param usual the name of the model if the person names none
   * @param err where a person reads what is going on
   */
  Path modelFolder(String usual, PrintWriter err) throws IOException {
    return folder(model == null ? usual : model, err);
  }

  /** Returns the folder of a model, which is fetched if it is known and not there. */
  Path folder(String name, PrintWriter err) throws IOException {
    return new ModelChoice(name, offline).folder(surroundings, err);
  }

  int threads() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1) {
      throw new IllegalArgumentException("--threads must be at least 1, not " + threads);
    }
    return threads;
  }

  boolean debug() {
    return debug;
  }

  /** No command was named. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }
}
