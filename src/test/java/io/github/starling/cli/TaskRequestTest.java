package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.encoder.LongText;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskRequestTest {
  private static final TaskRequest.Options OPTIONS =
      new TaskRequest.Options(99, false, null, LongText.WINDOW, 77, 3, 1);

  private static Map<String, Object> options(TaskKind kind, TaskRequest.Options options) {
    var setup = new TaskRequest(kind, null, Path.of("d/x.json"), options).setup(Path.of("m"), 32);
    assertEquals(kind.name().toLowerCase(Locale.ROOT), setup.task());
    assertEquals("x.json", setup.data());
    return setup.options();
  }

  @Test
  void onlyWhatDecidesTheOutcomeOfATaskIsInItsSetup() {
    assertEquals(Map.of("top_k", 32, "masked", 99), options(TaskKind.MLM, OPTIONS));
    var twice = new TaskRequest.Options(99, false, null, LongText.WINDOW, 77, 3, 2);
    assertEquals(Map.of("top_k", 32, "masked", 99, "masks", 2), options(TaskKind.MLM, twice));
    assertEquals(Map.of("top_k", 32, "trained", 77), options(TaskKind.PROBE, OPTIONS));
    assertEquals(Map.of("top_k", 32), options(TaskKind.STS, OPTIONS));
    assertEquals(
        Map.of("top_k", 32, "passages", "paragraphs"), options(TaskKind.RETRIEVAL, OPTIONS));
    assertEquals(
        Map.of("top_k", 32, "passages", "articles"),
        options(TaskKind.RETRIEVAL, OPTIONS.ofArticles()));
    assertEquals(
        Map.of("top_k", 32, "tokens", "all", "long", "window"), options(TaskKind.QA, OPTIONS));
    assertEquals(
        Map.of("top_k", 32, "tokens", "384", "long", "truncate"),
        options(TaskKind.QA, OPTIONS.cutTo(384)));
    assertEquals(Map.of("top_k", 32, "join", 3), options(TaskKind.ASR, OPTIONS));
    assertEquals(Map.of("top_k", 32, "join", 2), options(TaskKind.ASR, OPTIONS.joinedBy(2)));
  }

  @Test
  void clipsThatAreSomeInOneHaveATitleOfTheirOwn() {
    var data = Path.of("d/clips.tsv");
    var request = new TaskRequest(TaskKind.ASR, null, data, OPTIONS);
    assertEquals("asr, clips.tsv, 3 clips in one", request.title());
    var single = new TaskRequest(TaskKind.ASR, null, data, OPTIONS.joinedBy(1));
    assertEquals("asr, clips.tsv", single.title());
  }

  @Test
  void theModelIsNamedByItsFolder() {
    var request = new TaskRequest(TaskKind.STS, null, Path.of("x.csv"), OPTIONS);
    assertEquals("MiniLM", request.setup(Path.of("models/old/../MiniLM/."), 1).model());
    assertEquals("sts, x.csv", request.title());
  }
}
