package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.encoder.TinyModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every task promises. */
class TaskTest {
  @TempDir static Path model;

  @BeforeAll
  static void write() throws Exception {
    TinyModel.writeWithHeads(model);
  }

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameScoresOnAnyNumberOfThreads(TinyTasks kind) throws Exception {
    try (var task = kind.open(model, 1);
        var other = kind.open(model, 2)) {
      var improved = new ImprovedClusteredAttention(ClusterOptions.of(3), 4);
      same(task.scores(new FullAttention(), _ -> {}), other.scores(new FullAttention(), _ -> {}));
      same(task.scores(improved, _ -> {}), other.scores(improved, _ -> {}));
      same(
          task.scores(TinyTasks.clustered(5), _ -> {}),
          other.scores(TinyTasks.clustered(5), _ -> {}));
    }
  }

  private static void same(float[][] expected, float[][] found) {
    assertTrue(Arrays.deepEquals(expected, found), Arrays.deepToString(found));
  }

  @ParameterizedTest
  @EnumSource
  void anotherAttentionGivesOtherScores(TinyTasks kind) throws Exception {
    try (var task = kind.open(model, 1)) {
      var exact = task.scores(new FullAttention(), _ -> {});
      assertFalse(Arrays.deepEquals(exact, task.scores(TinyTasks.clustered(1), _ -> {})));
      same(exact, task.scores(new FullAttention(), _ -> {}));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyItemHasAScoreAndEveryMeasureANumber(TinyTasks kind) throws Exception {
    try (var task = kind.open(model, 1)) {
      var scores = task.scores(new FullAttention(), _ -> {});
      int[] all = IntStream.range(0, task.items()).toArray();
      for (float[] column : scores) {
        assertEquals(task.items(), column.length);
      }
      for (var measure : task.measures()) {
        assertTrue(Double.isFinite(measure.of(scores, all)), measure.name());
        assertTrue(Double.isFinite(measure.of(scores, new int[] {1, 1})), measure.name());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theProgressRisesToTheNumberOfSequences(TinyTasks kind) throws Exception {
    try (var task = kind.open(model, 1)) {
      var done = new AtomicInteger();
      task.scores(
          new FullAttention(),
          now -> assertTrue(now > done.getAndSet(now), "after " + done + " comes " + now));
      assertEquals(task.inputs().lengths().length, done.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theModelIsClosedWithTheTask(TinyTasks kind) throws Exception {
    var task = kind.open(model, 1);
    task.close();
    assertThrows(IllegalStateException.class, () -> task.scores(new FullAttention(), _ -> {}));
  }
}
