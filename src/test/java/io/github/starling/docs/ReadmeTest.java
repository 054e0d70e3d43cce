package io.github.starling.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.evaluation.TinyClips;
import io.github.starling.model.TinySpeech;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    run(String.join("\n", blocks.getFirst().text()));
  }

  /** The page's names of a model and of a sound stand for a tiny one and for noise. */
  @Test
  void theJavaForSpeechRuns(@TempDir Path folder) throws IOException {
    Path sound = folder.resolve("talk.wav");
    Files.write(sound, TinyClips.wav(TinyClips.noise(40_000, 1)));
    var code =
        Page.read(Path.of("README.md")).blocks().stream()
            .filter(b -> b.marker().equals("run: speech"))
            .map(b -> String.join("\n", b.text()))
            .toList();
    assertEquals(1, code.size());
    String named = code.getFirst();
    for (var name :
        Map.of("moonshine-base", TinySpeech.write(folder, 2), "talk.wav", sound).entrySet()) {
      assertTrue(named.contains('"' + name.getKey() + '"'), name.getKey());
      named = named.replace('"' + name.getKey() + '"', '"' + name.getValue().toString() + '"');
    }
    var printed = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      run(named);
    } finally {
      System.setOut(standard);
    }
    assertFalse(printed.toString(StandardCharsets.UTF_8).isBlank());
  }

  private static void run(String code) {
    try (var shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath("target/classes");
      String rest = code;
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
