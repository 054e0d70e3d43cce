package io.github.starling.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * Copies a jar of Maven Central, or of the local repository if it is there already.
 *
 * @param maven the Maven program, a path or a name to be found on the PATH
 */
record MavenCopy(String maven) {
  private static final String GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy";

  /** What Maven writes while it fetches, such as {@code Progress (1): 5.2/83 MB}. */
  private static final Pattern PROGRESS = Pattern.compile("Progress \\(1\\): ([0-9]+)\\S* MB.*");

  private static final Pattern ERROR = Pattern.compile("\\[ERROR\\] (.+)");

  /**
   * Copies a jar.
   *
   * @param artifact {@code group:name:version}
   * @param folder an empty folder to copy it to
   * @param megabytes told how far it is
   * @return the copy
   * @throws IOException if there is no Maven, or it fails; the message says why
   */
  Path copy(String artifact, Path folder, LongConsumer megabytes) throws IOException {
    Process process = start(artifact, folder);
    try {
      String error = watch(process, megabytes);
      if (process.waitFor() != 0) {
        throw new IOException("Maven could not fetch " + artifact + ": " + error);
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("fetching was interrupted");
    } finally {
      process.destroy();
    }
    try (var files = Files.newDirectoryStream(folder, "*.jar")) {
      return files.iterator().next();
    }
  }

  private Process start(String artifact, Path folder) throws IOException {
    var builder =
        new ProcessBuilder(
            maven,
            "-Dstyle.color=never",
            GOAL,
            "-Dartifact=" + artifact,
            "-DoutputDirectory=" + folder);
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException(
          "fetching a model needs Maven, which cannot be run: " + e.getMessage(), e);
    }
  }

  /** Reads what Maven says to its end and returns the first error, if any. */
  private static String watch(Process process, LongConsumer megabytes) throws IOException {
    String error = "it gave no reason";
    boolean failed = false;
    // a reader takes the carriage return after each step of the progress for an end of line
    try (var reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
      for (String line; (line = reader.readLine()) != null; ) {
        var progress = PROGRESS.matcher(line);
        var problem = ERROR.matcher(line);
        if (progress.matches()) {
          megabytes.accept(Long.parseLong(progress.group(1)));
        } else if (!failed && problem.matches()) {
          failed = true;
          error = problem.group(1);
        }
      }
    }
    return error;
  }
}
