package io.github.starling.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A program of this machine that fetches something.
 *
 * @param name what people call it
 * @param command the program, a path or a name to be found on the PATH, and its arguments
 * @param otherwise how a message of failure is to go on, such as with another way
 */
record OutsideProgram(String name, List<String> command, String otherwise) {
  /**
   * Runs the program to its end. It reads nothing.
   *
   * @param what what it is to fetch, for messages
   * @param folder where it runs
   * @param problem takes each line that it writes and returns the problem that the line tells of,
   *     or null
   * @throws IOException if it cannot be run, or fails; the message has the first problem
   */
  void fetch(String what, Path folder, UnaryOperator<String> problem) throws IOException {
    Process process = start(folder);
    try {
      String first = watch(process, problem);
      if (process.waitFor() != 0) {
        throw new IOException(
            "%s could not fetch %s: %s%s"
                .formatted(name, what, first == null ? "it gave no reason" : first, otherwise));
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("fetching was interrupted");
    } finally {
      process.destroy();
    }
  }

  private Process start(Path folder) throws IOException {
    var builder = new ProcessBuilder(command);
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException(
          "fetching a model needs %s, which cannot be run: %s%s"
              .formatted(name, e.getMessage(), otherwise),
          e);
    }
  }

  /** Reads what the program says to its end and returns the first problem, or null. */
  private static String watch(Process process, UnaryOperator<String> problem) throws IOException {
    String first = null;
    // a reader takes the carriage return after each step of a progress for an end of line
    try (var reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
      for (String line; (line = reader.readLine()) != null; ) {
        String found = problem.apply(line);
        first = first == null ? found : first;
      }
    }
    return first;
  }
}
