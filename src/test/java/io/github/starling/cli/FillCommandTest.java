package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ClusteredAttention;
import io.github.starling.encoder.MaskedLanguageModel;
import io.github.starling.encoder.MaskedLanguageModel.Guess;
import io.github.starling.encoder.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FillCommandTest {
  private static final String TWO_MASKS = "a [MASK] c [MASK] b";

  @TempDir static Path model;

  @BeforeAll
  static void write() throws Exception {
    TinyModel.writeWithHeads(model);
  }

  private static CommandRun fill(Object... args) {
    var words = new ArrayList<Object>(List.of("fill", "--model", model));
    words.addAll(List.of(args));
    return CommandRun.of(Path.of("/no/such/cache"), words.toArray());
  }

  private static List<List<Guess>> guesses(String text, int count) throws Exception {
    try (var opened = MaskedLanguageModel.open(model, 1)) {
      return opened.fill(text, count);
    }
  }

  private static List<String> lines(List<Guess> guesses) {
    return guesses.stream()
        .map(g -> String.format(Locale.ROOT, "%8.4f  %s", g.probability(), g.text()))
        .toList();
  }

  @Test
  void guessesComeBestFirst() throws Exception {
    var expected = new ArrayList<>(List.of("a [MASK]"));
    expected.addAll(lines(guesses("a [MASK]", 5).getFirst()));
    var run = fill("a [MASK]");
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    assertEquals(expected, run.out().lines().toList());
  }

  @Test
  void severalMasksAreNumbered() throws Exception {
    var guesses = guesses(TWO_MASKS, 2);
    var expected = new ArrayList<>(List.of(TWO_MASKS, "mask 1"));
    expected.addAll(lines(guesses.get(0)));
    expected.add("mask 2");
    expected.addAll(lines(guesses.get(1)));
    assertEquals(expected, fill(TWO_MASKS, "--top", "2").out().lines().toList());
  }

  @Test
  void jsonIsALineForEachText() throws Exception {
    var lines = fill("--json", "--top", "3", TWO_MASKS, "[MASK] \"d\"").out().lines().toList();
    assertEquals(2, lines.size());
    var json = JsonParser.parseString(lines.get(0)).getAsJsonObject();
    assertEquals(TWO_MASKS, json.get("text").getAsString());
    var masks = json.getAsJsonArray("masks");
    assertEquals(2, masks.size());
    check(guesses(TWO_MASKS, 3).get(1), masks.get(1).getAsJsonArray());
    json = JsonParser.parseString(lines.get(1)).getAsJsonObject();
    assertEquals("[MASK] \"d\"", json.get("text").getAsString());
  }

  private static void check(List<Guess> expected, JsonArray found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < found.size(); i++) {
      var guess = found.get(i).getAsJsonObject();
      assertEquals(expected.get(i).text(), guess.get("token").getAsString());
      assertEquals(expected.get(i).probability(), guess.get("probability").getAsDouble());
    }
  }

  @Test
  void theAttentionIsAsThePersonSaysOnAnyNumberOfThreads() throws Exception {
    Object[] args = {
      "--json", TWO_MASKS, "--attention", "clustered", "--clusters", "2", "--seed", "3"
    };
    var run = fill(args);
    var masks = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("masks");
    var options = new ClusterOptions(2, 63, 10, true, 3, null, null);
    try (var opened = MaskedLanguageModel.open(model, 1)) {
      var expected = opened.fill(TWO_MASKS, 5, new ClusteredAttention(options));
      check(expected.get(1), masks.get(1).getAsJsonArray());
    }
    assertNotEquals(fill("--json", TWO_MASKS).out(), run.out());
    for (int threads = 1; threads <= 2; threads++) {
      var words = new ArrayList<>(List.of(args));
      words.addAll(List.of("--threads", threads));
      assertEquals(run.out(), fill(words.toArray()).out());
    }
  }

  @Test
  void aTextThatCannotBeFilledIsRefusedBeforeAnythingIsPrinted() {
    String noMask = "the text has no [MASK], which stands for the word to be guessed";
    fill("a b").refused(1, noMask);
    fill("[MASK]", "").refused(1, noMask);
    fill("[MASK]" + " a".repeat(28))
        .refused(1, "sequence 0 has 31 tokens but the model reads at most 30");
  }

  @Test
  void numbersOutOfRangeAreNamedBeforeTheModelIsOpened() {
    CommandRun.of(model, "fill", "[MASK]", "--top", "0", "--model", "no/such/model")
        .refused(1, "--top must be at least 1, not 0");
    fill("[MASK]", "--clusters", "0").refused(1, "--clusters must be 1 to 65536, not 0");
    fill("[MASK]", "--threads", "0").refused(1, "--threads must be at least 1, not 0");
  }

  @Test
  void aModelWithoutTheHeadIsNamed(@TempDir Path headless) throws Exception {
    new TinyModel().write(headless);
    CommandRun.of(model, "fill", "[MASK]", "--model", headless)
        .refused(
            1,
            headless
                + ": this model has no head for masked words: there is no tensor"
                + " cls.predictions.transform.dense.weight in it");
  }

  @Test
  void noTextIsBadUsage() {
    fill().refused(2, "Missing required parameter: 'TEXT'");
  }

  @Test
  void withoutAModelBertIsTaken() {
    var run = CommandRun.of(model, "fill", "[MASK]", "--offline");
    assertEquals(1, run.status());
    assertEquals(
        "starling: the model bert-base-uncased is not in %s and --offline forbids to fetch it: run the command once without"
            .formatted(model.resolve("models")),
        run.err().strip());
  }
}
