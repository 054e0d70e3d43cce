package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.RefinedOptions;
import io.github.starling.encoder.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationPageTest {
  private static final String BEGIN = "before\n<!-- ablation: written by starling evaluate -->\n";
  private static final String END = "<!-- end of ablation -->\nafter\n";

  @TempDir Path folder;
  private Path model;
  private Path page;

  @BeforeEach
  void write() throws Exception {
    model = TinyModel.writeWithHeads(Files.createDirectory(folder.resolve("tiny")));
    page = folder.resolve("refined.md");
  }

  private String page(int words) throws IOException {
    Path text = Files.writeString(folder.resolve("words.txt"), TinyModel.text(words, 1));
    var ablation = new AblationPage(new RefinedOptions(3, 4, 2), text, 1);
    assertEquals(page, ablation.write(List.of(model, model), folder));
    return Files.readString(page);
  }

  @Test
  void everyVariantHasItsRowBetweenTheMarks() throws IOException {
    Files.writeString(page, BEGIN + "what was there\n" + END);
    String first = page(400);
    assertTrue(
        first.startsWith(BEGIN + "\nText of words.txt ") && first.endsWith("\n" + END), first);
    assertTrue(
        first.contains("|  | tiny, error | time | tiny, error | time |\n| --- | ---: |"), first);
    // exact, improved, refined, five ingredients, the window, C and b twice; and the table's head
    assertEquals(13 + 2, first.lines().filter(line -> line.startsWith("| ")).count(), first);
    double refined = error(first, "**refined clustered**, C = 3, b = 4, w = 2");
    assertTrue(refined > 0, first);
    assertTrue(refined > error(first, "b = 8"), first);
    assertTrue(refined < error(first, "without the window"), first);
    // written again, it is in the same place
    assertEquals(first.lines().count(), page(400).lines().count());
  }

  private static double error(String page, String name) {
    return Double.parseDouble(page.split("\\| " + Pattern.quote(name) + " \\| ")[1].split(" ")[0]);
  }

  @Test
  void whatHasNoMarksIsLeftAlone() throws IOException {
    for (String text : List.of("", BEGIN, END, END + BEGIN)) {
      Files.writeString(page, text);
      var failure = assertThrows(IOException.class, () -> page(400));
      assertEquals(
          page + ": there is no place for the table, between two marks", failure.getMessage());
      assertEquals(text, Files.readString(page));
    }
  }

  @Test
  void aTextThatFillsNoWindowIsRefused() throws IOException {
    Files.writeString(page, BEGIN + END);
    var failure = assertThrows(IllegalArgumentException.class, () -> page(20));
    assertEquals(
        "the texts are too short: none fills the 30 tokens that the model reads",
        failure.getMessage());
    assertEquals(BEGIN + END, Files.readString(page));
  }
}
