package io.github.starling.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the commands take from their process.
 *
 * @param cache where fetched models stay
 * @param programs what fetches models
 * @param terminal whether a person reads the error stream, so that progress may be drawn
 * @param standardInput what - names
 */
record Surroundings(
    ModelCache cache, Programs programs, boolean terminal, InputStream standardInput) {
  static Surroundings ofThisProcess() {
    Map<String, String> environment = System.getenv();
    var cache =
        ModelCache.of(
            environment, System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
    boolean terminal = !System.getProperty("starling.terminal", "").isEmpty();
    return new Surroundings(cache, Programs.ofThisProcess(), terminal, System.in);
  }
}
