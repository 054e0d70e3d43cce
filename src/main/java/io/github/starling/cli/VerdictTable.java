package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.format;
import static io.github.starling.cli.MarkdownPage.number;
import static io.github.starling.cli.MarkdownPage.signed;

import java.io.IOException;

/**
 * A table of evaluations beside exact attention, with a verdict on each.
 *
 * @param page where to
 */
record VerdictTable(MarkdownPage page) {
  /** Begins the table. */
  void head() {
    page.row(
        "task", "model", "length", "measure", "exact", "here", "difference", "95 %", "verdict");
    page.row("---", "---", "---:", "---", "---:", "---:", "---:", "---:", "---");
  }

  /**
   * Adds a row.
   *
   * @param evaluation has a summary of that kind
   * @param kind of attention
   * @param clusters of that kind
   * @param measure its name
   */
  void row(KeptEvaluation evaluation, String kind, int clusters, String measure)
      throws IOException {
    var summary = evaluation.summary(kind, clusters);
    var value = summary.object(measure);
    var verdict = Verdict.of(measure, value);
    page.row(
        evaluation.title(),
        evaluation.model(),
        format(
            "%.0f (≤ %d) %s",
            evaluation.json().number("mean_length"),
            evaluation.json().whole("longest_length", 0),
            evaluation.units()),
        measure,
        number(evaluation.exact().object(measure).number("mean")),
        MarkdownPage.mean(summary, measure),
        signed(value.number("difference")),
        verdict.interval(),
        verdict.toString());
  }
}
