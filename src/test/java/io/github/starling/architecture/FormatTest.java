package io.github.starling.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.googlejavaformat.java.Formatter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every source is as google-java-format writes it.
 *
 * <p>{@code STARLING_FORMAT=fix mvn test -Dtest=FormatTest} rewrites what differs.
 */
class FormatTest {
  private static final boolean FIX = "fix".equals(System.getenv("STARLING_FORMAT"));

  @Test
  void sourcesAreFormatted() throws Exception {
    var formatter = new Formatter();
    var unformatted = new ArrayList<Path>();
    for (Path source : sources()) {
      String text = Files.readString(source);
      String formatted = formatter.formatSourceAndFixImports(text);
      if (!formatted.equals(text)) {
        if (FIX) {
          Files.writeString(source, formatted);
        } else {
          unformatted.add(source);
        }
      }
    }
    assertTrue(
        unformatted.isEmpty(),
        () -> "run STARLING_FORMAT=fix mvn test -Dtest=FormatTest, which rewrites " + unformatted);
  }

  private static List<Path> sources() throws IOException {
    var sources = new ArrayList<Path>();
    for (String root : List.of("src", "jmh/src")) {
      if (Files.exists(Path.of(root))) {
        try (var files = Files.walk(Path.of(root))) {
          files.filter(f -> f.toString().endsWith(".java")).forEach(sources::add);
        }
      }
    }
    return sources;
  }
}
