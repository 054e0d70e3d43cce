package io.github.starling.cli;

import io.github.starling.chart.HeatMap;
import io.github.starling.chart.LineChart;
import io.github.starling.chart.LineChart.Panel;
import io.github.starling.chart.LineChart.Point;
import io.github.starling.chart.LineChart.Series;
import io.github.starling.evaluation.Measure;
import io.github.starling.model.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The charts of {@code accuracy.md}.
 *
 * @param evaluations in the order of the page
 */
record AccuracyCharts(List<KeptEvaluation> evaluations) {
  static final String LOSS = "loss.svg";

  private static final double PER_CENT = 100;

  /** Returns the content of each file. */
  Map<String, String> draw() throws FormatException {
    var charts = new LinkedHashMap<String, String>();
    charts.put(LOSS, loss());
    for (var evaluation : evaluations) {
      if (!evaluation.heads().isEmpty()) {
        charts.put(headsName(evaluation), heads(evaluation));
      }
    }
    return charts;
  }

  static String headsName(KeptEvaluation evaluation) throws FormatException {
    return "heads-%s.svg".formatted(evaluation.title().replaceAll("[^\\w.-]+", "-"));
  }

  /** Short inputs have a panel of their own, since there clustering costs more than it saves. */
  private String loss() throws FormatException {
    return new LineChart(
            List.of(
                panel(AccuracyReport.IMPROVED, true),
                panel(AccuracyReport.REFINED, true),
                panel(AccuracyReport.IMPROVED, false)))
        .toSvg();
  }

  private Panel panel(String kind, boolean isLong) throws FormatException {
    var series = new ArrayList<Series>();
    for (var evaluation : evaluations) {
      if (evaluation.isLong() == isLong) {
        series.add(new Series(evaluation.name(), true, losses(evaluation, kind)));
      }
    }
    String y = "%s, loss in %% of exact, %s inputs".formatted(kind, isLong ? "long" : "short");
    return new Panel(y, "time of the attention, exact = 1", LineChart.LINEAR, series);
  }

  /** Returns the loss in per cent of exact against the time of the attention. */
  static List<Point> losses(KeptEvaluation evaluation, String kind) throws FormatException {
    String measure = evaluation.measures().getFirst();
    double exact = evaluation.exact().object(measure).number("mean");
    // errors leave the rest right: as a part of the few errors that there are with exact
    // attention, a loss would have no end
    double sign = Measure.isHigherBetter(measure) ? -PER_CENT : PER_CENT;
    double right = Measure.isHigherBetter(measure) ? exact : PER_CENT - exact;
    var points = new ArrayList<Point>();
    for (var summary : evaluation.summaries()) {
      var study = evaluation.study(kind, summary.whole("clusters", 0));
      if (summary.string("kind").equals(kind) && study != null && right > 0) {
        double loss = sign * summary.object(measure).number("difference") / right;
        points.add(new Point(1 / study.number("attention_speed_up"), loss));
      }
    }
    return points;
  }

  private static String heads(KeptEvaluation evaluation) throws FormatException {
    var heads = evaluation.heads();
    int layers = 1 + heads.getLast().whole("layer", 0);
    var errors = new double[layers][heads.size() / layers];
    for (var head : heads) {
      errors[head.whole("layer", 0)][head.whole("head", 0)] = head.number("error");
    }
    return new HeatMap("error, improved clustered, 25 clusters", "layer", "head", errors).toSvg();
  }
}
