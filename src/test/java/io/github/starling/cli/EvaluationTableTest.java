package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.LongText;
import io.github.starling.encoder.TinyModel;
import io.github.starling.evaluation.AttentionStudy;
import io.github.starling.evaluation.Interval;
import io.github.starling.evaluation.SentenceSimilarity;
import io.github.starling.evaluation.StsData;
import io.github.starling.evaluation.Summary;
import io.github.starling.evaluation.Summary.Value;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTableTest {
  @TempDir Path folder;

  private static Summary summary(
      String kind, int clusters, int seeds, double mean, AttentionStudy.Result study) {
    var first =
        new Value("Spearman", mean, 0.0125, mean - 0.8, new Interval(mean - 0.9, mean - 0.7));
    var second = new Value("Pearson", -mean, 0.5, 0, new Interval(0, 0));
    return new Summary(kind, clusters, seeds, List.of(first, second), study, Double.NaN);
  }

  @Test
  void eachMeasureHasATableWithARowForEachKind() throws Exception {
    Path model = TinyModel.writeWithHeads(Files.createDirectory(folder.resolve("tiny")));
    var data = new StsData(List.of(new StsData.Pair("a b c", "d", 1)));
    var out = new StringWriter();
    var usual = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY); // numbers have points all the same
    try (var task = new SentenceSimilarity(Embedder.open(model), data)) {
      var study = new AttentionStudy.Result(new double[] {0.1, 0.2}, 2.346, 0.5);
      var summaries =
          List.of(
              summary("full", 0, 1, 0.8, null),
              summary("clustered", 25, 5, 0.7, study),
              summary("oracle-top-k", 0, 1, 0.9, null));
      var options = new TaskRequest.Options(1, false, null, LongText.WINDOW, 1, 1, 1);
      var request = new TaskRequest(TaskKind.STS, null, Path.of("d/sts.csv"), options);
      new EvaluationTable(summaries, task).print(request, new PrintWriter(out));
    } finally {
      Locale.setDefault(usual);
    }
    var lines = out.toString().lines().toList();
    assertEquals(
        List.of(
            "",
            "sts, sts.csv with tiny: 1 items, 2 sequences, 4.0 tokens in the mean, 5 at most",
            "",
            "Spearman to exact 95 % error of attention encoder",
            "attention clusters seeds attention speed-up speed-up",
            "full 1 0.8000",
            "clustered 25 5 0.7000 ± 0.0125 -0.1000 -0.2000 to +0.0000 0.150 2.35 × 0.50 ×",
            "oracle-top-k 1 0.9000 +0.1000 +0.0000 to +0.2000",
            "",
            "Pearson to exact 95 % error of attention encoder"),
        lines.stream().limit(10).map(line -> line.strip().replaceAll(" +", " ")).toList());
    assertEquals(
        List.of(
            "",
            "error of the attention, layer by layer",
            "clustered                  25  0.100 0.200"),
        lines.subList(14, lines.size()));
    // columns are aligned
    assertEquals(lines.get(3).indexOf("Spearman") + 8, lines.get(5).length());
    assertEquals(lines.get(4).length(), lines.get(6).length());
  }
}
