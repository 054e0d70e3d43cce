package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.encoder.TinyModel;
import io.github.starling.evaluation.TinyClips;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccuracyReportTest {
  @TempDir Path folder;

  private String page(Path results) throws IOException {
    Path docs = Files.createDirectories(folder.resolve("docs"));
    return Files.readString(EvaluationPages.write(results, docs).getFirst());
  }

  @Test
  void everyEvaluationHasItsTableAndItsCharts() throws Exception {
    Path model = Files.createDirectory(folder.resolve("tiny"));
    TinyModel.writeWithHeads(model);
    Path recogniser = TinyClips.model(Files.createDirectory(folder.resolve("speech")));
    Path results = folder.resolve("results");
    for (var kind : List.of(TaskKind.MLM, TaskKind.STS, TaskKind.ASR)) {
      Path data = EvaluationFiles.write(kind, folder);
      var run =
          CommandRun.of(
              folder,
              "evaluate",
              kind,
              "--data",
              data,
              "--model",
              kind == TaskKind.ASR ? recogniser : model,
              "--results",
              results,
              "--attention",
              "clustered,improved-clustered,refined-clustered",
              "--clusters",
              "3,12,25",
              "--seeds",
              "2",
              "--join",
              "2");
      assertEquals(0, run.status(), run.err());
    }
    String page = page(results);
    for (String heading :
        List.of(
            "## Our own: refined clustered",
            "## mlm, words.txt, tiny\n",
            "## sts, sts.csv, tiny\n",
            "## Speech\n",
            "### mlm, words.txt, tiny\n")) {
      assertTrue(page.contains("\n" + heading), heading + " is not in\n" + page);
    }
    assertTrue(page.contains("\n| improved-clustered | 3 | 2 | "), page);
    assertTrue(page.contains("\n| full |  | 1 | "), page);
    assertEquals(
        List.of("WER"),
        page.lines()
            .filter(line -> line.startsWith("| asr, clips.tsv, 2 clips in one | moonshine |"))
            .map(line -> line.split(" \\| ")[3])
            .toList(),
        "a row of speech, no more");
    assertTrue(page.contains("(speech.md)"), page);
    assertTrue(Files.exists(folder.resolve("docs/speech.md")));
    var charts = new ArrayList<Path>();
    try (var files = Files.list(folder.resolve("docs/accuracy"))) {
      files.forEach(charts::add);
    }
    assertEquals(2, charts.size());
    for (Path chart : charts) {
      assertTrue(page.contains("(accuracy/" + chart.getFileName() + ")"), chart.toString());
      var svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(chart.toFile());
      assertEquals("svg", svg.getDocumentElement().getTagName());
      assertFalse(Files.readString(chart).contains("NaN"), chart.toString());
    }
    assertFalse(page.contains("NaN"), page);
  }

  /** "No loss" only where the interval covers zero, and then with its width. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "F1  | -0.5 | 0.25  | no loss seen, width 0.750",
        "F1  | 0    | 0.25  | no loss seen, width 0.250",
        "F1  | -0.5 | -0.25 | **loss**",
        "F1  | 0.25 | 0.5   | gain",
        "NLL | 0.25 | 0.5   | **loss**",
        "NLL | -0.5 | -0.25 | gain",
        "WER | 0.25 | 0.5   | **loss**"
      })
  void theVerdictFollowsFromTheInterval(String measure, double low, double high, String verdict)
      throws IOException {
    Path results = Files.createDirectory(folder.resolve("results"));
    String value =
        "{\"mean\": 1.5, \"spread\": 0, \"difference\": %s, \"low\": %s, \"high\": %s}"
            .formatted((low + high) / 2, low, high);
    Files.writeString(
        results.resolve("a.json"),
        """
        {"task": "qa", "data": "d.json", "model": "m", "options": {}, "items": 1, "sequences": 1,
         "mean_length": 10, "longest_length": 10, "studies": [], "heads": [], "outcomes": [],
         "summaries": [{"kind": "full", "clusters": 0, "seeds": 1, "%1$s": %2$s},
                       {"kind": "improved-clustered", "clusters": 25, "seeds": 1, "%1$s": %2$s}]}
        """
            .formatted(measure, value));
    String page = page(results);
    assertTrue(page.contains(" | " + verdict + " |\n"), page);
    assertFalse(page.contains("## Speech"), page);
  }

  @Test
  void withoutEvaluationsThereIsNoPage() {
    var failure = assertThrows(IOException.class, () -> page(folder.resolve("none")));
    assertTrue(failure.getMessage().contains("none: no evaluation is finished"));
    assertTrue(Files.notExists(folder.resolve("docs/accuracy.md")));
  }
}
