package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.format;

import io.github.starling.evaluation.RotaryStudy;
import io.github.starling.model.JsonObject;
import java.io.IOException;
import java.util.List;

/**
 * The section of {@code speech.md} on what rotary positions do to clusters.
 *
 * @param sets in the order of the page
 * @param page where to
 */
record SpeechRotary(List<SpeechSet> sets, MarkdownPage page) {
  void write() throws IOException {
    page.say("## Where a query looks: rotary positions\n");
    page.say(
        """
        Moonshine turns channels of each query and key by an angle that grows with the position, so that a score
        depends on how far apart the two are, whatever they contain. Below, for each layer, all heads, of the longest
        clip: how much of the variance of the scores q·k, from key to key, lies in the turned channels; how much of
        it the offset of key and query alone explains, a function of t − i and nothing else; and how far queries are
        in time from the median of their cluster, with %1$d clusters of the paper's kind, as a share of the clip. Clusters
        as large with members drawn at random have the spread beside it; %1$d runs of consecutive frames have %2$s.
        """
            .formatted(RotaryStudy.CLUSTERS, format("%.3f", 1 / (4.0 * RotaryStudy.CLUSTERS))));
    boolean isThere = false;
    for (var set : sets) {
      if (set.evaluation().rotary() != null) {
        write(set, set.evaluation().rotary());
        isThere = true;
      }
    }
    if (!isThere) {
      page.say("Not measured yet: `./starling evaluate asr` adds it to an evaluation.\n");
    }
  }

  private void write(SpeechSet set, JsonObject rotary) throws IOException {
    int channels = rotary.whole("channels", 1);
    int width = rotary.whole("width", 1);
    var layers = rotary.objects("layers");
    page.say(
        "### %s: %d of %d channels turn, n = %d\n"
            .formatted(set.name(), channels, width, rotary.whole("length", 1)));
    var row = set.row(AccuracyReport.IMPROVED, RotaryStudy.CLUSTERS);
    double[] errors =
        row == null || row.study() == null ? new double[0] : row.study().numbers("errors");
    page.row(
        "layer",
        "turned channels",
        "offset alone",
        "spread of clusters",
        "of random ones",
        "error of improved clustered, 25");
    page.row("---:", "---:", "---:", "---:", "---:", "---:");
    for (int i = 0; i < layers.size(); i++) {
      page.row(
          Integer.toString(i + 1),
          format("%.2f", layers.get(i).number("channel_share")),
          format("%.2f", layers.get(i).number("offset_share")),
          format("%.3f", layers.get(i).number("spread")),
          format("%.3f", layers.get(i).number("random_spread")),
          i < errors.length ? format("%.2f", errors[i]) : "");
    }
    page.say("");
    page.say(summary(layers, (double) channels / width) + "\n");
  }

  private static String summary(List<JsonObject> layers, double part) throws IOException {
    double share = mean(layers, "channel_share");
    double offset = mean(layers, "offset_share");
    double spread = mean(layers, "spread") / mean(layers, "random_spread");
    return format(
            """
            In the mean over the layers, %.0f %% of the variance lies in the turned channels, which are %.0f %% of all, and the
            offset alone explains %.0f %%. Clusters spread %.0f %% as far in time as random ones: \
            """,
            100 * share, 100 * part, 100 * offset, 100 * spread)
        + clusters(spread)
        + (offset > 0.5
            ? """

            Most of what a query looks for is where, seen from itself. Members of a cluster at other times look at other
            keys, so that one set of keys for all of them serves few; a window around each query serves all.\
            """
            : "");
  }

  /** Returns what the spread of clusters, 1 for random ones, says of them. */
  private static String clusters(double spread) {
    if (spread < 0.5) {
      return """
      stretches of time
      more than kinds of sound. A clip twice as long has twice as many of them.\
      """;
    }
    return spread < 0.9
        ? "their members\ngather in time, but a cluster still joins frames from far apart."
        : "they have next to\nnothing to do with time.";
  }

  private static double mean(List<JsonObject> layers, String member) throws IOException {
    double sum = 0;
    for (var layer : layers) {
      sum += layer.number(member);
    }
    return sum / layers.size();
  }
}
