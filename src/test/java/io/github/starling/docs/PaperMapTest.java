package io.github.starling.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every class, method and test that the map of the paper names is there. */
class PaperMapTest {
  private static final Path MAP = Path.of("docs/paper-map.md");
  private static final String MAIN = "src/main/java/io/github/starling";
  private static final String TEST = "src/test/java/io/github/starling";

  /** {@code package.Class}, {@code package.Class.method} or {@code XTest.method}. */
  private static final Pattern NAME =
      Pattern.compile("`(?:([a-z]+)\\.)?([A-Z]\\w+)(?:\\.([a-z]\\w+))?`");

  @Test
  void everyNameExists() throws IOException {
    var missing = new ArrayList<String>();
    var names = NAME.matcher(Files.readString(MAP)).results().toList();
    for (MatchResult name : names) {
      if (!exists(name)) {
        missing.add(name.group());
      }
    }
    assertTrue(names.size() > 50, "only " + names.size() + " names found");
    assertEquals(List.of(), missing);
  }

  private static boolean exists(MatchResult name) throws IOException {
    for (Path source : sources(name.group(1), name.group(2) + ".java")) {
      if (name.group(3) == null || declares(source, name.group(3))) {
        return true;
      }
    }
    return false;
  }

  private static boolean declares(Path source, String method) throws IOException {
    return Pattern.compile("^  \\w[\\w<>\\[\\], ]* " + method + "\\(", Pattern.MULTILINE)
        .matcher(Files.readString(source))
        .find();
  }

  /** A name with a package is a class of that package, one without is a test of any. */
  private static List<Path> sources(String packageName, String file) throws IOException {
    if (packageName != null) {
      var source = Path.of(MAIN, packageName, file);
      return Files.exists(source) ? List.of(source) : List.of();
    }
    try (var tests = Files.walk(Path.of(TEST))) {
      return tests.filter(path -> path.getFileName().toString().equals(file)).toList();
    }
  }
}
