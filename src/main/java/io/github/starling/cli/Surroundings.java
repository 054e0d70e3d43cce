package io.github.starling.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the commands take from their process.
 *
 * @param cache where fetched models stay
 * @param maven the Maven program, a path or a name to be found on the PATH
 * @param terminal whether a person reads the error stream, so that progress may be drawn
 * @param standardInput what - names
 */
record Surroundings(ModelCache cache, String maven, boolean terminal, InputStream standardInput) {
  static Surroundings ofThisProcess() {
    Map<String, String> environment = System.getenv();
    var cache =
        ModelCache.of(
            environment, System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
    String maven = System.getProperty("starling.maven", "");
    boolean terminal = !System.getProperty("starling.terminal", "").isEmpty();
    return new Surroundings(cache, maven.isEmpty() ? "mvn" : maven, terminal, System.in);
  }
}
