package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.format;
import static io.github.starling.cli.MarkdownPage.number;
import static io.github.starling.cli.MarkdownPage.signed;

import io.github.starling.evaluation.Evaluation;
import io.github.starling.evaluation.Measure;
import io.github.starling.evaluation.WordErrors;
import io.github.starling.evaluation.WordNormalizer;
import io.github.starling.model.AtomicWrite;
import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Writes {@code speech.md} and its charts from the files of evaluations of the task asr. */
final class SpeechReport {
  private static final String FILE = "speech.md";
  private static final String CHARTS = "speech";

  private final List<SpeechSet> sets;
  private final SpeechCharts charts;
  private final MarkdownPage page = new MarkdownPage();

  private SpeechReport(List<SpeechSet> sets) {
    this.sets = sets;
    charts = new SpeechCharts(sets);
  }

  /**
   * Writes the page, each file beside its place and then renamed.
   *
   * @param evaluations of speech, at least one
   * @param docs folder of the page
   * @throws IOException if an evaluation lacks something, or the page cannot be written
   */
  static Path write(List<KeptEvaluation> evaluations, Path docs) throws IOException {
    var order = new TreeMap<String, SpeechSet>(Comparator.naturalOrder());
    for (var evaluation : evaluations) {
      var set = new SpeechSet(evaluation);
      order.put(
          format("%s %09.0f %s %09d", set.model(), set.frames(), evaluation.title(), order.size()),
          set);
    }
    var report = new SpeechReport(List.copyOf(order.values()));
    report.write();
    Path folder = Files.createDirectories(docs.resolve(CHARTS));
    for (var chart : report.charts.draw().entrySet()) {
      AtomicWrite.text(folder.resolve(chart.getKey()), chart.getValue());
    }
    AtomicWrite.text(docs.resolve(FILE), report.page.toString());
    return docs.resolve(FILE);
  }

  private void write() throws IOException {
    page.say(
        """
        # Does it hold for speech?

        The paper is about speech in the first place: its recognisers were trained with clustered attention, and lose
        little by it. Here nothing is trained. Moonshine (arXiv:2410.15608), which learned with exact attention, gets
        approximate attention in every layer of its encoder and has to cope; its decoder stays as it is.
        `./starling evaluate asr` measures, and `./starling evaluate --report` writes this page; what it says of gain and
        loss follows from the numbers by fixed rules. [accuracy.md](accuracy.md) does the same for text.

        *Difference* is that to exact attention on the same clips; its interval holds 95 % of 2,000 resamplings of the
        clips, in pairs. "No loss" stands here only where the interval covers zero, and then says no more than its
        width. So few clips make such intervals rather too narrow, so take them for the least that is uncertain.
        """);
    writeSets();
    new SpeechVerdicts(sets, page).write();
    writePaper();
    page.say("## All settings\n");
    page.say(
        """
        Improved clustered attention has exact scores for 32 keys of each cluster, signatures of 63 bits and K-means of at
        most 10 iterations; refined clustered attention ([refined.md](refined.md)) has 48 exact keys a query up to 30
        clusters, beyond that 32 and one for every 2 clusters, and a window of 16.

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
    writeLengths();
    new SpeechRotary(sets, page).write();
    writeAgain();
  }

  private void writeSets() throws IOException {
    page.say("## What was run\n");
    page.say(
        """
        moonshine-tiny and moonshine-base are Useful Sensors' English models, MIT licence, in float32. The clips are 16 of
        21 to 25 seconds, presidential prose read by three synthetic voices, and the same joined in pairs, one right after
        the other. Synthetic voices are clean and even: real speech may bear less. Joined clips are longer than what
        Moonshine was made for, and it may skip or repeat there with exact attention too.
        """);
    page.say(WordNormalizer.RULE + " Word error rates (WER) are in per cent.\n");
    page.row(
        "model",
        "clips",
        "frames n",
        "words",
        "WER, exact",
        "skipped",
        "endless",
        "encoder, real-time factor");
    page.row("---", "---", "---:", "---:", "---:", "---:", "---:", "---:");
    for (var set : sets) {
      var exact = set.exact();
      page.row(
          set.model(),
          set.length(),
          format("%,.0f", set.frames()),
          format("%,d", set.words()),
          number(exact.mean(Measure.WORD_ERRORS)),
          number(exact.mean(Measure.SKIPPED_WORDS)),
          number(exact.mean(Measure.ENDLESS)),
          number(exact.mean(Measure.REAL_TIME)));
    }
    page.say("");
  }

  /** The paper's results on speech. */
  private void writePaper() {
    page.say("## Beside the paper\n");
    page.say(
        """
        Models trained with the attention that they are tested with; other data, so only the pattern can be compared.

        | task | exact | improved clustered, 100 clusters |
        |---|---:|---:|
        | WSJ, phone error | 5.03 | 5.61 |
        | Switchboard, word error | 15.0 | 15.5 |

        A model that is trained with the approximation can learn queries that cluster well. Ours never had the chance.
        """);
  }

  private void writeSet(SpeechSet set) throws IOException {
    page.say("### %s\n".formatted(set.name()));
    page.say(
        "![word errors and encoder error](%s/%s)\n".formatted(CHARTS, SpeechCharts.costName(set)));
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
    int seeds = row.summary().whole("seeds", 1);
    var cells = new ArrayList<String>();
    cells.add(row.kind());
    cells.add(row.clusters() == 0 ? "" : Integer.toString(row.clusters()));
    cells.add(Integer.toString(seeds));
    cells.add(
        number(errors.number("mean")) + (seeds > 1 ? " ± " + number(errors.number("spread")) : ""));
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

  private void writeLengths() throws IOException {
    var pictures = new ArrayList<String>();
    for (String model : charts.models()) {
      if (charts.hasLengths(model)) {
        pictures.add(
            "![errors against length](%s/%s)\n".formatted(CHARTS, SpeechCharts.lengthName(model)));
      }
    }
    if (!pictures.isEmpty()) {
      page.say("## Error against length\n");
      page.say(
          "Of each kind the fewest and the most clusters that were tried at several lengths.\n");
      pictures.forEach(page::say);
    }
  }

  private void writeAgain() {
    page.say("## To do it again\n");
    page.say(
        """
        `--data` takes any list of recordings with their texts (`./starling evaluate --help`), so put your own speech to
        the test; `--model moonshine-tiny` and `--join 2` are the other sets of this page.

        ```
        R='--results docs/accuracy/outcomes'
        ./starling evaluate asr $R --data clips.tsv --attention refined-clustered,improved-clustered,clustered
        ./starling evaluate asr $R --data clips.tsv --attention improved-clustered --clustering runs
        ./starling evaluate --report $R
        ```
        """);
  }
}
