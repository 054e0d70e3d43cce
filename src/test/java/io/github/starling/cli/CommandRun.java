package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/**
 * What one command line did.
 *
 * @param status its exit code
 * @param out what it wrote to the standard output
 * @param err what it wrote to the standard error
 */
record CommandRun(int status, String out, String err) {
  static final Programs NO_PROGRAMS = new Programs("/no/such/maven", "/no/such/npm");

  /** Runs a command with an empty cache and no program that fetches. */
  static CommandRun of(Path cache, Object... args) {
    return of(
        new Surroundings(new ModelCache(cache), NO_PROGRAMS, false, InputStream.nullInputStream()),
        args);
  }

  static CommandRun of(Surroundings surroundings, Object... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    int status =
        new StarlingTool(surroundings).run(new PrintWriter(out), new PrintWriter(err), words);
    return new CommandRun(status, out.toString(), err.toString());
  }

  /** Checks that the command refused with one sentence, wrote nothing else and no stack trace. */
  void refused(int expectedStatus, String sentence) {
    assertEquals("starling: " + sentence, err.lines().findFirst().orElse(""), err);
    assertEquals(expectedStatus, status);
    assertEquals("", out);
    assertFalse(err.contains("\tat "), err);
    // bad usage also points to the help
    assertEquals(expectedStatus == Failures.BAD_USAGE ? 2 : 1, err.lines().count(), err);
  }
}
