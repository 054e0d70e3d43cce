package io.github.starling.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of the sources that this program was built from. */
final class SourceTree {
  private SourceTree() {}

  /**
   * Finds it.
   *
   * @throws IOException if the program stands elsewhere
   */
  static Path home() throws IOException {
    try {
      URI program = SourceTree.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      Path home = Path.of(program).getParent().getParent(); // target/starling.jar
      if (Files.exists(home.resolve("jmh/pom.xml"))) {
        return home;
      }
      throw new IOException(home + ": no jmh/pom.xml here; this needs Starling's source tree");
    } catch (URISyntaxException e) {
      throw new AssertionError("every code source is a URI", e);
    }
  }
}
