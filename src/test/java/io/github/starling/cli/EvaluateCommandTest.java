package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.starling.encoder.TinyModel;
import io.github.starling.evaluation.TinyClips;
import io.github.starling.evaluation.WordNormalizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvaluateCommandTest {
  @TempDir static Path model;
  @TempDir static Path speech;
  private static Path recogniser;
  @TempDir Path folder;

  @BeforeAll
  static void write() throws Exception {
    TinyModel.writeWithHeads(model);
    recogniser = TinyClips.model(speech);
  }

  private CommandRun evaluate(TaskKind kind, Object... args) throws IOException {
    Path data = EvaluationFiles.write(kind, folder);
    var words =
        new ArrayList<Object>(
            List.of("evaluate", kind.name().toLowerCase(Locale.ROOT), "--data", data));
    words.addAll(List.of("--model", kind == TaskKind.ASR ? recogniser : model, "--clusters", "2"));
    words.addAll(List.of(args));
    return CommandRun.of(folder.resolve("cache"), words.toArray());
  }

  /** Returns the only file of outcomes, which the command must have named. */
  private static String kept(CommandRun run) throws IOException {
    assertEquals(0, run.status(), run.err());
    String prefix = "starling: kept in ";
    assertTrue(run.err().startsWith(prefix), run.err());
    return Files.readString(Path.of(run.err().strip().substring(prefix.length())));
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  /** Returns the first columns of the rows of the first measure. */
  private static List<String> rows(CommandRun run) {
    return run.out()
        .lines()
        .dropWhile(line -> !line.startsWith("full "))
        .takeWhile(line -> !line.isEmpty())
        .map(line -> String.join(" ", List.of(line.split("\\s+")).subList(0, 3)))
        .collect(Collectors.toList());
  }

  @ParameterizedTest
  @EnumSource
  void everyTaskIsDoneOnceWithEachKindAndSeed(TaskKind kind) throws IOException {
    var run = evaluate(kind, "--seeds", "2");
    var json = json(kept(run));
    assertEquals(1 + 2 * 2, json.getAsJsonArray("outcomes").size());
    assertEquals(2, json.getAsJsonArray("studies").size());
    boolean hasHeads = kind == TaskKind.MLM || kind == TaskKind.QA;
    assertEquals(hasHeads ? 8 : 0, json.getAsJsonArray("heads").size());
    assertEquals(kind == TaskKind.ASR, json.has("rotary"));
    var rows = rows(run);
    assertTrue(rows.removeFirst().startsWith("full 1 "), run.out());
    assertEquals(List.of("clustered 2 2", "improved-clustered 2 2"), rows);
    // times would differ if anything were computed again
    var again = evaluate(kind, "--seeds", "2");
    assertEquals(json, json(kept(again)));
    assertEquals(run.out(), again.out());
  }

  @Test
  void moreSeedsJoinTheEarlierOnes() throws IOException {
    kept(evaluate(TaskKind.STS, "--seeds", "1"));
    var run = evaluate(TaskKind.STS, "--seeds", "3", "--attention", "clustered");
    assertEquals(3 + 2, json(kept(run)).getAsJsonArray("outcomes").size());
    assertEquals("clustered 2 3", rows(run).get(1));
    assertEquals("improved-clustered 2 1", rows(run).get(2));
  }

  @Test
  void outcomesAreTheSameOnAnyNumberOfThreads() throws IOException {
    var one =
        evaluate(TaskKind.QA, "--seeds", 1, "--threads", 1, "--results", folder.resolve("one"));
    var two =
        evaluate(TaskKind.QA, "--seeds", 1, "--threads", 2, "--results", folder.resolve("two"));
    for (String member : List.of("outcomes", "summaries", "heads")) {
      assertEquals(json(kept(one)).get(member), json(kept(two)).get(member), member);
    }
  }

  @Test
  void clipsAreJoinedAndTheTableSaysHowWordsAreCompared() throws IOException {
    kept(evaluate(TaskKind.ASR, "--seeds", "1"));
    var run = evaluate(TaskKind.ASR, "--seeds", "1", "--join", "2", "--clustering", "runs");
    var json = json(kept(run));
    assertEquals(2, folder.resolve("cache/evaluations").toFile().list().length);
    assertEquals("{\"join\":2,\"top_k\":32}", json.get("options").toString());
    assertEquals(3, json.get("items").getAsInt());
    var lines = run.out().lines().toList();
    assertTrue(
        lines
            .get(1)
            .matches("asr, clips.tsv, 2 clips in one with moonshine: 3 items, .* frames in .*"),
        run.out());
    assertTrue(lines.get(2).contains(WordNormalizer.RULE), run.out());
    assertEquals(json.get("remark").getAsString(), lines.get(2));
    assertEquals("clustered-runs 2 1", rows(run).get(1));
    assertEquals("improved-clustered-runs 2 1", rows(run).get(2));
  }

  @Test
  void whatAnEarlierVersionDidNotLookAtIsAdded() throws IOException {
    var run = evaluate(TaskKind.ASR, "--seeds", "1");
    var whole = json(kept(run));
    assertEquals(2, whole.getAsJsonObject("rotary").getAsJsonArray("layers").size());
    var earlier = whole.deepCopy();
    earlier.remove("rotary");
    Path file = Path.of(run.err().strip().substring("starling: kept in ".length()));
    Files.writeString(file, earlier.toString());
    // times would differ if anything else were computed again
    assertEquals(whole, json(kept(evaluate(TaskKind.ASR, "--seeds", "1", "--attention", "full"))));
  }

  @Test
  void theDivergenceOfAnswersIsAddedToWhatWasKeptWithout() throws IOException {
    var run = evaluate(TaskKind.QA, "--seeds", "1");
    var whole = json(kept(run));
    var earlier = whole.deepCopy();
    for (var study : earlier.getAsJsonArray("studies")) {
      assertNotNull(study.getAsJsonObject().remove("divergence"), run.out());
    }
    Path file = Path.of(run.err().strip().substring("starling: kept in ".length()));
    Files.writeString(file, earlier.toString());
    // times would differ if anything else were computed again
    assertEquals(whole, json(kept(evaluate(TaskKind.QA, "--seeds", "1"))));
    String row = run.out().lines().filter(l -> l.startsWith("clustered ")).findFirst().get();
    assertTrue(row.matches(".* × +0\\.\\d*[1-9]\\d*"), row);
    Path docs = Files.createDirectory(folder.resolve("docs"));
    EvaluationPages.write(folder.resolve("cache/evaluations"), docs);
    String page = Files.readString(docs.resolve("accuracy.md"));
    assertTrue(page.contains(" | encoder speed-up | divergence |\n"), page);
    assertTrue(page.matches("(?s).*\n\\| clustered \\| 2 [^\n]* × \\| 0\\.\\d{3} \\|\n.*"), page);
  }

  @Test
  void aKindWithoutSeedsIsComparedOnce() throws IOException {
    var run = evaluate(TaskKind.STS, "--attention", "oracle-top-k,full", "--top-k", "3");
    assertEquals(2, json(kept(run)).getAsJsonArray("outcomes").size());
    String row = run.out().lines().filter(l -> l.startsWith("oracle-top-k")).findFirst().get();
    assertTrue(row.matches("oracle-top-k +1 +-?0\\.\\d+ +[+-]0\\.\\d+ +[+-].* to .* ×"), row);
  }

  @Test
  void otherOptionsAreAnotherEvaluation() throws IOException {
    kept(evaluate(TaskKind.MLM, "--seeds", "1", "--masked", "12"));
    var run = evaluate(TaskKind.MLM, "--seeds", "1", "--masked", "20");
    assertEquals("{\"masked\":20,\"top_k\":32}", json(kept(run)).get("options").toString());
    assertEquals(20, json(kept(run)).get("items").getAsInt());
    // beside the models by default
    assertEquals(2, folder.resolve("cache/evaluations").toFile().list().length);
  }

  @Test
  void textsAreMaskedSeveralTimes() throws IOException {
    kept(evaluate(TaskKind.MLM, "--seeds", "1", "--masked", "12"));
    var run = evaluate(TaskKind.MLM, "--seeds", "1", "--masked", "12", "--masks", "3");
    assertEquals(36, json(kept(run)).get("items").getAsInt());
    assertTrue(run.out().contains("mlm, words.txt, 3 masks with "), run.out());
    Path docs = Files.createDirectory(folder.resolve("docs"));
    EvaluationPages.write(folder.resolve("cache/evaluations"), docs);
    String page = Files.readString(docs.resolve("accuracy.md"));
    assertTrue(page.contains("\n## mlm, words.txt, 3 masks, "), page);
  }

  @Test
  void colaHasFileNamesOfItsOwn() throws IOException {
    EvaluationFiles.write(TaskKind.PROBE, folder);
    for (String name : List.of("train.tsv", "dev.tsv")) {
      Files.move(folder.resolve(name), folder.resolve("in_domain_" + name));
    }
    var run =
        CommandRun.of(
            folder,
            "evaluate",
            "PROBE",
            "--data",
            folder,
            "--model",
            model,
            "--seeds",
            "1",
            "--clusters",
            "2",
            "--train",
            "30");
    var options = json(kept(run)).get("options").toString();
    assertEquals("{\"top_k\":32,\"trained\":30}", options);
  }

  @Test
  void allDoesWhatIsThereAndNamesTheRest() throws IOException {
    EvaluationFiles.sts(Files.createDirectory(folder.resolve("STS-B")).resolve("test.csv"));
    Path models = Files.createDirectories(folder.resolve("cache/models"));
    for (String name : List.of("all-MiniLM-L6-v2", "e5-small-v2")) {
      Files.createSymbolicLink(models.resolve(name), model);
    }
    var run =
        CommandRun.of(
            folder.resolve("cache"),
            "evaluate",
            "--all",
            "--data",
            folder,
            "--seeds",
            "1",
            "--clusters",
            "2",
            "--results",
            folder.resolve("outcomes"));
    assertEquals(0, run.status(), run.err());
    Path xquad = folder.resolve("xquad/xquad.en.json");
    assertTrue(
        run.err().startsWith("starling: left out mlm, xquad.en.json: " + xquad + " is not there"),
        run.err());
    var titles = run.out().lines().filter(line -> line.startsWith("sts, test.csv with ")).toList();
    assertEquals(2, titles.size(), run.out());
    assertEquals(2, folder.resolve("outcomes").toFile().list().length);
  }
}
