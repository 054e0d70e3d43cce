package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.format;
import static io.github.starling.cli.MarkdownPage.number;
import static io.github.starling.cli.MarkdownPage.signed;

import io.github.starling.evaluation.Evaluation;
import io.github.starling.evaluation.Measure;
import io.github.starling.evaluation.WordErrors;
import io.github.starling.model.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The section of {@code speech.md} that has all settings, a table for each set of clips.
 *
 * @param sets in the order of the page
 * @param page where to
 */
record SpeechTables(List<SpeechSet> sets, MarkdownPage page) {
  void write() throws IOException {
    page.say("## All settings\n");
    page.say(
        """
        Improved clustered attention has exact scores for 32 keys of each cluster, signatures of 63 bits and K-means of at
        most 10 iterations; refined clustered attention ([refined.md](refined.md)) has 48 exact keys a query up to 30
        clusters, 112 beyond that, and a window of 16.

        *Skipped* are words in rows of at least %d that the transcript lacks; *endless* are clips whose transcript repeats
        itself or does not end; both and WER in %%. *Attention error* is ‖O′ − O‖ / ‖O‖ of the attention's output on the
        queries, keys and values of exact attention, mean over the layers. Speed-ups are taken in turn with exact attention
        on the same clips and can be compared; the real-time factor, seconds of the encoder for each second of sound, has in
        it what else ran while a setting was at it. Times are of %d threads, JDK %s.
        """
            .formatted(
                WordErrors.SKIP,
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version")));
    for (var set : sets) {
      writeSet(set);
    }
  }

  private void writeSet(SpeechSet set) throws IOException {
    page.say("### %s\n".formatted(set.name()));
    page.say(
        "![word errors and encoder error](%s/%s)\n"
            .formatted(SpeechReport.CHARTS, SpeechCharts.costName(set)));
    page.row(
        "attention",
        "clusters",
        "seeds",
        "WER",
        "difference",
        "95 %",
        "verdict",
        "skipped",
        "endless",
        "encoder error",
        "attention error",
        "attention speed-up",
        "encoder speed-up",
        "encoder real-time factor");
    page.row(
        "---", "---:", "---:", "---:", "---:", "---:", "---", "---:", "---:", "---:", "---:",
        "---:", "---:", "---:");
    writeRow(set.exact());
    for (var row : set.rows()) {
      writeRow(row);
    }
    page.say("");
  }

  private void writeRow(SpeechRow row) throws FormatException {
    boolean isExact = row.kind().equals(Evaluation.EXACT);
    var errors = row.value(Measure.WORD_ERRORS);
    var cells = new ArrayList<String>();
    cells.add(row.kind());
    cells.add(row.clusters() == 0 ? "" : Integer.toString(row.clusters()));
    cells.add(Integer.toString(row.summary().whole("seeds", 1)));
    cells.add(MarkdownPage.mean(row.summary(), Measure.WORD_ERRORS));
    cells.add(isExact ? "" : signed(errors.number("difference")));
    cells.add(isExact ? "" : row.verdict().interval());
    cells.add(isExact ? "" : row.verdict().toString());
    cells.add(number(row.mean(Measure.SKIPPED_WORDS)));
    cells.add(number(row.mean(Measure.ENDLESS)));
    cells.add(isExact ? "" : format("%.3f", row.encoderError()));
    cells.add(Double.isNaN(row.attentionError()) ? "" : format("%.3f", row.attentionError()));
    cells.add(times(row.speedUp()));
    cells.add(times(row.encoderSpeedUp()));
    cells.add(number(row.mean(Measure.REAL_TIME)));
    page.row(cells.toArray(String[]::new));
  }

  /** Returns a speed-up, nothing if it is not known. */
  static String times(double speedUp) {
    return Double.isNaN(speedUp) ? "" : format("%.2f ×", speedUp);
  }
}
