package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.LongText;
import io.github.starling.encoder.QuestionAnswerer;
import io.github.starling.encoder.QuestionAnswerer.Options;
import io.github.starling.encoder.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionAnsweringTest {
  @TempDir Path folder;
  private QuestionAnswerer model;

  @BeforeEach
  void open() throws Exception {
    TinyModel.writeWithHeads(folder);
    model = QuestionAnswerer.open(folder, 1);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private float[][] scores(SquadData data) {
    return new QuestionAnswering(model, data, TinyTasks.READING)
        .scores(new FullAttention(), _ -> {});
  }

  /** Of 20 questions, which are more than are answered at once. */
  @Test
  void theBestAnswerIsScoredByTheMeasureOfSquad() {
    var data = TinyTasks.squad(20);
    float[][] scores = scores(data);
    int i = 0;
    for (var article : data.articles()) {
      for (var paragraph : article.paragraphs()) {
        var question = paragraph.questions().getFirst();
        var query = new QuestionAnswerer.Query(question.text(), paragraph.context());
        var found = model.answer(List.of(query), TinyTasks.READING, new FullAttention()).getFirst();
        var right = List.of(question.answers().getFirst().text());
        var expected = SquadScore.of(found.getFirst().text(), right);
        assertEquals(expected.exactMatch(), scores[0][i], "question " + i);
        assertEquals(expected.f1(), scores[1][i++], 1e-7, "question " + i);
      }
    }
    assertEquals(20, i);
  }

  @Test
  void theModelsOwnAnswerIsRightAndAnotherWrong() {
    String context = TinyModel.text(12, 4);
    var query = new QuestionAnswerer.Query("a", context);
    String own =
        model
            .answer(List.of(query), TinyTasks.READING, new FullAttention())
            .getFirst()
            .getFirst()
            .text();
    float[][] scores =
        scores(
            TinyTasks.article(
                TinyTasks.paragraph(context, "a", own),
                TinyTasks.paragraph(context, "a", "[UNK]"),
                TinyTasks.paragraph(" ", "a", own)));
    assertEquals(List.of(1f, 0f, 0f), List.of(scores[0][0], scores[0][1], scores[0][2]));
    // a text without tokens has no answer
    assertEquals(List.of(0f, 0f), List.of(scores[1][1], scores[1][2]));
  }

  /** Of 120 questions in one window or two, every second or third is looked at. */
  @Test
  void divergencesAreMeansOverQuestionsSpreadEvenly() {
    var queries = new ArrayList<QuestionAnswerer.Query>();
    var paragraphs = new ArrayList<SquadData.Paragraph>();
    for (int i = 0; i < 120; i++) {
      String context = TinyModel.text(15 + i % 7 * 3, i);
      paragraphs.add(TinyTasks.paragraph(context, "a b", context.substring(0, 1)));
      queries.add(new QuestionAnswerer.Query("a b", context));
    }
    var data = TinyTasks.article(paragraphs.toArray(SquadData.Paragraph[]::new));
    var task = new QuestionAnswering(model, data, TinyTasks.READING);
    var clustered = TinyTasks.clustered(0);
    double expected = 0;
    for (int s = 0; s < 48; s++) {
      var query = queries.get(s * 120 / 48);
      var exact = model.spanLogits(query, TinyTasks.READING, new FullAttention());
      var other = model.spanLogits(query, TinyTasks.READING, clustered);
      double sum = 0;
      for (int w = 0; w < exact.size(); w++) {
        sum += Divergence.of(exact.get(w)[0], other.get(w)[0]);
        sum += Divergence.of(exact.get(w)[1], other.get(w)[1]);
      }
      expected += sum / exact.size() / 48;
    }
    double[] found = task.divergences(List.of(new FullAttention(), clustered));
    assertEquals(0, found[0]);
    assertTrue(expected > 0, "divergence " + expected);
    assertEquals(expected, found[1], 1e-12);
  }

  @Test
  void measuresAreInPerCent() {
    var task = new QuestionAnswering(model, TinyTasks.squad(2), TinyTasks.READING);
    float[][] scores = {{1, 0, 0, 0}, {1, 0.5f, 0, 0}};
    int[] all = {0, 1, 2, 3};
    assertEquals("F1", task.measures().get(0).name());
    assertEquals(37.5, task.measures().get(0).of(scores, all));
    assertEquals(25, task.measures().get(1).of(scores, all));
  }

  @Test
  void aTextThatIsTooLongCanBeRefused() {
    var options = new Options(TinyModel.POSITIONS, 10, 3, LongText.ERROR, 1);
    var data = TinyTasks.article(TinyTasks.paragraph(TinyModel.text(40, 1), "a", "b"));
    var task = new QuestionAnswering(model, data, options);
    var e = assertThrows(IllegalArgumentException.class, task::inputs);
    assertTrue(e.getMessage().contains("the text has 40 tokens"), e.getMessage());
  }
}
