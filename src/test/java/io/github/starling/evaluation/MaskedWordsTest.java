package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.MaskedLanguageModel;
import io.github.starling.encoder.TinyModel;
import io.github.starling.encoder.TokenSequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tiny model reads windows of 28 words in a frame, of which 15 % are 4. */
class MaskedWordsTest {
  private static final int CONTENT = TinyModel.POSITIONS - 2;
  private static final int EACH = 4;
  private static final int MASK = 4;

  @TempDir Path folder;
  private MaskedLanguageModel model;

  @BeforeEach
  void open() throws Exception {
    TinyModel.writeWithHeads(folder);
    // the model guesses token 3 whatever it reads, which is to be right now and then
    var tokens = new ArrayList<>(TinyModel.TOKENS);
    Collections.swap(tokens, tokens.indexOf("[SEP]"), tokens.indexOf("a"));
    Files.write(folder.resolve("vocab.txt"), tokens);
    model = MaskedLanguageModel.open(folder, 1);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private List<int[]> masked(List<String> texts, int words, long seed) {
    var task = new MaskedWords(model, texts, words, seed);
    assertEquals(sequences(task).size() * EACH, task.items());
    return sequences(task).stream().map(TokenSequence::ids).toList();
  }

  private static List<TokenSequence> sequences(Task task) {
    return ((TextInputs) task.inputs()).sequences();
  }

  private static int[] masks(int[] ids) {
    return IntStream.range(0, ids.length).filter(i -> ids[i] == MASK).toArray();
  }

  /** Checks that a sequence is a window of a text, but for the masks. */
  private void isWindow(String text, int window, int[] ids) {
    int[] words = model.tokenizer().encodeWithoutSpecials(text);
    assertEquals(TinyModel.POSITIONS, ids.length);
    assertEquals(model.tokenizer().frame().open(), ids[0]);
    assertEquals(model.tokenizer().frame().close(), ids[ids.length - 1]);
    assertEquals(EACH, masks(ids).length);
    for (int i = 0; i < CONTENT; i++) {
      assertTrue(ids[1 + i] == MASK || ids[1 + i] == words[window * CONTENT + i], "word " + i);
    }
  }

  @Test
  void windowsAreSpreadEvenly() {
    String text = TinyModel.text(7 * CONTENT + 5, 1);
    var sequences = masked(List.of(text), 2 * EACH + 1, 2);
    assertEquals(3, sequences.size());
    isWindow(text, 0, sequences.get(0));
    isWindow(text, 2, sequences.get(1));
    isWindow(text, 4, sequences.get(2));
    assertEquals(7, masked(List.of(text), 1_000_000, 2).size());
    assertEquals(1, masked(List.of(text), 1, 2).size());
  }

  @Test
  void eachTextIsReadFromItsOwnBeginning() {
    String first = TinyModel.text(CONTENT + 20, 1);
    String second = TinyModel.text(CONTENT + 20, 2);
    var sequences = masked(List.of(first, "a b", second), 100, 3);
    assertEquals(2, sequences.size());
    isWindow(first, 0, sequences.get(0));
    isWindow(second, 0, sequences.get(1));
  }

  @Test
  void theSeedDecidesTheMasks() {
    var text = List.of(TinyModel.text(300, 1));
    var once = masked(text, 40, 7).toArray(int[][]::new);
    assertTrue(Arrays.deepEquals(once, masked(text, 40, 7).toArray(int[][]::new)));
    assertNotEquals(Arrays.toString(masks(once[0])), Arrays.toString(masks(once[1])));
    assertNotEquals(Arrays.toString(masks(once[0])), Arrays.toString(masks(once[2])));
    assertTrue(!Arrays.deepEquals(once, masked(text, 40, 8).toArray(int[][]::new)));
  }

  @Test
  void eachSeedMasksTheSameWindows() {
    var text = List.of(TinyModel.text(300, 1));
    var both = sequences(new MaskedWords(model, text, 40, 7, 8)).stream().map(TokenSequence::ids);
    var each = new ArrayList<>(masked(text, 40, 7));
    each.addAll(masked(text, 40, 8));
    assertTrue(Arrays.deepEquals(each.toArray(), both.toArray()));
  }

  @Test
  void everyPlaceIsMaskedAsOftenButTheFrame() {
    int windows = 700;
    var counts = new int[TinyModel.POSITIONS];
    for (int[] ids : masked(List.of(TinyModel.text(windows * CONTENT, 1)), windows * EACH, 5)) {
      for (int i : masks(ids)) {
        counts[i]++;
      }
    }
    assertEquals(0, counts[0]);
    assertEquals(0, counts[TinyModel.POSITIONS - 1]);
    for (int i = 1; i <= CONTENT; i++) {
      // binomial with mean 100 and deviation 9.3
      assertEquals(100, counts[i], 45, Arrays.toString(counts));
    }
  }

  @Test
  void scoresAreThoseOfASoftmaxOverTheVocabulary() {
    String text = TinyModel.text(8 * CONTENT, 1);
    int[] words = model.tokenizer().encodeWithoutSpecials(text);
    var task = new MaskedWords(model, List.of(text), 8 * EACH, 2);
    float[][] scores = task.scores(new FullAttention(), _ -> {});
    var positions = sequences(task).stream().map(s -> masks(s.ids())).toList();
    var rows = new ArrayList<float[]>();
    model.logits(
        sequences(task),
        positions,
        new FullAttention(),
        (_, logits) -> rows.addAll(List.of(logits.toArray())));
    int right = 0;
    double loss = 0;
    for (int i = 0; i < task.items(); i++) {
      int word = words[i / EACH * CONTENT + positions.get(i / EACH)[i % EACH] - 1];
      double sum = 0;
      int best = 0;
      for (int w = 0; w < rows.get(i).length; w++) {
        sum += Math.exp(rows.get(i)[w]);
        best = rows.get(i)[w] > rows.get(i)[best] ? w : best;
      }
      double expected = -Math.log(Math.exp(rows.get(i)[word]) / sum);
      assertEquals(expected, scores[1][i], 1e-5 * Math.max(1, expected), "item " + i);
      assertEquals(best == word ? 1 : 0, scores[0][i], "item " + i);
      right += best == word ? 1 : 0;
      loss += expected;
    }
    int n = task.items();
    int[] all = IntStream.range(0, n).toArray();
    assertTrue(right > 0 && right < n, right + " of " + n);
    assertEquals((double) right / n, task.measures().get(0).of(scores, all), 1e-12);
    assertEquals(loss / n, task.measures().get(1).of(scores, all), 1e-5);
  }

  @Test
  void whatCannotBeMaskedIsNamed() throws Exception {
    refused(model, TinyModel.text(CONTENT - 1, 1), 1, "too short: none has 28 tokens");
    refused(model, TinyModel.text(CONTENT, 1), 0, "at least 1 token must be masked, not 0");
    var tokens = new ArrayList<>(TinyModel.TOKENS);
    tokens.set(MASK, "e");
    Files.write(folder.resolve("vocab.txt"), tokens);
    try (var maskless = MaskedLanguageModel.open(folder, 1)) {
      refused(maskless, TinyModel.text(CONTENT, 1), 1, "this vocabulary has no mask");
    }
  }

  private static void refused(MaskedLanguageModel model, String text, int words, String problem) {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> new MaskedWords(model, List.of(text), words, 0));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }

  @Test
  void ofSquadEachArticleIsAText() throws Exception {
    Path plain = Files.writeString(folder.resolve("a.txt"), "a\nb\n");
    assertEquals(List.of("a\nb\n"), MaskedWords.texts(plain));
    Path squad =
        Files.writeString(
            folder.resolve("a.json"),
            """
            {"data": [
              {"title": "", "paragraphs": [{"context": "a", "qas": []}, {"context": "b", "qas": []}]},
              {"title": "", "paragraphs": [{"context": "c", "qas": []}]}]}
            """);
    assertEquals(List.of("a\nb", "c"), MaskedWords.texts(squad));
  }
}
