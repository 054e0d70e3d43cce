package io.github.starling.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.bench.Results.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report of figures that nobody measured. */
class ReportTest {
  private static final Map<String, Double> FACTS =
      Map.ofEntries(
          Map.entry("flop", 1e6),
          Map.entry("peak", 2e11),
          Map.entry("popcounts", 5e10),
          Map.entry("iterations", 8.0),
          Map.entry("elements", 1e5),
          Map.entry("error", 0.25),
          Map.entry("scratch", 7e6),
          Map.entry("tokens", 128.0),
          Map.entry("allocation", 0.0),
          Map.entry("phase attend", 3e3),
          Map.entry("least attend", 2e3),
          Map.entry("phase hash", 1e3),
          Map.entry("least hash", 5e2),
          Map.entry("seconds", 24.6),
          Map.entry("frames", 1e3),
          Map.entry("heads", 8.0),
          Map.entry("words", 60.0),
          Map.entry("differing words", 2.0),
          Map.entry("part front end", 1e3),
          Map.entry("part encoder", 4e3),
          Map.entry("part decoder", 5e3),
          Map.entry("processor", 1e4),
          Map.entry("worst error", 0.5),
          Map.entry("resident", 5e8));

  /** What the benchmarks add where the plan names no value. */
  private static final Map<String, String> DEFAULTS =
      Map.of("n", "8192", "dk", "64", "clusters", "100", "topK", "32");

  @TempDir Path docs;

  private static Results results(boolean quick) {
    var figures = new ArrayList<Figure>();
    for (var run : Plan.of(quick).runs()) {
      var parameters = new TreeMap<>(DEFAULTS);
      parameters.putAll(run.parameters());
      double nanos = run.benchmark().endsWith("starling") ? 1e4 : 2e4;
      figures.add(new Figure(run.benchmark(), parameters, nanos, 0.01, FACTS));
    }
    var calls =
        Map.of("processes", 4.0, "first ms", 300.0, "full speed ms", 900.0, "slowest", 0.95);
    figures.add(new Figure("FirstCalls.improved", Map.of(), 1e6, 0.01, calls));
    figures.add(new Figure("Embed.starling", Map.of(), 3e8, 0.01, Map.of()));
    figures.add(new Figure("Embed.onnxRuntime", Map.of(), 6e8, 0.01, Map.of()));
    var limits = Map.of("flops", 2e11, "popcounts", 5e10, "bandwidth 134217728", 3e10);
    return new Results(Map.of("processor", "none"), limits, List.of("A note."), figures);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyTargetIsMeasured(boolean quick) {
    for (var row : Targets.of(results(quick))) {
      assertTrue(row.measured().isPresent(), row.what());
    }
  }

  @Test
  void whatPeersTakeLongerForIsARatioAboveOne() {
    var row = row("SGEMM against OpenBLAS, K = 64, the worst shape");
    assertEquals(2, row.measured().getAsDouble());
    assertTrue(row.meets(1.1));
    assertFalse(row.meets(2.5));
  }

  @Test
  void whatShouldBeSmallMeetsItsTargetBelowTheBound() {
    var row = row("embed --text hello, whole process, against ONNX Runtime");
    assertEquals(0.5, row.measured().getAsDouble());
    assertTrue(row.meets(0.7));
    assertFalse(row.meets(0.4));
  }

  private static Targets.Row row(String what) {
    return Targets.of(results(true)).stream()
        .filter(row -> row.what().equals(what))
        .findFirst()
        .orElseThrow();
  }

  private static Figure kind(String setting, double nanos, double error) {
    var parameters = Map.of("n", "4096", "dk", "64", "setting", setting);
    String benchmark = "ApproximateAttentionBenchmark.starling";
    return new Figure(
        benchmark, parameters, nanos, 0.01, Map.of("error", error, "allocation", 0.0));
  }

  /** Returns results of these kinds, and of exact attention in 800 ns. */
  private static Results resultsOf(Figure... kinds) {
    var figures = new ArrayList<>(List.of(kinds));
    var parameters = Map.of("n", "4096", "dk", "64", "heads", "1", "threads", "1");
    figures.add(new Figure("FullAttentionBenchmark.starling", parameters, 800, 0.01, FACTS));
    var all = results(true);
    return new Results(all.machine(), all.limits(), all.notes(), figures);
  }

  private static double measured(String what, Figure... kinds) {
    return Targets.of(resultsOf(kinds)).stream()
        .filter(row -> row.what().equals(what))
        .findFirst()
        .orElseThrow()
        .measured()
        .getAsDouble();
  }

  @Test
  void theFastestThatIsNearEnoughCounts() {
    String what = "refined clustered attention against our exact, error ≤ 0.16, n = 4,096";
    var far = kind("refined-clustered C=1 b=1 w=8", 10, 0.17);
    var near = kind("refined-clustered C=2 b=2 w=8", 40, 0.16);
    var nearest = kind("refined-clustered C=3 b=3 w=8", 80, 0.1);
    assertEquals(20, measured(what, far, nearest, near));
    assertEquals(1, measured(what, far));
  }

  @Test
  void errorsAreDrawnWhereThereAreSome() {
    var refined = kind("refined-clustered C=1 b=1 w=8", 10, 0.4);
    String chart = Charts.of(resultsOf(refined, kind("auto e=0.05", 900, 0))).get("error-time.svg");
    assertTrue(chart.contains(">refined-clustered<"), chart);
    assertTrue(chart.contains(">exact attention, its time<"), chart);
    assertFalse(chart.contains(">auto<"), chart);
  }

  @Test
  void errorsAreComparedAtOneTime() {
    String what =
        "its error at the time of improved with C 100, k 32, against improved's, n = 4,096";
    var improved = kind("improved-clustered C=100 k=32", 20, 0.5);
    var fast = kind("refined-clustered C=1 b=1 w=8", 10, 0.4);
    var slow = kind("refined-clustered C=2 b=2 w=8", 40, 0.1);
    assertEquals(0.2 / 0.5, measured(what, improved, slow, fast), 1e-9);
    assertEquals(0.4 / 0.5, measured(what, improved, fast));
    assertEquals(Double.POSITIVE_INFINITY, measured(what, improved, slow));
  }

  @Test
  void aMissingPeerLeavesItsRowsOut() throws IOException {
    var all = results(true);
    var ours = all.figures().stream().filter(f -> !f.benchmark().endsWith("openBlas")).toList();
    Report.write(new Results(all.machine(), all.limits(), all.notes(), ours), docs);
    String report = Files.readString(docs.resolve("performance.md"));
    assertTrue(report.contains("| SGEMM against OpenBLAS, K = 64, the worst shape | ≥ 1.10 × "));
    assertTrue(report.contains("| not in this run |"));
  }

  @Test
  void speechIsASectionOfItsOwn() throws IOException {
    Report.write(results(true), docs);
    String report = Files.readString(docs.resolve("performance.md"));
    assertTrue(report.contains("\n## Speech\n"), report);
    assertTrue(report.contains(" | 2.00 × | 1.00 × | 2 of 60 |"), report);
  }

  @Test
  void withoutRecordingsNothingIsSaidOfSpeech() throws IOException {
    var all = results(true);
    var others =
        all.figures().stream()
            .filter(f -> !f.benchmark().startsWith("Speech"))
            .filter(f -> !f.benchmark().startsWith("Transcribe"))
            .toList();
    Report.write(new Results(all.machine(), all.limits(), all.notes(), others), docs);
    String report = Files.readString(docs.resolve("performance.md"));
    assertFalse(report.contains("Speech"), report);
    assertFalse(report.contains("null"), report);
  }

  @Test
  void reportAndChartsAreWrittenFromTheFileOfResults() throws Exception {
    Path file = docs.resolve("results.json");
    results(true).write(file);
    Report.main(file.toString(), docs.toString());
    String report = Files.readString(docs.resolve("performance.md"));
    assertTrue(report.contains("A note."));
    var charts = new ArrayList<Path>();
    try (var files = Files.list(docs.resolve("performance"))) {
      files.forEach(charts::add);
    }
    assertEquals(5, charts.size());
    for (Path chart : charts) {
      assertTrue(report.contains("(performance/" + chart.getFileName() + ")"), chart.toString());
      var svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(chart.toFile());
      assertEquals("svg", svg.getDocumentElement().getTagName());
      assertFalse(Files.readString(chart).contains("NaN"), chart.toString());
    }
    assertFalse(report.contains("NaN"), report);
  }
}
