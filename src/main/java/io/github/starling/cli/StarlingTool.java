package io.github.starling.cli;

import java.io.PrintWriter;
import java.util.spi.ToolProvider;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The command line as a service, which other programs may run without a new JVM. */
public final class StarlingTool implements ToolProvider {
  static final String NAME = "starling";

  private final Surroundings surroundings;

  /** Finds the cache and Maven in the environment of this process. */
  public StarlingTool() {
    this(Surroundings.ofThisProcess());
  }

  StarlingTool(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** {@inheritDoc} Returns 0, 1 for bad input or 2 for bad usage. */
  @Override
  public int run(PrintWriter out, PrintWriter err, String... args) {
    int status = execute(out, err, args);
    // a print stream keeps quiet about a full disk or a reader that left
    if (out.checkError() && status == 0) {
      err.println("starling: cannot write to the standard output");
      return Failures.BAD_INPUT;
    }
    return status;
  }

  private int execute(PrintWriter out, PrintWriter err, String... args) {
    var failures = new Failures();
    try {
      var line = new CommandLine(new StarlingCommand(surroundings));
      StarlingCommand.addTo(line, args);
      return line.setCaseInsensitiveEnumValuesAllowed(true)
          .setOut(out)
          .setErr(err)
          .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
          .setParameterExceptionHandler(failures)
          .setExecutionExceptionHandler(failures)
          .execute(args);
    } catch (OutOfMemoryError e) { // it is no exception, and a matter of the input all the same
      err.println("starling: not enough memory for this input: " + e.getMessage());
      return Failures.BAD_INPUT;
    }
  }
}
