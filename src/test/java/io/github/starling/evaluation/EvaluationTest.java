package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.github.starling.attention.OracleTopKAttention;
import io.github.starling.encoder.TinyModel;
import io.github.starling.kernel.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  private static final Setup SETUP = TinyTasks.setup(Map.of());
  private static final List<Variant> FEW =
      List.of(TinyTasks.exact(), TinyTasks.variant(2, 0), TinyTasks.variant(3, 0));

  @TempDir static Path model;
  @TempDir Path folder;
  private Task task;

  @BeforeAll
  static void write() throws Exception {
    TinyModel.writeWithHeads(model);
  }

  @BeforeEach
  void open() throws Exception {
    task = TinyTasks.QUESTIONS.open(model, 1);
  }

  @AfterEach
  void close() {
    task.close();
  }

  private Evaluation evaluation() throws IOException {
    return new Evaluation(task, SETUP, folder);
  }

  /** Runs variants and returns the groups and seeds of those that were computed. */
  private List<String> run(Evaluation evaluation, List<Variant> variants) throws IOException {
    var computed = new ArrayList<String>();
    evaluation.run(
        variants,
        variant -> {
          computed.add(variant.group() + ", seed " + variant.seed());
          return _ -> {};
        });
    return computed;
  }

  @Test
  void whatIsInTheFileIsNotComputedAgain() throws Exception {
    var first = evaluation();
    assertEquals(
        List.of("full, seed 0", "clustered, 2 clusters, seed 0", "clustered, 3 clusters, seed 0"),
        run(first, FEW));
    assertEquals(List.of(), run(first, FEW));
    var summaries = first.summarize();
    var second = evaluation();
    assertEquals(List.of(), run(second, FEW));
    assertEquals(summaries, second.summarize());
  }

  @Test
  void seedsThatComeLaterJoinTheEarlierOnes() throws Exception {
    run(evaluation(), FEW);
    var more = new ArrayList<>(FEW);
    more.add(TinyTasks.variant(2, 1));
    var evaluation = evaluation();
    assertEquals(List.of("clustered, 2 clusters, seed 1"), run(evaluation, more));
    var seeds = evaluation.summarize().stream().map(Summary::seeds).toList();
    assertEquals(List.of(1, 2, 1), seeds);
  }

  @Test
  void anInterruptedEvaluationKeepsWhatWasDone() throws Exception {
    var evaluation = evaluation();
    assertThrows(
        IllegalStateException.class,
        () ->
            evaluation.run(
                FEW,
                variant ->
                    _ -> {
                      if (variant.clusters() == 3) {
                        throw new IllegalStateException("interrupted");
                      }
                    }));
    assertEquals(List.of("clustered, 3 clusters, seed 0"), run(evaluation(), FEW));
  }

  @Test
  void theFileIsWholeAtAnyTime() throws Exception {
    var evaluation = evaluation();
    var outcomes = new ArrayList<Integer>();
    evaluation.run(FEW, _ -> _ -> outcomes.add(outcomesIn(evaluation.path())));
    // two steps of the progress each
    assertEquals(List.of(0, 0, 1, 1, 2, 2), outcomes);
    evaluation.summarize();
    assertEquals(3, outcomesIn(evaluation.path()));
  }

  /** Parses the file, and checks that it is alone. */
  private int outcomesIn(Path path) {
    try (Stream<Path> files = Files.list(folder)) {
      assertTrue(List.of(path).containsAll(files.toList()));
      if (Files.notExists(path)) {
        return 0;
      }
      var json = JsonParser.parseString(Files.readString(path)).getAsJsonObject();
      assertEquals(12, json.get("items").getAsInt());
      return json.getAsJsonArray("outcomes").size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void errorAndSpeedAreMeasuredOnceForEachGroup() throws Exception {
    var variants = new ArrayList<>(FEW);
    variants.add(TinyTasks.variant(2, 1));
    variants.add(new Variant("oracle-top-k", 0, 0, new OracleTopKAttention(3)));
    var evaluation = evaluation();
    run(evaluation, variants);
    try (var workers = new Workers(1)) {
      evaluation.study(variants, workers);
      var studies = evaluation.summarize().stream().map(Summary::study).toList();
      assertEquals(4, studies.size());
      assertNull(studies.getFirst());
      for (var study : studies.subList(1, 4)) {
        assertEquals(2, study.errors().length);
        assertTrue(study.errors()[0] > 0, "error");
      }
      String before = Files.readString(evaluation.path());
      var again = evaluation();
      again.study(variants, workers);
      again.summarize();
      // times would differ if it had measured again
      assertEquals(before, Files.readString(again.path()));
    }
  }

  @Test
  void headsAreLookedAtOnce() throws Exception {
    var evaluation = evaluation();
    try (var workers = new Workers(1)) {
      evaluation.studyHeads(TinyTasks.variant(2, 0), workers);
      String before = Files.readString(evaluation.path());
      evaluation().studyHeads(TinyTasks.variant(3, 0), workers);
      assertEquals(before, Files.readString(evaluation.path()));
    }
    var json = JsonParser.parseString(Files.readString(evaluation.path())).getAsJsonObject();
    assertEquals(8, json.getAsJsonArray("heads").size());
  }

  @Test
  void withoutExactAttentionNothingIsCompared() throws Exception {
    var evaluation = evaluation();
    run(evaluation, FEW.subList(1, 3));
    var e = assertThrows(IllegalStateException.class, evaluation::summarize);
    assertEquals(evaluation.path() + ": exact attention has not been evaluated", e.getMessage());
  }

  @Test
  void aTaskWithoutItemsIsRefused() throws Exception {
    try (var empty =
        new PassageRetrieval(TinyTasks.embedder(model, 1), TinyTasks.squad(0), false)) {
      var e =
          assertThrows(IllegalArgumentException.class, () -> new Evaluation(empty, SETUP, folder));
      assertEquals("data.json: there is nothing in it to evaluate", e.getMessage());
    }
    assertEquals(0, folder.toFile().list().length);
  }
}
