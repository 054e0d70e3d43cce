package io.github.starling.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code of the README, and of the page on our own algorithm, runs as it stands. */
class ReadmeTest {
  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/refined.md"})
  void theJavaOfThePageRuns(String page) throws IOException {
    var code = Page.read(Path.of(page)).blocks().stream().filter(b -> b.marker().equals("run"));
    List<Page.Block> blocks = code.toList();
    assertEquals(1, blocks.size());
    try (var shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath("target/classes");
      String rest = String.join("\n", blocks.getFirst().text());
      while (!rest.isBlank()) {
        CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
        for (var event : shell.eval(next.source())) {
          assertEquals(Snippet.Status.VALID, event.status(), next.source());
          assertEquals(null, event.exception(), next.source());
        }
        rest = next.remaining();
      }
    }
  }

  @Test
  void theFirstScreenHasTheTwoCommands() throws IOException {
    var first = Page.read(Path.of("README.md")).blocks().getFirst();
    assertEquals(List.of("./starling compare README.md", "mvn verify"), first.text());
    assertTrue(first.line() < 20);
  }
}
