package io.github.starling.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.spi.ToolProvider;

/**
 * Starts the command line.
 *
 * <p>Refers to no library, so that it can say which one is missing.
 */
public final class Main {
  private Main() {}

  /**
   * Runs one command and ends the JVM with 0, 1 for bad input or 2 for bad usage.
   *
   * @param args the command, its options and its files
   */
  public static void main(String... args) {
    redirectErrors();
    var out = utf8(new FileOutputStream(FileDescriptor.out));
    var err = utf8(System.err);
    Optional<ToolProvider> tool = LibraryLayer.findTool();
    if (tool.isEmpty()) {
      err.println(
          "starling: the command line needs the modules "
              + LibraryLayer.LIBRARIES
              + " on the module path: java -p target/starling.jar:target/lib -m starling");
      System.exit(2);
    }
    System.exit(tool.get().run(out, err, args));
  }

  /** UTF-8 whatever the locale: a terminal that cannot show it is rarer than a locale unset. */
  private static PrintWriter utf8(OutputStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  /** The launcher hides what the JVM says at start and passes the terminal under another name. */
  private static void redirectErrors() {
    String terminal = System.getProperty("starling.terminal", "");
    if (!terminal.isEmpty()) {
      try {
        System.setErr(
            new PrintStream(new FileOutputStream(terminal), true, StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The filtered stream is a terminal all the same.
      }
    }
  }
}
