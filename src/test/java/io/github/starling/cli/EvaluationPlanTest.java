package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.encoder.LongText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationPlanTest {
  private static final TaskRequest.Options OPTIONS =
      new TaskRequest.Options(2000, false, null, LongText.WINDOW, 8000, 1, 1);

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  private List<TaskRequest> requests() {
    var cache = new ModelCache(folder.resolve("cache"));
    var surroundings =
        new Surroundings(cache, CommandRun.NO_PROGRAMS, false, InputStream.nullInputStream());
    return new EvaluationPlan(folder, OPTIONS, new StarlingCommand(surroundings))
        .requests(warnings::add);
  }

  private void data(String file) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.createFile(path);
  }

  @Test
  void withoutDataNothingIsAskedForAndEachTaskIsNamed() {
    assertEquals(List.of(), requests());
    assertEquals(17, warnings.size());
    assertTrue(
        warnings.contains("left out probe, CoLA: " + folder.resolve("CoLA") + " is not there"),
        warnings.toString());
  }

  @Test
  void modelsThatCanBeFetchedNeedNotBeThere() throws IOException {
    data("xquad/xquad.en.json");
    var found = requests().stream().map(r -> r.model() + " " + r.title() + wide(r)).toList();
    assertEquals(
        List.of(
            "bert-base-uncased mlm, xquad.en.json",
            "all-MiniLM-L6-v2 retrieval, xquad.en.json",
            "all-MiniLM-L6-v2 retrieval, xquad.en.json, articles",
            "e5-small-v2 retrieval, xquad.en.json",
            "e5-small-v2 retrieval, xquad.en.json, articles"),
        found);
  }

  private static String wide(TaskRequest request) {
    return request.options().wholeArticles() ? ", articles" : "";
  }

  @Test
  void speechIsDoneInClipsOfTwoLengths() throws IOException {
    data("speech/clips/clips.tsv");
    assertEquals(
        List.of(
            "moonshine-base asr, clips.tsv",
            "moonshine-base asr, clips.tsv, 2 clips in one",
            "moonshine-tiny asr, clips.tsv",
            "moonshine-tiny asr, clips.tsv, 2 clips in one"),
        requests().stream().map(r -> r.model() + " " + r.title()).toList());
  }

  @Test
  void theModelForQuestionsMustBeMadeByHand() throws IOException {
    data("squad/squad-test.json");
    data("squad/squad-test-long.json");
    assertEquals(List.of(), requests());
    assertTrue(
        warnings.contains(
            "left out qa, squad-test.json: there is no model bert-base-uncased-squad"),
        warnings.toString());
    Files.createDirectories(folder.resolve("cache/models/bert-base-uncased-squad"));
    var options = requests().stream().map(TaskRequest::options).toList();
    assertEquals(List.of(OPTIONS.cutTo(384), OPTIONS.cutTo(512)), options);
    assertEquals(LongText.TRUNCATE, options.getFirst().longText());
  }
}
