package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.format;
import static io.github.starling.cli.MarkdownPage.number;

import io.github.starling.evaluation.Correlation;
import io.github.starling.evaluation.Measure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sections of {@code speech.md} on the error of the encoder's output.
 *
 * @param sets in the order of the page
 * @param page where to
 */
record SpeechErrors(List<SpeechSet> sets, MarkdownPage page) {
  /** Word errors from which nothing useful is understood, in per cent. */
  private static final double HOPELESS = 90;

  private static final String RUNS = AccuracyReport.IMPROVED + "-runs";

  void write() throws IOException {
    writeThresholds();
    writeRuns();
  }

  private void writeThresholds() throws IOException {
    page.say("## The encoder's error tells it beforehand\n");
    page.say(
        """
        *Encoder error* is ‖E′ − E‖ / ‖E‖ of what the decoder gets to see. It needs no transcript and scatters little. How
        word errors go with it, over the settings of all kinds, ρ being Spearman's correlation:
        """);
    for (var set : sets) {
      var rows = set.rows();
      if (!rows.isEmpty()) {
        page.say("- %s: %s%s.".formatted(set.name(), thresholds(rows), correlation(rows)));
      }
    }
    page.say("");
  }

  private static String correlation(List<SpeechRow> rows) throws IOException {
    double[] errors = new double[rows.size()];
    double[] words = new double[rows.size()];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = rows.get(i).encoderError();
      words[i] = rows.get(i).mean(Measure.WORD_ERRORS);
    }
    double rho =
        new Correlation(errors, words).spearman(IntStream.range(0, errors.length).toArray());
    return Double.isNaN(rho) ? "" : format("; ρ = %.2f over %d settings", rho, errors.length);
  }

  /** Says up to where nothing is lost, from where on all lose, and from where all is lost. */
  static String thresholds(List<SpeechRow> rows) throws IOException {
    double leastLoss = Double.POSITIVE_INFINITY;
    double mostHeld = 0;
    double hopeless = Double.POSITIVE_INFINITY;
    for (var row : rows) {
      double error = row.encoderError();
      if (row.verdict().isLoss()) {
        leastLoss = Math.min(leastLoss, error);
      } else {
        mostHeld = Math.max(mostHeld, error);
      }
      if (row.mean(Measure.WORD_ERRORS) >= HOPELESS) {
        hopeless = Math.min(hopeless, error);
      }
    }
    double below = leastLoss;
    double above = mostHeld;
    var held = errors(rows).stream().filter(e -> e < below).max(Comparator.naturalOrder());
    var lost = errors(rows).stream().filter(e -> e > above).min(Comparator.naturalOrder());
    String text =
        (held.isEmpty() ? "no setting is without loss" : format("no loss up to %.2f", held.get()))
            + (lost.isEmpty() ? "" : format(", loss at all from %.2f on", lost.get()));
    return Double.isInfinite(hopeless)
        ? text
        : text + format("; from %.2f on settings get 90 of 100 words or more wrong", hopeless);
  }

  private static List<Double> errors(List<SpeechRow> rows) throws IOException {
    var errors = new ArrayList<Double>();
    for (var row : rows) {
      errors.add(row.encoderError());
    }
    return errors;
  }

  /** Whether clusters beat neighbours in time, which cost no hash and no K-means. */
  private void writeRuns() throws IOException {
    if (!SpeechSet.have(sets, RUNS)) {
      return;
    }
    page.say("## Clusters or just neighbours\n");
    page.say(
        """
        *%s* is improved clustered attention whose clusters are runs of consecutive frames: nothing is hashed,
        nothing compared. Any clustering has to beat it. With as many clusters, that of the paper does as follows.
        """
            .formatted(RUNS));
    page.row(
        "model",
        "clips",
        "clusters",
        "encoder error",
        "on runs",
        "WER",
        "on runs",
        "smaller error");
    page.row("---", "---", "---:", "---:", "---:", "---:", "---:", "---");
    for (var set : sets) {
      for (var row : set.rows()) {
        var runs = set.row(RUNS, row.clusters());
        if (row.kind().equals(AccuracyReport.IMPROVED) && runs != null) {
          page.row(
              set.model(),
              set.length(),
              Integer.toString(row.clusters()),
              format("%.3f", row.encoderError()),
              format("%.3f", runs.encoderError()),
              number(row.mean(Measure.WORD_ERRORS)),
              number(runs.mean(Measure.WORD_ERRORS)),
              better(row, runs));
        }
      }
    }
    page.say("");
  }

  private static String better(SpeechRow clusters, SpeechRow runs) throws IOException {
    int order = Double.compare(clusters.encoderError(), runs.encoderError());
    return order == 0 ? "" : order < 0 ? "clusters" : "runs";
  }
}
