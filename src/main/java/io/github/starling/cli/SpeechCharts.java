package io.github.starling.cli;

import io.github.starling.chart.LineChart;
import io.github.starling.chart.LineChart.Panel;
import io.github.starling.chart.LineChart.Point;
import io.github.starling.chart.LineChart.Series;
import io.github.starling.evaluation.Evaluation;
import io.github.starling.evaluation.Measure;
import io.github.starling.model.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The charts of {@code speech.md}. All axes are logarithmic, so that what is 0 is not drawn.
 *
 * @param sets in the order of the page
 */
record SpeechCharts(List<SpeechSet> sets) {
  private static final int DOUBLINGS = 2;

  /** A figure of a row that a curve shows. */
  private interface Figure {
    double of(SpeechRow row) throws FormatException;
  }

  /** Returns the content of each file. */
  Map<String, String> draw() throws FormatException {
    var charts = new LinkedHashMap<String, String>();
    for (var set : sets) {
      charts.put(costName(set), cost(set));
    }
    for (String model : models()) {
      if (hasLengths(model)) {
        charts.put(lengthName(model), length(model));
      }
    }
    return charts;
  }

  /** Returns the models in the order of their sets. */
  List<String> models() throws FormatException {
    var models = new ArrayList<String>();
    for (var set : sets) {
      if (!models.contains(set.model())) {
        models.add(set.model());
      }
    }
    return models;
  }

  static String costName(SpeechSet set) throws FormatException {
    String name = "cost-%s-%s".formatted(set.model(), set.evaluation().title());
    return name.replaceAll("[^\\w.-]+", "-") + ".svg";
  }

  static String lengthName(String model) {
    return "length-%s.svg".formatted(model.replaceAll("[^\\w.-]+", "-"));
  }

  /** Word errors and the encoder's error against the time of the attention, a curve a kind. */
  private static String cost(SpeechSet set) throws FormatException {
    String x = "time of the attention, exact = 1";
    return new LineChart(
            List.of(
                new Panel(
                    "word errors, %",
                    x, DOUBLINGS, costs(set, row -> row.mean(Measure.WORD_ERRORS), true)),
                new Panel(
                    "error of the encoder's output",
                    x,
                    DOUBLINGS,
                    costs(set, SpeechRow::encoderError, false))))
        .toSvg();
  }

  private static List<Series> costs(SpeechSet set, Figure figure, boolean withExact)
      throws FormatException {
    var series = new ArrayList<Series>();
    for (var kind : set.kinds().entrySet()) {
      var points = new ArrayList<Point>();
      for (var row : kind.getValue()) {
        add(points, 1 / row.speedUp(), figure.of(row));
      }
      series.add(new Series(kind.getKey(), true, points));
    }
    if (withExact) {
      var points = new ArrayList<Point>();
      add(points, 1, figure.of(set.exact()));
      series.add(new Series(Evaluation.EXACT, true, points));
    }
    return series;
  }

  /** Tells whether any row of a model is there for several lengths. */
  boolean hasLengths(String model) throws FormatException {
    return lengths(model, SpeechRow::encoderError).stream().anyMatch(s -> !s.points().isEmpty());
  }

  /** The errors against n. */
  private String length(String model) throws FormatException {
    String x = "frames n";
    return new LineChart(
            List.of(
                new Panel(
                    model + ": error of the attention's output",
                    x,
                    DOUBLINGS,
                    lengths(model, SpeechRow::attentionError)),
                new Panel(
                    model + ": error of the encoder's output",
                    x,
                    DOUBLINGS,
                    lengths(model, SpeechRow::encoderError))))
        .toSvg();
  }

  /** For each kind the fewest and the most clusters that are there for several lengths. */
  private List<Series> lengths(String model, Figure figure) throws FormatException {
    var kinds = new LinkedHashMap<String, List<Series>>();
    for (var set : sets) {
      for (var row : set.model().equals(model) ? set.rows() : List.<SpeechRow>of()) {
        var ofKind = kinds.computeIfAbsent(row.kind(), _ -> new ArrayList<>());
        String name = name(row);
        var points = points(model, row, figure);
        if (points.size() > 1 && ofKind.stream().noneMatch(s -> s.name().equals(name))) {
          ofKind.add(new Series(name, true, points));
        }
      }
    }
    var series = new ArrayList<Series>();
    for (var ofKind : kinds.values()) {
      if (!ofKind.isEmpty()) {
        series.add(ofKind.getFirst());
      }
      if (ofKind.size() > 1) {
        series.add(ofKind.getLast());
      }
    }
    return series;
  }

  private static String name(SpeechRow row) throws FormatException {
    return row.clusters() == 0 ? row.kind() : row.kind() + ", " + row.clusters() + " clusters";
  }

  private List<Point> points(String model, SpeechRow row, Figure figure) throws FormatException {
    var points = new ArrayList<Point>();
    for (var set : sets) {
      var same = set.model().equals(model) ? set.row(row.kind(), row.clusters()) : null;
      if (same != null) {
        add(points, set.frames(), figure.of(same));
      }
    }
    return points;
  }

  private static void add(List<Point> points, double x, double y) {
    if (x > 0 && y > 0 && Double.isFinite(x) && Double.isFinite(y)) {
      points.add(new Point(x, y));
    }
  }
}
