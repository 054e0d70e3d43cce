package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StarlingToolTest {
  @TempDir Path cache;

  @ParameterizedTest
  @ValueSource(
      strings = {"answer", "attend", "compare", "embed", "evaluate", "fill", "import", "models"})
  void everyCommandHasHelpWithAnExample(String command) {
    var run = CommandRun.of(cache, command, "--help");
    assertEquals(0, run.status());
    assertTrue(run.out().contains("Example: starling " + command), run.out());
    assertEquals("", run.err());
  }

  @Test
  void helpListsEveryCommand() {
    String help = CommandRun.of(cache, "--help").out();
    var listed =
        help.lines()
            .dropWhile(line -> !line.equals("Commands:"))
            .filter(line -> line.matches("  [a-z]+ .*"))
            .map(line -> line.strip().split(" ")[0])
            .toList();
    assertEquals(
        List.of(
            "compare",
            "evaluate",
            "attend",
            "embed",
            "fill",
            "answer",
            "transcribe",
            "import",
            "models",
            "bench"),
        listed,
        help);
  }

  @Test
  void helpListsTheExitCodes() {
    var run = CommandRun.of(cache, "--help");
    assertEquals(0, run.status());
    assertTrue(run.out().contains("1   bad input"), run.out());
    assertTrue(run.out().contains("2   bad usage"), run.out());
  }

  @Test
  void versionNamesStarlingAndJava() {
    var run = CommandRun.of(cache, "--version");
    assertEquals(0, run.status());
    assertTrue(run.out().startsWith("starling "), run.out());
    assertTrue(run.out().contains("Java " + Runtime.version()), run.out());
  }

  @Test
  void noCommandIsBadUsage() {
    CommandRun.of(cache).refused(2, "which command?");
  }

  @Test
  void anUnknownOptionIsBadUsage() {
    CommandRun.of(cache, "models", "--shiny").refused(2, "Unknown option: '--shiny'");
  }

  @Test
  void aWordForANumberIsBadUsage() {
    CommandRun.of(cache, "models", "--threads", "many")
        .refused(2, "Invalid value for option '--threads': 'many' is not an int");
  }

  @Test
  void aFullDiskBehindTheOutputIsReported() {
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left on device");
          }
        };
    var err = new StringWriter();
    int status = new StarlingTool().run(new PrintWriter(full), new PrintWriter(err), "--version");
    assertEquals(1, status);
    assertEquals("starling: cannot write to the standard output", err.toString().strip());
  }
}
