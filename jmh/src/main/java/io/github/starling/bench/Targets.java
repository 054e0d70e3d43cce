package io.github.starling.bench;

import io.github.starling.bench.Results.Figure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What is wanted and what was measured, row by row. All ratios are of one run. */
final class Targets {
  /** How a figure is written. */
  enum Unit {
    RATIO("%.2f ×"),
    SHARE("%.2f"),
    NANOS("%.2f ns"),
    MEGABYTES("%.1f MB"),
    BYTES("%.0f B");

    private final String format;

    Unit(String format) {
      this.format = format;
    }

    String write(double value) {
      return String.format(Locale.ROOT, format, value);
    }
  }

  /**
   * One target.
   *
   * @param isMoreBetter whether the measured figure should be above, not below
   * @param measured empty if its benchmark did not run
   */
  record Row(
      String what,
      Unit unit,
      boolean isMoreBetter,
      double must,
      double aim,
      OptionalDouble measured) {
    /** Tells whether a bound is met. */
    boolean meets(double bound) {
      double value = measured.orElse(Double.NaN);
      return isMoreBetter ? value >= bound : value <= bound;
    }
  }

  private static final String PRODUCT = "MatrixProductBenchmark.";
  private static final String EXACT = "FullAttentionBenchmark.";
  private static final String CLUSTERED = "ImprovedClusteredAttentionBenchmark.starling";
  private static final String ENCODER = "EncoderBenchmark.";

  /** The largest at which refined clustered attention's speed counts. */
  private static final double ACCEPTED_ERROR = 0.16;

  private final Results results;
  private final List<Row> rows = new ArrayList<>();

  private Targets(Results results) {
    this.results = results;
  }

  /** Returns all targets. */
  static List<Row> of(Results results) {
    var targets = new Targets(results);
    targets.addKernels();
    targets.addMatrixProducts();
    targets.addExactAttention();
    targets.addClusteredAttention();
    targets.addRefinedAttention();
    targets.addThreads();
    targets.addEncoders();
    targets.addProcesses();
    return targets.rows;
  }

  private void addKernels() {
    double[][] shares = {{512, 0.90, 0.95}, {256, 0.85, 0.90}, {128, 0.85, 0.90}};
    for (double[] share : shares) {
      int bits = (int) share[0];
      var figures = results.of("MicroKernelBenchmark.multiply").stream();
      more(
          "microkernel at " + bits + " bits, share of that width's peak",
          Unit.SHARE,
          share[1],
          share[2],
          least(figures.filter(f -> f.number("bits") == bits), Figure::shareOfPeak));
    }
    var signatures =
        results.of("SignatureKernelBenchmark.hash").stream().filter(f -> f.number("dk") == 64);
    more(
        "signatures, share of peak",
        Unit.SHARE,
        0.85,
        0.92,
        least(signatures, Figure::shareOfPeak));
    less(
        "K-means, against counting bits alone",
        Unit.RATIO,
        3.5,
        2.2,
        optional(results.find("HammingKMeansBenchmark.cluster").map(Targets::kMeansRatio)));
    var with = results.find("TopKeysBenchmark.withTopKeys");
    var without = results.find("TopKeysBenchmark.without");
    less(
        "top 32 of 8,192 within the pipeline, an element",
        Unit.NANOS,
        0.35,
        0.15,
        optional(
            with.flatMap(
                w -> without.map(o -> (w.nanos() - o.nanos()) / w.facts().get("elements")))));
  }

  /** Returns the time of an iteration of K-means against that of its popcounts. */
  static double kMeansRatio(Figure figure) {
    double words = figure.number("n") * (double) figure.number("clusters");
    double seconds = figure.nanos() * 1e-9 / figure.facts().get("iterations");
    return seconds / (words / figure.facts().get("popcounts"));
  }

  private void addMatrixProducts() {
    double[][] bounds = {{64, 1.10, 1.2}, {384, 1.00, 1.1}, {768, 0.92, 1.0}, {3072, 0.92, 1.0}};
    for (double[] bound : bounds) {
      more(
          "SGEMM against OpenBLAS, K = %,d, the worst shape".formatted((int) bound[0]),
          Unit.RATIO,
          bound[1],
          bound[2],
          least(single(PRODUCT).filter(f -> inputs(f) == bound[0]), against("openBlas")));
    }
    more(
        "SGEMM against ONNX Runtime, the worst shape",
        Unit.RATIO,
        1.05,
        1.2,
        least(single(PRODUCT), against("onnxRuntime")));
  }

  private Stream<Figure> single(String benchmark) {
    return results.of(benchmark + "starling").stream().filter(f -> f.number("threads") == 1);
  }

  private static int inputs(Figure figure) {
    String layer = figure.parameters().get("layer");
    return Integer.parseInt(layer.substring(0, layer.indexOf('x')));
  }

  /** Returns how many times the time of ours a peer takes; not a number if the peer did not run. */
  private ToDoubleFunction<Figure> against(String peer) {
    return ours -> ratio(results, ours, peer).orElse(Double.NaN);
  }

  /** Returns how many times the time of ours a peer takes with the same parameters. */
  static OptionalDouble ratio(Results results, Figure ours, String peer) {
    String name = ours.benchmark().substring(0, ours.benchmark().indexOf('.') + 1) + peer;
    return optional(
        results.of(name).stream()
            .filter(f -> f.parameters().equals(ours.parameters()))
            .findFirst()
            .map(f -> f.nanos() / ours.nanos()));
  }

  private void addExactAttention() {
    more(
        "exact attention, dk 64, n ≥ 2,048, share of peak, the worst",
        Unit.SHARE,
        0.74,
        0.82,
        least(exact(64), Figure::shareOfPeak));
    more(
        "exact attention, dk 32, n ≥ 2,048, share of peak, the worst",
        Unit.SHARE,
        0.55,
        0.65,
        least(exact(32), Figure::shareOfPeak));
    more(
        "exact attention, dk 64, n ≥ 2,048, against PyTorch, the worst",
        Unit.RATIO,
        2.4,
        2.7,
        least(exact(64), against("pyTorch")));
  }

  private Stream<Figure> exact(int dk) {
    return single(EXACT)
        .filter(f -> f.number("dk") == dk && f.number("n") >= 2048 && f.number("heads") == 1);
  }

  private void addClusteredAttention() {
    double[][] bounds = {{512, 1.3, 1.6}, {1024, 3, 3.8}, {4096, 13, 17}, {16_384, 56, 70}};
    for (double[] bound : bounds) {
      int n = (int) bound[0];
      more(
          "improved clustered attention against our exact, n = %,d".formatted(n),
          Unit.RATIO,
          bound[1],
          bound[2],
          optional(clustered(n, 1).flatMap(c -> exact(n, 1).map(e -> e.nanos() / c.nanos()))));
    }
    less(
        "the same against its own roofline, n = 8,192",
        Unit.RATIO,
        2.1,
        1.6,
        optional(clustered(8192, 1).map(Targets::roofline)));
    var most = clustered(1 << 20, 1);
    less(
        "time per query at n = 1,048,576 against n = 16,384",
        Unit.RATIO,
        1.4,
        1.1,
        optional(
            most.flatMap(
                m -> clustered(16_384, 1).map(c -> m.nanos() / c.nanos() / ((1 << 20) / 16_384)))));
    less(
        "scratch memory at n = 1,048,576",
        Unit.MEGABYTES,
        600,
        64,
        optional(most.map(m -> m.facts().get("scratch") / 1e6)));
  }

  private void addRefinedAttention() {
    double[][] bounds = {{512, 1.3, 2}, {4096, 10, 16}, {16_384, 40, 70}};
    for (double[] bound : bounds) {
      int n = (int) bound[0];
      var speedUps =
          kind("refined-clustered", n).stream()
              .filter(f -> f.facts().get("error") <= ACCEPTED_ERROR)
              .mapToDouble(f -> exact(n, 1).map(e -> e.nanos() / f.nanos()).orElse(Double.NaN));
      more(
          "refined clustered attention against our exact, error ≤ 0.16, n = %,d".formatted(n),
          Unit.RATIO,
          bound[1],
          bound[2],
          // where none is so near, exact attention is what is left
          kind("refined-clustered", n).isEmpty()
              ? OptionalDouble.empty()
              : OptionalDouble.of(speedUps.max().orElse(1)));
    }
    less(
        "its error at the time of improved with C 100, k 32, against improved's, n = 4,096",
        Unit.RATIO,
        0.55,
        0.4,
        optional(
            kind("improved-clustered", 4096).stream()
                .filter(f -> f.parameters().get("setting").endsWith("C=100 k=32"))
                .findFirst()
                .map(f -> errorAt(f.nanos()) / f.facts().get("error"))));
  }

  private List<Figure> kind(String kind, int n) {
    return ApproximationReport.figures(results, n).stream()
        .filter(f -> ApproximationReport.kind(f).equals(kind))
        .sorted(Comparator.comparingDouble(Figure::nanos))
        .toList();
  }

  /** Returns refined clustered attention's error in a time, between settings by logarithms. */
  private double errorAt(double nanos) {
    Figure faster = null;
    for (var f : kind("refined-clustered", 4096)) {
      if (f.nanos() > nanos) {
        if (faster == null) {
          break;
        }
        double share = Math.log(nanos / faster.nanos()) / Math.log(f.nanos() / faster.nanos());
        double error = faster.facts().get("error");
        return error * Math.pow(f.facts().get("error") / error, share);
      }
      faster = f;
    }
    return faster == null ? Double.POSITIVE_INFINITY : faster.facts().get("error");
  }

  private Optional<Figure> clustered(int n, int threads) {
    return results.find(CLUSTERED, "n", "" + n, "heads", "1", "threads", "" + threads);
  }

  private Optional<Figure> exact(int n, int threads) {
    return results.find(
        EXACT + "starling", "n", "" + n, "dk", "64", "heads", "1", "threads", "" + threads);
  }

  /** Returns the time of all phases against the least that the machine allows. */
  static double roofline(Figure figure) {
    return sum(figure, "phase ") / sum(figure, "least ");
  }

  private static double sum(Figure figure, String prefix) {
    return figure.facts().entrySet().stream()
        .filter(f -> f.getKey().startsWith(prefix))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private void addThreads() {
    more(
        "two threads against one: exact attention, n = 4,096",
        Unit.RATIO,
        1.8,
        1.95,
        optional(exact(4096, 1).flatMap(o -> exact(4096, 2).map(t -> o.nanos() / t.nanos()))));
    more(
        "two threads against one: improved clustered, n = 4,096",
        Unit.RATIO,
        1.8,
        1.95,
        optional(
            clustered(4096, 1).flatMap(o -> clustered(4096, 2).map(t -> o.nanos() / t.nanos()))));
    more(
        "two threads against one: SGEMM, 4,096 rows",
        Unit.RATIO,
        1.8,
        1.95,
        optional(product(1).flatMap(o -> product(2).map(t -> o.nanos() / t.nanos()))));
  }

  private Optional<Figure> product(int threads) {
    return results.find(
        PRODUCT + "starling", "layer", "768x3072", "rows", "4096", "threads", "" + threads);
  }

  private void addEncoders() {
    for (var ours : results.of(ENCODER + "starling")) {
      var p = ours.parameters();
      boolean isMixed = p.get("text").endsWith("mixed");
      String text = isMixed ? p.get("text") + " texts" : p.get("text") + " tokens";
      more(
          "encoder against ONNX Runtime, %s, %s, threads: %s"
              .formatted(p.get("model"), text, p.get("threads")),
          Unit.RATIO,
          1.0,
          isMixed ? 2.0 : 1.3,
          bestPeer(ours));
    }
  }

  /** ONNX Runtime's better graph counts. */
  private OptionalDouble bestPeer(Figure ours) {
    return Stream.of("onnxRuntime", "onnxRuntimePublished")
        .map(peer -> ratio(results, ours, peer))
        .flatMapToDouble(OptionalDouble::stream)
        .min();
  }

  private void addProcesses() {
    less(
        "allocation of a warm call, the most of all",
        Unit.BYTES,
        0,
        0,
        results.figures().stream()
            .filter(f -> f.facts().containsKey("allocation"))
            .mapToDouble(f -> f.facts().get("allocation"))
            .max());
    more(
        "fresh JVMs, the slowest against the median",
        Unit.SHARE,
        0.8,
        0.8,
        optional(results.find("FirstCalls.improved").map(f -> f.facts().get("slowest"))));
    var peer = results.find("Embed.onnxRuntime");
    less(
        "embed --text hello, whole process, against ONNX Runtime",
        Unit.RATIO,
        1.2,
        0.7,
        optional(
            results.find("Embed.starling").flatMap(o -> peer.map(p -> o.nanos() / p.nanos()))));
  }

  private void more(String what, Unit unit, double must, double aim, OptionalDouble measured) {
    rows.add(new Row(what, unit, true, must, aim, measured));
  }

  private void less(String what, Unit unit, double must, double aim, OptionalDouble measured) {
    rows.add(new Row(what, unit, false, must, aim, measured));
  }

  private static OptionalDouble least(Stream<Figure> figures, ToDoubleFunction<Figure> value) {
    return figures.mapToDouble(value).filter(v -> !Double.isNaN(v)).min();
  }

  private static OptionalDouble optional(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }
}
