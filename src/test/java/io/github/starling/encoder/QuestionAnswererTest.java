package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.QuestionAnswerer.Answer;
import io.github.starling.encoder.QuestionAnswerer.Options;
import io.github.starling.encoder.QuestionAnswerer.Query;
import io.github.starling.model.ModelType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuestionAnswererTest {
  @TempDir Path folder;

  private static TinyModel model(ModelType type) {
    var model = new TinyModel(type);
    model.questionOutputs = 2;
    model.isPrefixed = true;
    return model;
  }

  private static Options options(int count) {
    return new Options(TinyModel.POSITIONS, 64, 3, LongText.WINDOW, count);
  }

  private static List<Answer> answer(QuestionAnswerer model, Query query, Options options) {
    return model.answer(List.of(query), options, new FullAttention()).getFirst();
  }

  /** Of 5 tokens a to d, token 4 + t of the pair is character 2t of the text. */
  @ParameterizedTest
  @EnumSource
  void everySpanHasTheScoreOfTheFormulas(ModelType type) throws Exception {
    var tiny = model(type);
    tiny.write(folder);
    int second = type == ModelType.BERT ? 1 : 0;
    var types = new int[] {0, 0, 0, 0, second, second, second, second, second, second};
    var naive = tiny.naive();
    int[] ids = {2, 6, 5, 3, 5, 6, 7, 8, 5, 3};
    double[][] logits = naive.dense(naive.run(ids, types), "qa_outputs");
    double total = 0;
    for (int first = 0; first < 5; first++) {
      for (int last = first; last < Math.min(5, first + 3); last++) {
        total += Math.exp(logits[4 + first][0] + logits[4 + last][1]);
      }
    }
    try (var model = QuestionAnswerer.open(folder, 1)) {
      var answers = answer(model, new Query("b a", "a b c d a"), options(100));
      assertEquals(5 + 4 + 3, answers.size());
      double last = Double.POSITIVE_INFINITY;
      for (var answer : answers) {
        double score = logits[4 + answer.start() / 2][0] + logits[4 + answer.end() / 2][1];
        assertEquals(score, answer.score(), 2e-5 * Math.max(1, Math.abs(score)));
        assertEquals(Math.exp(score) / total, answer.probability(), 2e-5);
        assertTrue(answer.score() <= last, "the best first");
        last = answer.score();
      }
      float[][] ofText =
          model
              .spanLogits(new Query("b a", "a b c d a"), options(1), new FullAttention())
              .getFirst();
      for (int end = 0; end < 2; end++) {
        assertEquals(5, ofText[end].length);
        for (int t = 0; t < 5; t++) {
          double logit = logits[4 + t][end];
          assertEquals(logit, ofText[end][t], 2e-5 * Math.max(1, Math.abs(logit)));
        }
      }
      assertEquals(
          answers.getFirst(), answer(model, new Query("b a", "a b c d a"), options(1)).getFirst());
    }
  }

  @Test
  void spansOfALongTextCountOnceEach() throws Exception {
    model(ModelType.BERT).write(folder);
    int n = 200;
    var query = new Query("a b", TinyModel.text(n, 41));
    try (var model = QuestionAnswerer.open(folder, 2)) {
      assertTrue(model.sequences(query, options(1)).size() > 9);
      var answers = answer(model, query, options(10 * n));
      var places = new HashSet<String>();
      double sum = 0;
      for (var answer : answers) {
        places.add(answer.start() + " " + answer.end());
        sum += answer.probability();
      }
      assertEquals(3 * n - 3, answers.size());
      assertEquals(3 * n - 3, places.size());
      assertEquals(1, sum, 1e-9);
    }
  }

  @Test
  void aTextWithoutTokensHasNoAnswer() throws Exception {
    model(ModelType.ROBERTA).write(folder);
    try (var model = QuestionAnswerer.open(folder, 1)) {
      assertEquals(List.of(), model.answer("a", ""));
      assertEquals(List.of(), model.answer("", " \n"));
      assertEquals(1, model.answer("", "a").size());
      assertEquals(List.of(), model.answer(List.of(), options(1), new FullAttention()));
    }
  }

  @Test
  void aQueryGivesTheSameBitsOnAnyNumberOfThreadsAndInAnyCompany() throws Exception {
    model(ModelType.BERT).write(folder);
    var queries = new ArrayList<Query>();
    for (int i = 0; i < 20; i++) {
      queries.add(new Query(TinyModel.text(i % 4, i), TinyModel.text(i * 13 % 90, i)));
    }
    var expected = new ArrayList<List<Answer>>();
    try (var model = QuestionAnswerer.open(folder, 1)) {
      for (var query : queries) {
        expected.add(answer(model, query, options(5)));
      }
    }
    for (int threads : new int[] {1, 2, 7}) {
      try (var model = QuestionAnswerer.open(folder, threads)) {
        var found = model.answer(queries, options(5), new FullAttention());
        assertEquals(expected, found, threads + " threads");
      }
    }
  }

  @Test
  void defaultsAreThoseOfSquad() throws Exception {
    model(ModelType.DISTILBERT).write(folder);
    try (var model = QuestionAnswerer.open(folder, 1)) {
      var defaults = Options.defaults(model);
      assertEquals(new Options(30, 64, 30, LongText.WINDOW, 1), defaults);
      assertEquals(new Options(30, 64, 30, LongText.WINDOW, 7), defaults.withCount(7));
    }
  }

  @Test
  void optionsBelowOneAreNamed() {
    for (int wrong = 0; wrong < 4; wrong++) {
      int[] n = {9, 8, 7, 6};
      n[wrong] = 0;
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> new Options(n[0], n[1], n[2], LongText.ERROR, n[3]));
      assertTrue(e.getMessage().contains("%d, %d, %d and %d".formatted(n[0], n[1], n[2], n[3])));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aModelWithoutTheHeadSaysSo(ModelType type) throws Exception {
    new TinyModel(type).write(folder);
    refused("no head for questions", " qa_outputs.weight");
  }

  @Test
  void aHeadWithThreeOutputsIsNamed() throws Exception {
    var tiny = model(ModelType.BERT);
    tiny.questionOutputs = 3;
    tiny.write(folder);
    refused("qa_outputs must have 2 outputs, start and end, but has 3");
  }

  @Test
  void aHeadOfAnotherWidthIsNamed() throws Exception {
    var tiny = model(ModelType.BERT);
    tiny.headColumns = 19;
    tiny.write(folder);
    refused("qa_outputs.weight has shape [2, 19]", "[2, 20]");
  }

  private void refused(String... problems) {
    var e = assertThrows(IOException.class, () -> QuestionAnswerer.open(folder, 1));
    assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
    for (String problem : problems) {
      assertTrue(e.getMessage().contains(problem), e.getMessage());
    }
  }

  @Test
  void aClosedModelSaysSo() throws Exception {
    model(ModelType.BERT).write(folder);
    var model = QuestionAnswerer.open(folder, 2);
    model.answer("a", "b");
    model.close();
    model.close();
    var e = assertThrows(IllegalStateException.class, () -> model.answer("a", "b"));
    assertEquals("this encoder is closed", e.getMessage());
  }
}
