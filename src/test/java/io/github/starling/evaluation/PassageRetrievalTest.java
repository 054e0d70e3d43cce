package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.Embedding;
import io.github.starling.encoder.TinyModel;
import io.github.starling.encoder.TokenSequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassageRetrievalTest {
  private static final String[] TEXTS = {
    TinyModel.text(9, 1), TinyModel.text(9, 2), TinyModel.text(9, 3), TinyModel.text(9, 4)
  };

  @TempDir static Path model;

  @BeforeAll
  static void write() throws Exception {
    TinyModel.writeWithHeads(model);
  }

  private static SquadData.Paragraph paragraph(int context, int question) {
    return TinyTasks.paragraph(TEXTS[context], TEXTS[question], "a");
  }

  private static List<TokenSequence> sequences(Task task) {
    return ((TextInputs) task.inputs()).sequences();
  }

  @Test
  void aQuestionThatIsItsPassageComesFirst() throws Exception {
    var data =
        TinyTasks.article(paragraph(0, 0), paragraph(1, 1), paragraph(2, 3), paragraph(3, 3));
    try (var task = new PassageRetrieval(TinyTasks.embedder(model, 1), data, false)) {
      float[] ranks = task.scores(new FullAttention(), _ -> {})[0];
      assertEquals(1, ranks[0]);
      assertEquals(1, ranks[1]);
      assertTrue(ranks[2] > 1, "another passage is the question itself: " + ranks[2]);
      assertEquals(1, ranks[3]);
      assertEquals(8, sequences(task).size());
    }
  }

  @Test
  void ranksAreByTheCosineOfEmbeddings() throws Exception {
    var data = TinyTasks.squad(10);
    var embedder = TinyTasks.embedder(model, 1);
    try (var task = new PassageRetrieval(embedder, data, false)) {
      float[] ranks = task.scores(new FullAttention(), _ -> {})[0];
      var paragraphs = data.articles().stream().flatMap(a -> a.paragraphs().stream()).toList();
      var passages = embedder.embed(paragraphs.stream().map(p -> p.context()).toList());
      for (int q = 0; q < ranks.length; q++) {
        var query = embedder.embed(paragraphs.get(q).questions().getFirst().text()).vector();
        double right = Embedding.cosine(query, passages.get(q).vector());
        long before =
            passages.stream().filter(p -> Embedding.cosine(query, p.vector()) > right).count();
        assertEquals(1 + before, ranks[q], "question " + q);
      }
    }
  }

  @Test
  void aWholeArticleIsOnePassageOfAllItsQuestions() throws Exception {
    String joined = TEXTS[0] + "\n" + TEXTS[1];
    var data =
        new SquadData(
            List.of(
                new SquadData.Article(
                    "",
                    List.of(
                        TinyTasks.paragraph(TEXTS[0], joined, "a"),
                        TinyTasks.paragraph(TEXTS[1], joined, "a"))),
                new SquadData.Article("", List.of(paragraph(2, 2)))));
    try (var task = new PassageRetrieval(TinyTasks.embedder(model, 1), data, true)) {
      assertEquals(2 + 3, sequences(task).size());
      assertArrayEquals(new float[] {1, 1, 1}, task.scores(new FullAttention(), _ -> {})[0]);
    }
  }

  @Test
  void questionsAndPassagesHaveTheirOwnPrompts(@TempDir Path prompted) throws Exception {
    TinyModel.writeWithHeads(prompted);
    Files.writeString(
        prompted.resolve("config_sentence_transformers.json"),
        "{\"prompts\": {\"query\": \"a \", \"passage\": \"b \"}}");
    var data = TinyTasks.article(TinyTasks.paragraph("c", "d", "c"));
    try (var task = new PassageRetrieval(TinyTasks.embedder(prompted, 1), data, false)) {
      var ids = sequences(task).stream().map(s -> Arrays.toString(s.ids())).toList();
      assertEquals(List.of("[2, 6, 7, 3]", "[2, 5, 8, 3]"), ids);
    }
  }

  @Test
  void measuresAreSharesOfQuestionsAndReciprocalRanks() throws Exception {
    try (var task = new PassageRetrieval(TinyTasks.embedder(model, 1), TinyTasks.squad(2), false)) {
      float[][] scores = {{1, 2, 5, 10}};
      int[] all = {0, 1, 2, 3};
      var names = task.measures().stream().map(Measure::name).toList();
      assertEquals(List.of("R@1", "R@5", "MRR"), names);
      assertEquals(0.25, task.measures().get(0).of(scores, all));
      assertEquals(0.75, task.measures().get(1).of(scores, all));
      assertEquals(1.8 / 4, task.measures().get(2).of(scores, all), 1e-15);
    }
  }
}
