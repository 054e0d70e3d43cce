package io.github.starling.bench;

import static io.github.starling.bench.Page.format;
import static io.github.starling.bench.Page.time;

import io.github.starling.bench.Results.Figure;
import java.util.List;
import java.util.Optional;

/** The part of the report that holds the error of every kind of attention beside its time. */
final class ApproximationReport {
  /** Of the sequences. */
  static final List<Integer> LENGTHS = List.of(512, 4096, 16_384);

  private ApproximationReport() {}

  /** Returns the figures of a length. */
  static List<Figure> figures(Results results, int n) {
    return results.of("ApproximateAttentionBenchmark.starling").stream()
        .filter(f -> f.number("n") == n)
        .toList();
  }

  /** Returns the kind of attention, without its settings. */
  static String kind(Figure figure) {
    return figure.parameters().get("setting").split(" ")[0];
  }

  private static String settings(Figure figure) {
    return figure.parameters().get("setting").substring(kind(figure).length()).strip();
  }

  /** Returns exact attention of the same head. */
  static Optional<Figure> exact(Results results, int n) {
    return results.find(
        "FullAttentionBenchmark.starling", "n", "" + n, "dk", "64", "heads", "1", "threads", "1");
  }

  static void write(Results results, Page page) {
    page.say("## Error against time");
    page.say("");
    page.say("![error and time of every kind of attention](performance/error-time.svg)");
    page.say("");
    page.say(
        "Every kind of attention, one head 64 columns wide on one thread. The error is ‖O′ − O‖ /"
            + " ‖O‖ over");
    page.say(
        "all queries: against exact causal attention for causal-improved-clustered, against"
            + " shared-qk for");
    page.say(
        "reformer, against full attention for all others. C is clusters, k top keys, b exact keys"
            + " a query,");
    page.say("w a window, R rounds of hashing, h positions of a chunk, e the accepted error;");
    page.say("shared-qk is exact, and auto makes a head exact that it cannot keep within e.");
    page.say("");
    page.row("n", "attention", "settings", "time", "against full", "error", "a call allocates");
    page.row("---:", "---", "---", "---:", "---:", "---:", "---:");
    for (int n : LENGTHS) {
      var exact = exact(results, n);
      exact.ifPresent(e -> page.row(format("%,d", n), "full", "", time(e), "1.0 ×", "0", ""));
      for (var f : figures(results, n)) {
        page.row(
            format("%,d", n),
            kind(f),
            settings(f),
            time(f),
            exact.map(e -> format("%.1f ×", e.nanos() / f.nanos())).orElse(""),
            format("%.3f", f.facts().get("error")),
            format("%.0f B", f.facts().get("allocation")));
      }
    }
    page.say("");
  }
}
