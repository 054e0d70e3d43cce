package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.format;
import static io.github.starling.cli.MarkdownPage.number;
import static io.github.starling.cli.MarkdownPage.signed;

import io.github.starling.evaluation.Measure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The sections of {@code speech.md} that say what holds, by rules on intervals.
 *
 * @param sets in the order of the page
 * @param page where to
 */
record SpeechVerdicts(List<SpeechSet> sets, MarkdownPage page) {
  /** Clusters of the paper's own tables on speech. */
  private static final int PAPER = 100;

  void write() throws IOException {
    writeClaim();
    writeEnough();
  }

  private void writeClaim() throws IOException {
    if (!SpeechSet.have(sets, AccuracyReport.IMPROVED)) {
      return;
    }
    page.say("## The paper's kind: improved clustered, 32 keys\n");
    writeInShort(PAPER, "the paper's own number for speech");
    writeInShort(AccuracyReport.CLAIMED, "those of its claim about pretrained models");
    page.row("model", "clips", "clusters", "WER, exact", "here", "difference", "95 %", "verdict");
    page.row("---", "---", "---:", "---:", "---:", "---:", "---:", "---");
    for (var set : sets) {
      for (int clusters : List.of(AccuracyReport.CLAIMED, PAPER)) {
        var row = set.row(AccuracyReport.IMPROVED, clusters);
        if (row != null) {
          var value = row.value(Measure.WORD_ERRORS);
          page.row(
              set.model(),
              set.length(),
              Integer.toString(clusters),
              number(set.exact().mean(Measure.WORD_ERRORS)),
              number(value.number("mean")),
              signed(value.number("difference")),
              row.verdict().interval(),
              row.verdict().toString());
        }
      }
    }
    page.say("");
  }

  /** Says on how many sets a number of clusters loses. */
  private void writeInShort(int clusters, String which) throws IOException {
    int tried = 0;
    int lost = 0;
    for (var set : sets) {
      var row = set.row(AccuracyReport.IMPROVED, clusters);
      if (row != null) {
        tried++;
        lost += row.verdict().isLoss() ? 1 : 0;
      }
    }
    if (tried > 0) {
      page.say(
          "With %d clusters, %s, word errors rise in %d of %d sets of clips: %s\n"
              .formatted(
                  clusters,
                  which,
                  lost,
                  tried,
                  lost == 0
                      ? "no loss was seen, within the widths below."
                      : "without training, the approximation does not hold here."));
    }
  }

  /** For each kind the fewest clusters from which on nothing was lost. */
  private void writeEnough() throws IOException {
    page.say("## How many clusters are enough\n");
    page.say(
        """
        For each kind the fewest clusters from which on no setting that was tried lost word accuracy. *May hide* is
        the upper end of the interval: a rise of word errors up to there would have gone unnoticed.
        """);
    page.row(
        "model",
        "clips",
        "attention",
        "clusters tried",
        "enough",
        "difference",
        "may hide",
        "encoder error",
        "attention speed-up");
    page.row("---", "---", "---", "---", "---:", "---:", "---:", "---:", "---:");
    for (var set : sets) {
      for (var kind : set.kinds().entrySet()) {
        writeEnough(set, kind.getKey(), kind.getValue());
      }
    }
    page.say("");
  }

  private void writeEnough(SpeechSet set, String kind, List<SpeechRow> rows) throws IOException {
    SpeechRow enough = null;
    for (var row : rows.reversed()) {
      if (row.verdict().isLoss()) {
        break;
      }
      enough = row;
    }
    var tried = new ArrayList<String>();
    for (var row : rows) {
      tried.add(Integer.toString(row.clusters()));
    }
    var cells = new ArrayList<>(List.of(set.model(), set.length(), kind));
    cells.add(String.join(", ", tried));
    if (enough == null) {
      cells.addAll(List.of("**none**", "", "", "", ""));
    } else {
      cells.add(Integer.toString(enough.clusters()));
      cells.add(signed(enough.value(Measure.WORD_ERRORS).number("difference")));
      cells.add(signed(Math.max(0, enough.verdict().high())));
      cells.add(format("%.3f", enough.encoderError()));
      cells.add(SpeechTables.times(enough.speedUp()));
    }
    page.row(cells.toArray(String[]::new));
  }
}
