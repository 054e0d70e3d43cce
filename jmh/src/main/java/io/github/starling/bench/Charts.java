package io.github.starling.bench;

import io.github.starling.bench.Results.Figure;
import io.github.starling.chart.LineChart;
import io.github.starling.chart.LineChart.Panel;
import io.github.starling.chart.LineChart.Point;
import io.github.starling.chart.LineChart.Series;
import io.github.starling.chart.StackedBars;
import io.github.starling.chart.StackedBars.Bar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The pictures of the report, by file name. */
final class Charts {
  private static final String EXACT = "FullAttentionBenchmark.";
  private static final String CLUSTERED = "ImprovedClusteredAttentionBenchmark.starling";

  /** Longest sequence whose phases are drawn. */
  private static final int LONGEST_PHASES = 16_384;

  /** What automatic attention makes exact is not drawn: a logarithm has no zero. */
  private static final double LEAST_DRAWN = 1e-4;

  private final Results results;

  private Charts(Results results) {
    this.results = results;
  }

  /** Draws all. */
  static Map<String, String> of(Results results) {
    var charts = new Charts(results);
    var files = new LinkedHashMap<String, String>();
    files.put("attention.svg", charts.attention());
    files.put("error-time.svg", charts.errorsAndTimes());
    files.put("long.svg", charts.longSequences());
    files.put("phases.svg", charts.phases());
    files.put("roofline.svg", charts.roofline());
    return files;
  }

  private String attention() {
    return new LineChart(
            List.of(
                new Panel("milliseconds a head", "tokens", 2, curves(f -> f.nanos() * 1e-6)),
                new Panel("relative error", "tokens", 2, curves(f -> f.facts().get("error")))))
        .toSvg();
  }

  private List<Series> curves(ToDoubleFunction<Figure> value) {
    return List.of(
        curve("exact attention", exact("starling"), value),
        curve("improved clustered attention", clustered(LONGEST_PHASES), value),
        curve("PyTorch, exact", exact("pyTorch"), value));
  }

  private List<Figure> exact(String method) {
    return results.of(EXACT + method).stream()
        .filter(f -> isSingle(f) && f.number("dk") == 64)
        .toList();
  }

  private List<Figure> clustered(int longest) {
    return results.of(CLUSTERED).stream()
        .filter(f -> isSingle(f) && f.number("n") <= longest)
        .toList();
  }

  private static boolean isSingle(Figure figure) {
    return figure.number("heads") == 1 && figure.number("threads") == 1;
  }

  private static Series curve(String name, List<Figure> figures, ToDoubleFunction<Figure> value) {
    var points = new ArrayList<Point>();
    for (var figure : figures) {
      points.add(new Point(figure.number("n"), value.applyAsDouble(figure)));
    }
    return new Series(name, true, points);
  }

  /** What is exact has no error to draw; its time is a line across those of the others. */
  private String errorsAndTimes() {
    var panels = new ArrayList<Panel>();
    for (int n : ApproximationReport.LENGTHS) {
      var kinds = new TreeMap<String, List<Point>>();
      for (var figure : ApproximationReport.figures(results, n)) {
        double error = figure.facts().get("error");
        if (error > LEAST_DRAWN) {
          kinds
              .computeIfAbsent(ApproximationReport.kind(figure), _ -> new ArrayList<>())
              .add(new Point(figure.nanos() * 1e-6, error));
        }
      }
      var errors = kinds.values().stream().flatMap(List::stream).map(Point::y).sorted().toList();
      var series = new ArrayList<Series>();
      var exact = ApproximationReport.exact(results, n);
      if (exact.isPresent() && !errors.isEmpty()) {
        double millis = exact.get().nanos() * 1e-6;
        var line =
            List.of(new Point(millis, errors.getFirst()), new Point(millis, errors.getLast()));
        series.add(new Series("exact attention, its time", true, line));
      }
      kinds.forEach(
          (kind, points) -> {
            points.sort(Comparator.comparingDouble(Point::x));
            series.add(new Series(kind, true, points));
          });
      String title = String.format(Locale.ROOT, "relative error, %,d tokens", n);
      panels.add(new Panel(title, "milliseconds a head", 10, series));
    }
    return new LineChart(panels).toSvg();
  }

  private String longSequences() {
    var all = clustered(Integer.MAX_VALUE);
    ToDoubleFunction<Figure> millis = f -> f.nanos() * 1e-6;
    return new LineChart(
            List.of(
                new Panel(
                    "milliseconds a head",
                    "tokens",
                    2,
                    List.of(
                        curve("exact attention", exact("starling"), millis),
                        curve("improved clustered attention", all, millis))),
                new Panel(
                    "megabytes a head",
                    "tokens",
                    2,
                    List.of(
                        curve(
                            "scratch memory of improved clustered attention",
                            all,
                            f -> f.facts().get("scratch") / 1e6),
                        curve("queries, keys, values and output", all, Charts::megabytes)))))
        .toSvg();
  }

  private static double megabytes(Figure figure) {
    return 4.0 * Float.BYTES * figure.number("n") * figure.number("dk") / 1e6;
  }

  private String phases() {
    var bars = new ArrayList<Bar>();
    for (var figure : clustered(LONGEST_PHASES)) {
      String n = String.format(Locale.ROOT, "%,d", figure.number("n"));
      bars.add(new Bar(List.of(n, "measured"), parts(figure, "phase ")));
      bars.add(new Bar(List.of(n, "least"), parts(figure, "least ")));
    }
    return new StackedBars("nanoseconds a query, by length of the sequence", bars).toSvg();
  }

  /** Returns nanoseconds a query, by phase. */
  static Map<String, Double> parts(Figure figure, String prefix) {
    var parts = new LinkedHashMap<String, Double>();
    figure
        .facts()
        .forEach(
            (name, nanos) -> {
              if (name.startsWith(prefix)) {
                parts.put(name.substring(prefix.length()), nanos / figure.number("n"));
              }
            });
    return parts;
  }

  /** Operations a byte that has to be moved, and operations a second. */
  private String roofline() {
    double peak = results.limits().get("flops") * 1e-9;
    double memory = results.limits().get("bandwidth 134217728") * 1e-9;
    var series = new ArrayList<Series>();
    double ridge = peak / memory;
    series.add(
        new Series(
            "memory and peak of one core",
            true,
            List.of(new Point(1, memory), new Point(ridge, peak), new Point(4000, peak))));
    series.add(points("matrix products", "MatrixProductBenchmark.starling", Charts::productBytes));
    series.add(points("OpenBLAS", "MatrixProductBenchmark.openBlas", Charts::productBytes));
    series.add(points("ONNX Runtime", "MatrixProductBenchmark.onnxRuntime", Charts::productBytes));
    series.add(points("exact attention", EXACT + "starling", Charts::attentionBytes));
    series.add(points("PyTorch's attention", EXACT + "pyTorch", Charts::attentionBytes));
    series.add(
        points(
            "signatures",
            "SignatureKernelBenchmark.hash",
            f -> f.number("n") * (4.0 * f.number("dk") + Long.BYTES)));
    return new LineChart(List.of(new Panel("GFLOP/s, one thread", "operations a byte", 10, series)))
        .toSvg();
  }

  private Series points(String name, String benchmark, ToDoubleFunction<Figure> bytes) {
    var points = new ArrayList<Point>();
    for (var figure : results.of(benchmark)) {
      if (!"2".equals(figure.parameters().get("threads"))) {
        double intensity = figure.facts().get("flop") / bytes.applyAsDouble(figure);
        points.add(new Point(intensity, figure.gigaflops()));
      }
    }
    return new Series(name, false, points);
  }

  private static double productBytes(Figure figure) {
    String[] sizes = figure.parameters().get("layer").split("x");
    double inputs = Double.parseDouble(sizes[0]);
    double outputs = Double.parseDouble(sizes[1]);
    double rows = figure.number("rows");
    return Float.BYTES * (rows * inputs + inputs * outputs + rows * outputs);
  }

  private static double attentionBytes(Figure figure) {
    return 4.0 * Float.BYTES * figure.number("heads") * figure.number("n") * figure.number("dk");
  }
}
