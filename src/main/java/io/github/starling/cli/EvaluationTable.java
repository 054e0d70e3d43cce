package io.github.starling.cli;

import io.github.starling.evaluation.Evaluation;
import io.github.starling.evaluation.Summary;
import io.github.starling.evaluation.Task;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What an evaluation found, for a person.
 *
 * @param summaries exact attention first
 * @param task what was done
 */
record EvaluationTable(List<Summary> summaries, Task task) {
  private static final int USUAL_WIDTH = 20;
  private static final String ROW = "%8s %6s %18s %10s %20s %9s %10s %9s %11s";

  void print(TaskRequest request, PrintWriter out) {
    var inputs = task.inputs();
    var lengths = Arrays.stream(inputs.lengths()).summaryStatistics();
    out.println();
    out.println(
        String.format(
            Locale.ROOT,
            "%s with %s: %,d items, %,d sequences, %.1f %s in the mean, %d at most",
            request.title(),
            inputs.model().getFileName(),
            task.items(),
            lengths.getCount(),
            lengths.getAverage(),
            request.kind().units(),
            lengths.getMax()));
    if (!task.remark().isEmpty()) {
      out.println(task.remark());
    }
    boolean hasDivergence = summaries.stream().anyMatch(s -> !Double.isNaN(s.divergence()));
    for (int m = 0; m < task.measures().size(); m++) {
      out.println();
      out.println(
          row(
                  "",
                  "",
                  "",
                  task.measures().get(m).name(),
                  "to exact",
                  "95 %",
                  "error of",
                  "attention",
                  "encoder",
                  hasDivergence ? "divergence" : "")
              .stripTrailing());
      out.println(
          row(
                  "attention",
                  "clusters",
                  "seeds",
                  "",
                  "",
                  "",
                  "attention",
                  "speed-up",
                  "speed-up",
                  hasDivergence ? "nats" : "")
              .stripTrailing());
      for (var summary : summaries) {
        out.println(row(summary, m).stripTrailing());
      }
    }
    printLayers(out);
    out.flush();
  }

  private void printLayers(PrintWriter out) {
    out.println();
    out.println("error of the attention, layer by layer");
    for (var summary : summaries) {
      if (summary.study() != null) {
        var line = new StringBuilder(kind(summary.kind()) + "%8s ".formatted(clusters(summary)));
        for (double error : summary.study().errors()) {
          line.append(format(" %.3f", error));
        }
        out.println(line);
      }
    }
  }

  private String kind(String kind) {
    int width = summaries.stream().mapToInt(s -> s.kind().length()).max().orElse(0);
    return String.format("%-" + Math.max(USUAL_WIDTH, width) + "s ", kind);
  }

  /** Returns a line: the kind, then everything else. */
  private String row(String kind, Object... cells) {
    return kind(kind) + ROW.formatted(cells);
  }

  private static Object clusters(Summary summary) {
    return summary.clusters() == 0 ? "" : summary.clusters();
  }

  private String row(Summary summary, int m) {
    var value = summary.values().get(m);
    var study = summary.study();
    boolean isExact = summary.kind().equals(Evaluation.EXACT);
    return row(
        summary.kind(),
        clusters(summary),
        summary.seeds(),
        summary.seeds() == 1
            ? format("%.4f", value.mean())
            : format("%.4f ± %.4f", value.mean(), value.spread()),
        isExact ? "" : format("%+.4f", value.difference()),
        isExact ? "" : format("%+.4f to %+.4f", value.interval().low(), value.interval().high()),
        study == null ? "" : format("%.3f", Arrays.stream(study.errors()).average().orElse(0)),
        study == null ? "" : format("%.2f ×", study.attentionSpeedUp()),
        study == null ? "" : format("%.2f ×", study.encoderSpeedUp()),
        Double.isNaN(summary.divergence()) ? "" : format("%.3f", summary.divergence()));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
