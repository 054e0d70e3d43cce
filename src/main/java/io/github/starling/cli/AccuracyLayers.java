package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.format;

import io.github.starling.evaluation.Correlation;
import io.github.starling.model.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The sections of {@code accuracy.md} on layers and heads.
 *
 * @param evaluations in the order of the page
 * @param page where to
 */
record AccuracyLayers(List<KeptEvaluation> evaluations, MarkdownPage page) {
  private static final int WORST_HEADS = 10;

  void write() throws IOException {
    writeLayers();
    writeHeads();
  }

  private void writeLayers() throws IOException {
    page.say("## Which layers resist\n");
    page.say("Error of improved clustered attention with 25 clusters, layer by layer.\n");
    int most = 0;
    var studies = new LinkedHashMap<String, double[]>();
    for (var evaluation : evaluations) {
      var study = evaluation.study(AccuracyReport.IMPROVED, AccuracyReport.CLAIMED);
      if (study != null) {
        double[] errors = study.numbers("errors");
        studies.put(evaluation.name(), errors);
        most = Math.max(most, errors.length);
      }
    }
    var head = new ArrayList<>(List.of("task, model"));
    var rule = new ArrayList<>(List.of("---"));
    for (int layer = 1; layer <= most; layer++) {
      head.add(Integer.toString(layer));
      rule.add("---:");
    }
    page.row(head.toArray(String[]::new));
    page.row(rule.toArray(String[]::new));
    for (var study : studies.entrySet()) {
      var cells = new ArrayList<>(List.of(study.getKey()));
      for (int layer = 0; layer < most; layer++) {
        boolean isThere = layer < study.getValue().length;
        cells.add(isThere ? format("%.2f", study.getValue()[layer]) : "");
      }
      page.row(cells.toArray(String[]::new));
    }
    page.say("");
  }

  private void writeHeads() throws IOException {
    page.say("## Which heads resist, and why\n");
    page.say(
        """
        Under each picture stands how the error of a head goes with where its exact weights go, over all heads of the
        model. A head that attends to a neighbour gives every query of a cluster another key, which no 32 shared keys
        hold: such heads resist. A head whose weights are nearly uniform gives all queries nearly the same, and loses
        little. Weight on [CLS] and [SEP] alone tells less. *On neighbour* is the share of weight on the one place from −3 to
        +3 that gets most; *on 32 keys* that of the 32 keys with the most weight, query by query.
        """);
    for (var evaluation : evaluations) {
      var heads = evaluation.heads();
      if (heads.isEmpty()) {
        continue;
      }
      page.say("### %s\n".formatted(evaluation.name()));
      page.say(
          "![error of each head](%s/%s)\n"
              .formatted(AccuracyReport.CHARTS, AccuracyCharts.headsName(evaluation)));
      page.say(
          "Spearman's correlation of a head's error with the share of weight on its favourite"
              + " neighbour: %s; on\n[CLS] and [SEP]: %s; on the 32 keys with the most: %s; with the"
                  .formatted(
                      correlation(heads, "offset_share"),
                      correlation(heads, "separator_share"),
                      correlation(heads, "top_share"))
              + " entropy of the weights: "
              + correlation(heads, "entropy")
              + ".\n");
      page.row(
          "layer",
          "head",
          "error",
          "entropy / ln m",
          "on neighbour",
          "on [CLS] and [SEP]",
          "on 32 keys");
      page.row("---:", "---:", "---:", "---:", "---:", "---:", "---:");
      var order = Comparator.comparingDouble(number("error")).reversed();
      for (var h : heads.stream().sorted(order).limit(WORST_HEADS).toList()) {
        writeHead(h);
      }
      page.row("…", "", "", "", "", "", "");
      for (var h : heads.stream().sorted(order.reversed()).limit(3).toList()) {
        writeHead(h);
      }
      page.say("");
    }
  }

  private void writeHead(JsonObject head) throws IOException {
    page.row(
        Integer.toString(head.whole("layer", 0) + 1),
        Integer.toString(head.whole("head", 0) + 1),
        format("%.3f", head.number("error")),
        format("%.2f", head.number("entropy")),
        format("%.2f at %+.0f", head.number("offset_share"), head.number("offset")),
        format("%.2f", head.number("separator_share")),
        format("%.2f", head.number("top_share")));
  }

  private static String correlation(List<JsonObject> heads, String property) {
    double[] errors = heads.stream().mapToDouble(number("error")).toArray();
    double[] values = heads.stream().mapToDouble(number(property)).toArray();
    int[] all = IntStream.range(0, errors.length).toArray();
    double correlation = new Correlation(errors, values).spearman(all);
    return Double.isNaN(correlation) ? "none" : format("%+.2f", correlation);
  }

  private static ToDoubleFunction<JsonObject> number(String member) {
    return json -> {
      try {
        return json.number(member);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
