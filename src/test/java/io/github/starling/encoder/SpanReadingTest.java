package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.encoder.QuestionAnswerer.Answer;
import io.github.starling.encoder.QuestionAnswerer.Options;
import io.github.starling.encoder.QuestionAnswerer.Query;
import io.github.starling.model.ModelType;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Logits are made up here, so that the best spans are known. */
class SpanReadingTest {
  private static final int ALL = 100_000;

  @TempDir Path folder;
  private TextModel model;

  @BeforeEach
  void open() throws Exception {
    new TinyModel().write(folder);
    model = TextModel.open(folder, 1, m -> m);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private static Options options(int maxAnswer, LongText longText, int count) {
    return new Options(TinyModel.POSITIONS, 6, maxAnswer, longText, count);
  }

  /** Reads a text of words of one token, whose logits are those of its tokens in all windows. */
  private List<Answer> read(Query query, Options options, float[] starts, float[] ends) {
    int question = model.tokenizer().encodeWithoutSpecials(query.question()).length;
    int begin = 2 + Math.min(question, options.maxQuestionTokens());
    int[] text = model.tokenizer().encodeWithoutSpecials(query.text());
    var reading = new SpanReading(model, query, options);
    try (var arena = Arena.ofConfined()) {
      for (var sequence : reading.sequences()) {
        int n = sequence.length() - begin - 1;
        int from = placeOf(sequence.ids(), begin, n, text);
        var logits = new float[sequence.length()][];
        for (int row = 0; row < logits.length; row++) {
          boolean isText = row >= begin && row < begin + n;
          int token = from + row - begin;
          logits[row] =
              isText ? new float[] {starts[token], ends[token]} : new float[] {1e3f, 1e3f};
        }
        reading.take(Matrix.of(arena, logits));
      }
    }
    return reading.answers();
  }

  /** Returns where a window's tokens are in the text; only one place may fit. */
  private static int placeOf(int[] ids, int begin, int n, int[] text) {
    int place = -1;
    for (int from = 0; from + n <= text.length; from++) {
      if (Arrays.equals(ids, begin, begin + n, text, from, from + n)) {
        assertEquals(-1, place, "the window is in the text twice");
        place = from;
      }
    }
    assertTrue(place >= 0, "the window is not in the text");
    return place;
  }

  /** Token t of the text is character 2t. */
  private static List<Answer> bruteForce(
      String text, int maxAnswer, int count, float[] starts, float[] ends) {
    var all = new ArrayList<Answer>();
    double total = 0;
    for (int first = 0; first < starts.length; first++) {
      for (int last = first; last < starts.length && last < first + maxAnswer; last++) {
        float score = starts[first] + ends[last];
        total += Math.exp(score);
        int end = 2 * last + 1;
        all.add(new Answer(text.substring(2 * first, end), 2 * first, end, score, 0));
      }
    }
    all.sort(Comparator.comparingDouble(span -> -span.score())); // stable
    var best = new ArrayList<Answer>();
    for (var span : all.subList(0, Math.min(count, all.size()))) {
      double share = Math.exp(span.score()) / total;
      best.add(new Answer(span.text(), span.start(), span.end(), span.score(), share));
    }
    return best;
  }

  @Test
  void spansAreThoseOfBruteForce() {
    for (long seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      int n = random.nextInt(120);
      String text = TinyModel.text(n, seed);
      String question = TinyModel.text(random.nextInt(9), seed + 1000);
      int maxAnswer = 1 + random.nextInt(6);
      int count = random.nextBoolean() ? ALL : 1 + random.nextInt(9);
      var starts = new float[n];
      var ends = new float[n];
      for (int t = 0; t < n; t++) {
        starts[t] = random.nextInt(4); // many ties
        ends[t] = random.nextInt(4);
      }
      var expected = bruteForce(text, maxAnswer, count, starts, ends);
      var found =
          read(new Query(question, text), options(maxAnswer, LongText.WINDOW, count), starts, ends);
      String what = "seed " + seed + ", " + n + " tokens";
      assertEquals(expected.size(), found.size(), what);
      double sum = 0;
      for (int i = 0; i < found.size(); i++) {
        var span = found.get(i);
        double share = expected.get(i).probability();
        assertEquals(share, span.probability(), 1e-9, what);
        assertEquals(
            expected.get(i),
            new Answer(span.text(), span.start(), span.end(), span.score(), share));
        sum += span.probability();
      }
      if (count == ALL && n > 0) {
        assertEquals(1, sum, 1e-9, what);
      }
    }
  }

  @Test
  void anAnswerIsFoundAnywhereInALongText() {
    int n = 90;
    String text = TinyModel.text(n, 31);
    for (int t = 0; t < n; t++) {
      int last = Math.min(n - 1, t + 3);
      var starts = new float[n];
      var ends = new float[n];
      starts[t] = 20;
      ends[last] = 20;
      var best = read(new Query("a b", text), options(4, LongText.WINDOW, 1), starts, ends);
      assertEquals(2 * t, best.getFirst().start());
      assertEquals(2 * last + 1, best.getFirst().end());
      assertTrue(best.getFirst().probability() > 0.99);
    }
  }

  @Test
  void tiesGoToTheLowestStartThenToTheLowestEnd() {
    var found =
        read(new Query("a", "a b c d"), options(2, LongText.ERROR, 4), new float[4], new float[4]);
    assertEquals(List.of("a", "a b", "b", "b c"), found.stream().map(Answer::text).toList());
    assertEquals(1 / 7.0, found.getFirst().probability(), 1e-12);
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    var found =
        read(
            new Query("a", "a b"),
            options(2, LongText.ERROR, 3),
            new float[] {1e30f, -1e30f},
            new float[] {-1e30f, 1e30f});
    assertEquals("a b", found.getFirst().text());
    assertEquals(1, found.getFirst().probability());
    assertEquals(0, found.getLast().probability());
  }

  @Test
  void answersAreTheCharactersOfTheText() {
    String text = "  À,\tb\u0308ab 𝒳 d";
    var found =
        read(new Query("c", text), options(1, LongText.ERROR, 9), new float[7], new float[7]);
    assertEquals(
        List.of("À", ",", "b", "a", "b", "𝒳", "d"), found.stream().map(Answer::text).toList());
    for (var answer : found) {
      assertEquals(text.substring(answer.start(), answer.end()), answer.text());
    }
  }

  @Test
  void aTruncatedTextHasAnswersOnlyInWhatIsRead() {
    String text = TinyModel.text(60, 33);
    var found =
        read(
            new Query("a b", text),
            options(5, LongText.TRUNCATE, ALL),
            new float[60],
            new float[60]);
    int room = 30 - 5;
    assertEquals(5 * room - 10, found.size());
    assertEquals(2 * room - 1, found.stream().mapToInt(Answer::end).max().orElseThrow());
  }

  @ParameterizedTest
  @EnumSource
  void aPairIsFramedAsTheFamilyReadsIt(ModelType type) throws Exception {
    new TinyModel(type).write(folder);
    int second = type == ModelType.BERT ? 1 : 0;
    try (var other = TextModel.open(folder, 1, m -> m)) {
      var options = new Options(9, 2, 1, LongText.TRUNCATE, 1);
      var pair = sequences(other, new Query("a b c", "d d"), options).getFirst();
      assertArrayEquals(new int[] {2, 5, 6, 3, 8, 8, 3}, pair.ids());
      assertArrayEquals(new int[] {0, 0, 0, 0, second, second, second}, pair.types());
      pair = sequences(other, new Query("a", "b c d a b c d"), options).getFirst();
      assertArrayEquals(new int[] {2, 5, 3, 6, 7, 8, 5, 6, 3}, pair.ids());
      pair = sequences(other, new Query("", "d"), options).getFirst();
      assertArrayEquals(new int[] {2, 3, 8, 3}, pair.ids());
      pair = sequences(other, new Query("a", " \n"), options).getFirst();
      assertArrayEquals(new int[] {2, 5, 3, 3}, pair.ids());
    }
  }

  private static List<TokenSequence> sequences(TextModel model, Query query, Options options) {
    return new SpanReading(model, query, options).sequences();
  }

  @Test
  void windowsAreFullAndNeverLongerThanTheModelReads() {
    var query = new Query("a b", TinyModel.text(100, 34));
    for (int maxTokens : new int[] {20, 30, 1000}) {
      var options = new Options(maxTokens, 6, 2, LongText.WINDOW, 1);
      for (var window : sequences(model, query, options)) {
        assertEquals(Math.min(maxTokens, 30), window.length());
      }
    }
  }

  /** A question of two tokens and its frame leave maxTokens − 5. */
  @ParameterizedTest
  @CsvSource({
    "TRUNCATE,5,1,5 tokens leave room for 0 of the text beside the question but 1 are needed",
    "TRUNCATE,1,1,1 tokens leave room for 0 of the text beside the question but 1 are needed",
    "WINDOW,13,4,13 tokens leave room for 8 of the text beside the question but 9 are needed",
    "WINDOW,30,30,30 tokens leave room for 25 of the text beside the question but 61 are needed",
    "ERROR,30,1,the text has 26 tokens but beside the question there is room for 25"
  })
  void tooLittleRoomIsNamed(LongText longText, int maxTokens, int maxAnswer, String problem) {
    var query = new Query("a b", TinyModel.text(26, 35));
    var options = new Options(maxTokens, 6, maxAnswer, longText, 1);
    var e =
        assertThrows(IllegalArgumentException.class, () -> new SpanReading(model, query, options));
    assertEquals(problem, e.getMessage());
  }

  @Test
  void theLeastRoomIsEnough() {
    var query = new Query("a b", TinyModel.text(26, 35));
    assertEquals(1, sequences(model, query, new Options(6, 6, 1, LongText.TRUNCATE, 1)).size());
    assertEquals(18, sequences(model, query, new Options(14, 6, 4, LongText.WINDOW, 1)).size());
  }
}
