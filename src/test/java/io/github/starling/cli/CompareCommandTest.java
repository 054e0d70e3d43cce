package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.encoder.MiniLm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
  @TempDir Path folder;

  @Test
  void eachKindHasTimesErrorAndCosine() throws Exception {
    var run =
        compare("A starling is a small bird of the open country. ".repeat(8), "--window", "9");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().contains(": 98 tokens, sequence length 98"), run.out());
    List<String> full = row(run, "full");
    assertEquals(List.of("1.00", "×", "0"), full.subList(3, 6));
    assertEquals("1.00000", full.getLast());
    for (String kind : List.of("clustered", "improved-clustered", "refined-clustered", "local")) {
      List<String> row = row(run, kind);
      assertTrue(Double.parseDouble(row.get(1)) > 0, run.out());
      double error = Double.parseDouble(row.get(5));
      assertTrue(error > 0 && error < 1, run.out());
      double cosine = Double.parseDouble(row.getLast());
      assertTrue(cosine > 0.5 && cosine <= 1, run.out());
    }
  }

  @Test
  void allKeysOnTopAreExact() throws Exception {
    var run = compare("A starling is a small bird. ".repeat(8), "--top-k", "512");
    List<String> row = row(run, "improved-clustered");
    assertTrue(Double.parseDouble(row.get(5)) < 1e-4, run.out());
    assertEquals("1.00000", row.getLast());
    assertTrue(Double.parseDouble(row(run, "clustered").get(5)) > 1e-3, run.out());
  }

  @Test
  void windowsAndLongerSequencesAreSaid() throws Exception {
    // 12 tokens 60 times, and two around them
    String text = "A starling is a small bird of the open country. ".repeat(60);
    var run = compare(text, "--longest", "1024");
    assertTrue(
        run.out().contains("722 tokens, read in 2 overlapping windows, sequence length 512"),
        run.out());
    assertTrue(run.out().contains("(read 2 times, as it is too short)"), run.out());
    assertTrue(run.out().contains("100 clusters"), run.out());
    assertTrue(run.out().lines().anyMatch(line -> line.startsWith("   1,024 ")), run.out());
  }

  @Test
  void ofAVeryLongTextOnlyTheStartIsMeasured() throws Exception {
    var run = compare("a bird ".repeat(2500), "--threads", "2");
    assertTrue(run.out().contains("the first 4,096 of 5,002 tokens"), run.out());
  }

  @Test
  void anEmptyTextIsRefused() throws Exception {
    var run = compare(" ");
    run.refused(1, folder.resolve("text") + ": the text is empty");
  }

  @Test
  void noFileIsBadUsage() {
    CommandRun.of(folder, "compare").refused(2, "Missing required parameter: 'FILE'");
  }

  private CommandRun compare(String text, String... more) throws Exception {
    Path file = Files.writeString(folder.resolve("text"), text);
    var words =
        new ArrayList<Object>(List.of("compare", file, "--model", MiniLm.folder(), "--seconds=0"));
    if (!List.of(more).contains("--longest")) {
      words.addAll(List.of("--longest", 0));
    }
    words.addAll(List.of(more));
    return CommandRun.of(folder, words.toArray());
  }

  private static List<String> row(CommandRun run, String kind) throws IOException {
    return run.out()
        .lines()
        .filter(line -> line.startsWith(kind + " "))
        .findFirst()
        .map(line -> List.of(line.split("\\s+")))
        .orElseThrow(() -> new AssertionError(run.out() + run.err()));
  }
}
