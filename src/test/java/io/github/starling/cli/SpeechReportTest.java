package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.evaluation.TinyClips;
import io.github.starling.evaluation.WordNormalizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeechReportTest {
  private static final Pattern PICTURE = Pattern.compile("\\(speech/([^)]+)\\)");

  @TempDir Path folder;
  private Path results;
  private final List<String> summaries = new ArrayList<>();
  private final List<String> studies = new ArrayList<>();
  private String rotary = "";

  @BeforeEach
  void makeFolder() throws IOException {
    results = Files.createDirectory(folder.resolve("results"));
    summaries.add(summary("full", 0, "2.5, \"low\": 0, \"high\": 0", 0));
  }

  private String page() throws IOException {
    Path docs = Files.createDirectories(folder.resolve("docs"));
    var pages = EvaluationPages.write(results, docs);
    assertEquals(List.of(docs.resolve("speech.md")), pages);
    return Files.readString(pages.getFirst());
  }

  private static String summary(String kind, int clusters, String wer, double error) {
    String value = "{\"mean\": %s, \"spread\": 0, \"difference\": 0, \"low\": 0, \"high\": 0}";
    return """
    {"kind": "%s", "clusters": %d, "seeds": 1,
     "WER": {"spread": 0, "difference": 0, "mean": %s},
     "skipped words": %s, "endless clips": %s, "encoder error": %s, "real-time factor": %s}
    """
        .formatted(
            kind,
            clusters,
            wer,
            value.formatted(1),
            value.formatted(6.25),
            value.formatted(error),
            value.formatted(0.07));
  }

  /** Adds a setting with the 95 % interval of its word errors. */
  private void add(String kind, int clusters, double low, double high, double error) {
    String wer = 2.5 + (low + high) / 2 + ", \"low\": " + low + ", \"high\": " + high;
    summaries.add(summary(kind, clusters, wer, error));
    studies.add(
        """
        {"kind": "%s", "clusters": %d, "errors": [0.25, %s], "attention_speed_up": %s,
         "encoder_speed_up": 1.5}
        """
            .formatted(kind, clusters, error, 100.0 / clusters));
  }

  /** Writes what was added as the outcomes of two clips, 20 and 30 s times {@code join}. */
  private void write(String model, int join) throws IOException {
    String scores = "{\"values\": [0, 0]},".repeat(7);
    Files.writeString(
        results.resolve(model + join + ".json"),
        """
        {"task": "asr", "data": "d.tsv", "model": "%s", "options": {"join": %d}, "items": 2,
         "sequences": 2, "mean_length": %d, "longest_length": 9000, "heads": [], %s
         "outcomes": [{"kind": "full", "clusters": 0, "seed": 0, "scores": [
           {"values": [1, 2]}, {"values": [600, 500]}, %s {"values": [%d, %d]}]}],
         "studies": [%s], "summaries": [%s]}
        """
            .formatted(
                model,
                join,
                1000 * join,
                rotary,
                scores.substring(0, scores.length() * 6 / 7),
                20 * join,
                30 * join,
                String.join(",", studies),
                String.join(",", summaries)));
  }

  private static void contains(String page, String text) {
    assertTrue(page.contains(text), text + " is not in\n" + page);
  }

  @Test
  void everySetHasItsTableAndItsChart() throws Exception {
    Path recogniser = TinyClips.model(Files.createDirectory(folder.resolve("speech")));
    Path data = EvaluationFiles.write(TaskKind.ASR, folder);
    for (int join : List.of(1, 2)) {
      for (String how : List.of("hamming", "runs")) {
        Object[] words =
            ("evaluate asr --attention improved-clustered,refined-clustered --clusters 3,25 --seeds"
                    + " 2 --top-k 4 --data %s --model %s --results %s --join %d --clustering %s")
                .formatted(data, recogniser, results, join, how)
                .split(" ");
        var run = CommandRun.of(folder, words);
        assertEquals(0, run.status(), run.err());
      }
    }
    String page = page();
    contains(page, "\n### moonshine, 5 clips of 1 s\n");
    contains(page, "\n### moonshine, 3 clips of 1 s\n");
    contains(page, "\n### moonshine, 5 clips of 1 s: 4 of 6 channels turn, n = ");
    contains(page, WordNormalizer.RULE);
    for (String kind : List.of("improved-clustered", "improved-clustered-runs")) {
      assertEquals(
          2, page.lines().filter(line -> line.startsWith("| " + kind + " | 3 | ")).count(), kind);
    }
    assertFalse(page.contains("NaN"), page);
    assertTrue(Files.notExists(folder.resolve("docs/accuracy.md")));
    var pictures = PICTURE.matcher(page).results().map(m -> m.group(1)).sorted().toList();
    assertEquals(
        List.of(
            "cost-moonshine-asr-clips.tsv-2-clips-in-one.svg",
            "cost-moonshine-asr-clips.tsv.svg",
            "length-moonshine.svg"),
        pictures);
    for (String picture : pictures) {
      Path chart = folder.resolve("docs/speech").resolve(picture);
      var svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(chart.toFile());
      assertEquals("svg", svg.getDocumentElement().getTagName());
      assertFalse(Files.readString(chart).contains("NaN"), picture);
    }
  }

  @Test
  void theClaimFailsWhereTheIntervalIsAboveZero() throws IOException {
    add("improved-clustered", 25, 3, 5, 0.5);
    add("improved-clustered", 100, -0.5, 0.25, 0.3);
    write("b", 1);
    String page = page();
    contains(
        page, "With 100 clusters, the paper's own number for speech, word errors rise in 0 of 1");
    contains(page, "no loss was seen, within the widths below.");
    contains(page, "its claim about pretrained models, word errors rise in 1 of 1");
    contains(page, "without training, the approximation does not hold here.");
    contains(page, "| b | 2 × 25 s | 25 | 2.500 | 6.500 | +0.000 | +3.000 to +5.000 | **loss** |");
    contains(page, "-0.500 to +0.250 | no loss seen, width 0.750 |");
    contains(page, "| b | 2 × 25 s | 1,000 | 1,100 | 2.500 | 1.000 | 6.250 | 0.070 |");
  }

  @Test
  void enoughAreTheFewestClustersFromWhichOnNothingIsLost() throws IOException {
    add("clustered", 25, 1, 2, 0.5);
    add("clustered", 100, 1, 2, 0.4);
    add("refined-clustered", 10, -1, 2, 0.2);
    add("refined-clustered", 20, 1, 2, 0.2);
    add("refined-clustered", 50, -1, 0.75, 0.125);
    add("refined-clustered", 80, -2, -1, 0.1);
    write("b", 1);
    String page = page();
    contains(page, "| b | 2 × 25 s | clustered | 25, 100 | **none** |  |  |  |  |\n");
    contains(
        page,
        "| b | 2 × 25 s | refined-clustered | 10, 20, 50, 80 | 50 | +0.000 | +0.750 | 0.125 | 2.00"
            + " × |\n");
  }

  @Test
  void thresholdsAreBetweenWhatHoldsAndWhatLoses() throws IOException {
    add("refined-clustered", 80, -1, 1, 0.1);
    add("refined-clustered", 50, -1, 1, 0.2);
    add("clustered", 10, 1, 2, 0.3); // lost already
    add("clustered", 20, -1, 1, 0.4); // but this is not
    add("clustered", 5, 1, 2, 0.5);
    add("clustered", 2, 80, 98, 0.6);
    write("b", 1);
    contains(
        page(),
        "- b, 2 clips of 25 s: no loss up to 0.20, loss at all from 0.50 on; from 0.60 on settings"
            + " get 90 of 100 words or more wrong; ρ = ");
  }

  @Test
  void whereNothingHoldsThereIsNoThreshold() throws IOException {
    add("clustered", 10, 1, 2, 0.3);
    write("b", 1);
    contains(page(), "25 s: no setting is without loss, loss at all from 0.30 on.\n");
  }

  @Test
  void runsAreComparedWithAsManyClusters() throws IOException {
    add("improved-clustered", 25, 1, 2, 0.3);
    add("improved-clustered", 50, 1, 2, 0.2);
    add("improved-clustered", 75, 1, 2, 0.15);
    add("improved-clustered", 100, 1, 2, 0.1);
    assertFalse(pageOf("b").contains("Clusters or just neighbours"));
    add("improved-clustered-runs", 25, 1, 2, 0.4);
    add("improved-clustered-runs", 50, 1, 3, 0.1);
    add("improved-clustered-runs", 75, 1, 2, 0.15);
    String page = pageOf("b");
    contains(page, "| b | 2 × 25 s | 25 | 0.300 | 0.400 | 4.000 | 4.000 | clusters |\n");
    contains(page, "| b | 2 × 25 s | 50 | 0.200 | 0.100 | 4.000 | 4.500 | runs |\n");
    contains(page, "| b | 2 × 25 s | 75 | 0.150 | 0.150 | 4.000 | 4.000 |  |\n");
    assertFalse(page.contains("| b | 2 × 25 s | 100 | 0.100 | "), page);
  }

  private String pageOf(String model) throws IOException {
    write(model, 1);
    return page();
  }

  @Test
  void setsStandByModelAndLengthAndChartsFollow() throws IOException {
    add("clustered", 25, 1, 2, 0.3);
    write("b", 2);
    write("a", 1);
    write("b", 1);
    String page = page();
    int[] places = {
      page.indexOf("### a, 2 clips of 25 s"),
      page.indexOf("### b, 2 clips of 25 s"),
      page.indexOf("### b, 2 clips of 50 s")
    };
    assertTrue(0 < places[0] && places[0] < places[1] && places[1] < places[2], page);
    assertTrue(Files.exists(folder.resolve("docs/speech/length-b.svg")));
    assertTrue(Files.notExists(folder.resolve("docs/speech/length-a.svg")), "a has one length");
    String svg = Files.readString(folder.resolve("docs/speech/length-b.svg"));
    contains(svg, ">clustered, 25 clusters</text>");
  }

  @Test
  void whatClustersAreFollowsFromTheirSpread() throws IOException {
    assertTrue(rotaryPage(0.1, 0.4).contains("stretches of time\nmore than kinds of sound"));
    assertTrue(rotaryPage(0.16, 0.4).contains("but a cluster still joins frames from far apart."));
    assertTrue(rotaryPage(0.24, 0.4).contains("nothing to do with time."));
    assertFalse(rotaryPage(0.24, 0.4).contains("Most of what a query looks for is where"));
    String page = rotaryPage(0.1, 0.75);
    contains(page, "Most of what a query looks for is where");
    contains(page, "### b, 2 clips of 25 s: 6 of 8 channels turn, n = 40\n");
    contains(page, "| 1 | 0.50 | 0.75 | 0.100 | 0.250 | 0.25 |\n");
    contains(page, "50 % of the variance lies in the turned channels, which are 75 % of all");
  }

  private String rotaryPage(double spread, double offset) throws IOException {
    add("improved-clustered", 25, 1, 2, 0.3);
    String layer =
        String.format(
            Locale.ROOT,
            "{\"channel_share\": 0.5, \"offset_share\": %s, \"spread\": %s, \"random_spread\":"
                + " 0.25}",
            offset,
            spread);
    rotary =
        "\"rotary\": {\"channels\": 6, \"width\": 8, \"length\": 40, \"layers\": [%s, %s]},"
            .formatted(layer, layer);
    return pageOf("b");
  }

  @Test
  void withoutTheStudyThePageSaysHowToGetIt() throws IOException {
    contains(pageOf("b"), "Not measured yet: `./starling evaluate asr` adds it");
  }
}
