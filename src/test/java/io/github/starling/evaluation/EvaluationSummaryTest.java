package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.encoder.QuestionAnswerer;
import io.github.starling.encoder.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers worked by hand: F1 and exact match, in per cent, of two questions. */
class EvaluationSummaryTest {
  private static final Setup SETUP = TinyTasks.setup(Map.of());

  @TempDir Path model;
  @TempDir Path folder;
  private Task task;
  private EvaluationFile file;

  @BeforeEach
  void open() throws Exception {
    TinyModel.writeWithHeads(model);
    task =
        new QuestionAnswering(
            QuestionAnswerer.open(model, 1), TinyTasks.squad(2), TinyTasks.READING);
    file = EvaluationFile.open(folder, SETUP);
    file.describe(task);
    add("full", 0, 0, 1, 1);
  }

  @AfterEach
  void close() {
    task.close();
  }

  /** Adds an outcome whose exact match is twice zero. */
  private void add(String kind, int clusters, long seed, float first, float second)
      throws IOException {
    file.add(new Outcome(kind, clusters, seed, new float[][] {{0, 0}, {first, second}}));
  }

  private List<Summary> summaries() throws IOException {
    return new Evaluation(task, SETUP, folder).summarize();
  }

  @Test
  void aDifferenceIsThatOfTheSameItems() throws IOException {
    add("clustered", 25, 0, 0, 1);
    var value = summaries().get(1).values().getFirst();
    // samples of the two items have differences −100, −50 and 0 with chances 1/4, 1/2, 1/4
    assertEquals(new Summary.Value("F1", 50, 0, -50, new Interval(-100, 0)), value);
  }

  @Test
  void seedsAreAveragedItemByItem() throws IOException {
    add("clustered", 25, 0, 0, 1);
    add("clustered", 25, 1, 1, 1);
    var summary = summaries().get(1);
    assertEquals(2, summary.seeds());
    // 50 and 100: mean 75, deviation 25·√2; the first item is worse by 50 in the mean
    assertEquals(
        new Summary.Value("F1", 75, 25 * Math.sqrt(2), -25, new Interval(-50, 0)),
        summary.values().getFirst());
  }

  @Test
  void exactAttentionDiffersFromItselfByNothing() throws IOException {
    var zero = new Interval(0, 0);
    assertEquals(
        new Summary(
            "full",
            0,
            1,
            List.of(
                new Summary.Value("F1", 100, 0, 0, zero),
                new Summary.Value("exact match", 0, 0, 0, zero)),
            null,
            Double.NaN),
        summaries().getFirst());
  }

  @Test
  void exactAttentionComesFirstAndThenEachKindByItsClusters() throws IOException {
    add("improved-clustered", 100, 0, 1, 1);
    add("improved-clustered", 25, 1, 1, 1);
    add("clustered", 100, 0, 1, 1);
    add("improved-clustered", 25, 0, 1, 1);
    add("clustered", 9, 0, 1, 1);
    assertEquals(
        List.of(
            "full",
            "clustered, 9 clusters",
            "clustered, 100 clusters",
            "improved-clustered, 25 clusters",
            "improved-clustered, 100 clusters"),
        summaries().stream().map(s -> Variant.group(s.kind(), s.clusters())).toList());
  }
}
