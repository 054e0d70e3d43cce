package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.encoder.TinyModel;
import io.github.starling.evaluation.TinyClips;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What evaluate says to data and options that are not as they must be. */
class EvaluateRefusalTest {
  @TempDir static Path model;
  @TempDir Path folder;

  @BeforeAll
  static void write() throws Exception {
    TinyModel.writeWithHeads(model);
  }

  @AfterEach
  void nothingIsKept() {
    var kept = folder.resolve("kept").toFile().list();
    assertEquals(List.of(), kept == null ? List.of() : List.of(kept));
  }

  private CommandRun evaluate(String task, Path data, Object... args) {
    var words = new ArrayList<Object>(List.of("evaluate", task, "--data", data));
    words.addAll(List.of("--model", model, "--results", folder.resolve("kept")));
    words.addAll(List.of(args));
    return CommandRun.of(folder, words.toArray());
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @CsvSource({
    "clusters,0,1 to 65536",
    "clusters,-1,1 to 65536",
    "clusters,65537,1 to 65536",
    "top-k,0,at least 1",
    "seeds,0,at least 1",
    "masked,-1,at least 1",
    "masks,0,at least 1",
    "train,0,at least 1",
    "max-tokens,0,at least 1",
    "join,0,at least 1"
  })
  void numbersOutOfRange(String option, int value, String range) {
    CommandRun.of(
            folder, "evaluate", "sts", "--data", "x", "--model", "no/such", option(option, value))
        .refused(1, "--%s must be %s, not %d".formatted(option, range, value));
  }

  private static String option(String name, int value) {
    return "--" + name + "=" + value;
  }

  @Test
  void runsForNoKindThatHasThem() {
    evaluate("sts", folder, "--clustering", "runs", "--attention", "refined-clustered,local")
        .refused(
            2,
            "--clustering runs is for clustered, improved-clustered, causal-improved-clustered,"
                + " not for refined-clustered, local");
  }

  @Test
  void badUsage() throws IOException {
    String what =
        "what is to be evaluated? Name a task and --data, or --all and --data,"
            + " or --ablation and --data";
    CommandRun.of(folder, "evaluate").refused(2, what);
    CommandRun.of(folder, "evaluate", "sts").refused(2, what);
    CommandRun.of(folder, "evaluate", "--all").refused(2, what);
    CommandRun.of(folder, "evaluate", "--ablation").refused(2, what);
    evaluate("translation", folder)
        .refused(
            2,
            "Invalid value for positional parameter at index 0 (TASK): expected one of [MLM,"
                + " RETRIEVAL, QA, STS, PROBE, ASR] (case-insensitive) but was 'translation'");
    evaluate("sts", folder, "--seeds", "many")
        .refused(2, "Invalid value for option '--seeds': 'many' is not an int");
    Path squad = EvaluationFiles.squad(folder.resolve("squad.json"));
    CommandRun.of(folder, "evaluate", "qa", "--data", squad)
        .refused(2, "qa has no usual model: name one with --model");
  }

  @Test
  void dataThatIsNotThereIsNamedBeforeTheModel() {
    Path missing = folder.resolve("missing.csv");
    CommandRun.of(folder, "evaluate", "sts", "--data", missing, "--model", "no/such/model")
        .refused(1, missing + ": no such file or folder");
    evaluate("mlm", folder).refused(1, folder + ": a folder, not a file");
    evaluate("probe", folder)
        .refused(1, folder + ": a folder with one of [train.tsv, in_domain_train.tsv] is needed");
  }

  @Test
  void sentencesWithoutATestSet() throws IOException {
    file("train.tsv", "sentence\tlabel\na b\t0\nb\t1\n");
    evaluate("probe", folder)
        .refused(1, folder + ": a folder with one of [dev.tsv, in_domain_dev.tsv] is needed");
    Path dev = file("dev.tsv", "sentence\tlabel\na\t2\n");
    evaluate("probe", folder)
        .refused(1, dev + ", byte 15: line 2: the label \"2\" is none of [0, 1]");
    file("dev.tsv", "sentence\tlabel\nb\t1\na\n");
    evaluate("probe", folder)
        .refused(1, dev + ", byte 19: line 3: a line must have 2 columns, not 1");
  }

  @Test
  void malformedPairs() throws IOException {
    Path csv = file("sts.csv", "a,b,3\na,b\n");
    evaluate("sts", csv)
        .refused(
            1, csv + ", byte 6: line 2: a row must be sentence, sentence, score, not 2 fields");
    file("sts.csv", "");
    evaluate("sts", csv).refused(1, "sts.csv: there is nothing in it to evaluate");
    Files.write(csv, new byte[] {'a', 'b', (byte) 0xff});
    evaluate("sts", csv).refused(1, csv + ", byte 2: the file must be UTF-8");
  }

  @Test
  void malformedQuestions() throws IOException {
    Path json = file("squad.json", "{\"data\": [{\"title\": \"\"}]}");
    for (String task : List.of("mlm", "retrieval", "qa")) {
      evaluate(task, json)
          .refused(1, json + ", byte 0: data[0].paragraphs must be an array but is missing");
    }
    file("squad.json", "{\"data\": [");
    var run = evaluate("qa", json);
    assertTrue(run.err().startsWith("starling: " + json + ", byte 10: "), run.err());
    run.refused(1, run.err().strip().substring("starling: ".length()));
    file("squad.json", "{\"data\": []}");
    evaluate("qa", json).refused(1, "squad.json: there is nothing in it to evaluate");
  }

  @Test
  void clipsThatCannotBeReadOrCompared() throws Exception {
    Path missing = file("clips.tsv", "id\ttext\na\tOne.\n");
    evaluate("asr", missing)
        .refused(1, missing + ", byte 8: line 2: there is no recording \"a.wav\"");
    Path list = TinyClips.list(folder, 2);
    evaluate("asr", list)
        .refused(
            1,
            model.resolve("config.json")
                + ", byte 0: model_type \"bert\" is not supported: moonshine is");
    Path wav = file("clip1.wav", "no sound");
    var run = evaluate("asr", list);
    assertTrue(run.err().startsWith("starling: " + wav + ", byte 0: "), run.err());
    Files.writeString(list, "id\ttext\nclip0\t?\n");
    evaluate("asr", list).refused(1, folder.resolve("clip0.wav") + ": the text \"?\" has no words");
    evaluate("asr", folder).refused(1, folder + ": a folder, not a file");
    CommandRun.of(folder, "evaluate", "asr", "--data", list, "--offline")
        .refused(
            1,
            "the model moonshine-base is not in %s and --offline forbids to fetch it: run the"
                    .formatted(folder.resolve("models"))
                + " command once without");
  }

  @Test
  void textsOfTheWrongLengthFreeTheModel() throws Exception {
    var before = Thread.getAllStackTraces().keySet();
    Path text = file("words.txt", TinyModel.text(27, 1));
    evaluate("mlm", text, "--threads", 3).refused(1, "the texts are too short: none has 28 tokens");
    Path squad = EvaluationFiles.squad(folder.resolve("squad.json"));
    evaluate("qa", squad, "--threads", 3, "--long", "error", "--max-tokens", "20")
        .refused(1, "the text has 20 tokens but beside the question there is room for 15");
    var left = new HashSet<>(Thread.getAllStackTraces().keySet());
    left.removeAll(before);
    for (var thread : left) {
      if (thread.getName().startsWith("starling-")) {
        thread.join(5000);
        assertFalse(thread.isAlive(), "a model has kept " + thread.getName());
      }
    }
  }

  @Test
  void aModelWithoutTheHead() throws Exception {
    Path headless = new TinyModel().write(Files.createDirectory(folder.resolve("headless")));
    Path text = file("words.txt", TinyModel.text(200, 1));
    CommandRun.of(folder, "evaluate", "mlm", "--data", text, "--model", headless)
        .refused(
            1,
            headless
                + ": this model has no head for masked words: there is no tensor"
                + " cls.predictions.transform.dense.weight in it");
  }

  @Test
  void outcomesThatCannotBeReadOrKept() throws IOException {
    Path csv = EvaluationFiles.sts(folder.resolve("sts.csv"));
    Path results = folder.resolve("results");
    Object[] args = {
      "evaluate", "sts", "--data", csv, "--model", model, "--results", results, "--clusters", "2"
    };
    assertEquals(0, CommandRun.of(folder, args).status());
    Path kept = results.resolve(results.toFile().list()[0]);
    Files.writeString(kept, "{\"outcomes\": 1}");
    CommandRun.of(folder, args)
        .refused(1, kept + ", byte 0: items must be a whole number of at least 1 but is missing");
    assertEquals("{\"outcomes\": 1}", Files.readString(kept));
    Files.delete(kept);
    Files.delete(results);
    file("results", "");
    CommandRun.of(folder, args).refused(1, results + ": it is there already");
  }
}
