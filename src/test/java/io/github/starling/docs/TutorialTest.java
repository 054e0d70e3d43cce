package io.github.starling.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.Test;

/**
 * The tutorial tells the truth.
 *
 * <p>A block under {@code <!-- run -->} is pasted into a JShell, and the {@code text} block after
 * it is what it prints. A block under {@code <!-- quoted: PATH -->} stands in that source.
 */
class TutorialTest {
  private static final Path TUTORIAL = Path.of("docs/tutorial.md");
  private static final String QUOTED = "quoted: ";

  @Test
  void quotedCodeStandsInItsSource() throws IOException {
    int quotes = 0;
    for (var block : Page.read(TUTORIAL).blocks()) {
      if (block.marker().startsWith(QUOTED)) {
        var source = Path.of(block.marker().substring(QUOTED.length()));
        assertTrue(
            flat(Files.readAllLines(source)).contains(flat(block.text())),
            "line " + block.line() + " quotes what " + source + " does not say");
        quotes++;
      }
    }
    assertTrue(quotes > 0, "the tutorial quotes nothing");
  }

  @Test
  void snippetsPrintWhatThePageSays() throws IOException {
    var blocks = Page.read(TUTORIAL).blocks();
    int outputs = 0;
    try (var shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath("target/classes");
      for (int i = 0; i < blocks.size(); i++) {
        if (blocks.get(i).marker().equals("run")) {
          boolean prints = i + 1 < blocks.size() && blocks.get(i + 1).language().equals("text");
          String expected = prints ? joined(blocks.get(i + 1).text()) : "";
          String where = "snippet at line " + blocks.get(i).line();
          assertEquals(expected, run(shell, blocks.get(i), where), where);
          outputs += prints ? 1 : 0;
        }
      }
    }
    assertTrue(outputs > 0, "no snippet prints anything");
  }

  /** The local engine shares our standard output, which we borrow while it runs. */
  private static String run(JShell shell, Page.Block block, String where) {
    var printed = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    Locale locale = Locale.getDefault();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    Locale.setDefault(Locale.ROOT);
    try {
      for (String source : split(shell, joined(block.text()))) {
        for (var event : shell.eval(source)) {
          assertTrue(
              event.status() == Snippet.Status.VALID && event.exception() == null,
              () -> where + ": " + source + " " + problem(shell, event));
        }
      }
    } finally {
      Locale.setDefault(locale);
      System.setOut(standard);
    }
    return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static String problem(JShell shell, SnippetEvent event) {
    return event.exception() != null
        ? event.exception().toString()
        : shell
            .diagnostics(event.snippet())
            .map(d -> d.getMessage(Locale.ROOT))
            .collect(Collectors.joining("; "));
  }

  private static List<String> split(JShell shell, String text) {
    var sources = new ArrayList<String>();
    String rest = text;
    while (!rest.isBlank()) {
      CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      assertTrue(info.completeness().isComplete(), "incomplete: " + rest);
      sources.add(info.source());
      rest = info.remaining();
    }
    return sources;
  }

  private static String joined(List<String> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  /** A quote may be indented otherwise than its source. */
  private static String flat(List<String> lines) {
    return lines.stream().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
  }
}
