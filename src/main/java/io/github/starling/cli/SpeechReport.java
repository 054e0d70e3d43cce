package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.format;
import static io.github.starling.cli.MarkdownPage.number;

import io.github.starling.evaluation.Measure;
import io.github.starling.evaluation.WordNormalizer;
import io.github.starling.model.AtomicWrite;
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
  static final String CHARTS = "speech";

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
    writeIntroduction();
    writeSets();
    new SpeechVerdicts(sets, page).write();
    new SpeechErrors(sets, page).write();
    writePaper();
    new SpeechTables(sets, page).write();
    writeLengths();
    new SpeechRotary(sets, page).write();
    writeAgain();
  }

  private void writeIntroduction() {
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
