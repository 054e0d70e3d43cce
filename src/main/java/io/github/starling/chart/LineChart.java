package io.github.starling.chart;

import io.github.starling.chart.Svg.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Curves on two axes, in panels side by side that share their legend.
 *
 * @param panels what is drawn, from left to right
 */
public record LineChart(List<Panel> panels) {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 320;
  private static final int LEFT = 62;
  private static final int TOP = 34;
  private static final int BOTTOM = 44;
  private static final int RIGHT = 26;
  private static final int LEGEND_LINE = 18;

  /** The base of a panel whose axes are linear. */
  public static final int LINEAR = 0;

  /** A point of a curve, both coordinates positive on logarithmic axes. */
  public record Point(double x, double y) {}

  /**
   * A curve.
   *
   * @param isJoined whether lines join its points
   */
  public record Series(String name, boolean isJoined, List<Point> points) {}

  /**
   * A pair of axes with its curves.
   *
   * @param base of the ticks of a logarithmic x axis, 2 for lengths, 10 for all else, then y is
   *     logarithmic too; {@link #LINEAR} for two linear axes
   */
  public record Panel(String title, String x, int base, List<Series> series) {
    /** Leaves out curves without points. */
    public Panel {
      series = series.stream().filter(s -> !s.points().isEmpty()).toList();
    }
  }

  /** Returns the picture. */
  public String toSvg() {
    var names = new ArrayList<String>();
    for (var panel : panels) {
      for (var series : panel.series()) {
        if (!names.contains(series.name())) {
          names.add(series.name());
        }
      }
    }
    int columns = panels.size();
    int lines = Math.ceilDiv(names.size(), columns);
    var svg = new Svg(WIDTH * columns, HEIGHT + LEGEND_LINE * (lines + 1));
    for (int p = 0; p < panels.size(); p++) {
      if (!panels.get(p).series().isEmpty()) {
        draw(svg, panels.get(p), p * WIDTH, names);
      }
    }
    for (int i = 0; i < names.size(); i++) {
      double x = LEFT + i % columns * WIDTH;
      double y = HEIGHT + LEGEND_LINE * (i / columns + 1);
      svg.rectangle(x, y - 8, 16, 8, colour(names, names.get(i)));
      svg.text(x + 22, y, Anchor.START, names.get(i));
    }
    return svg.end();
  }

  private static String colour(List<String> names, String name) {
    return Svg.COLOURS[names.indexOf(name) % Svg.COLOURS.length];
  }

  private static void draw(Svg svg, Panel panel, int left, List<String> names) {
    var all = panel.series().stream().flatMap(s -> s.points().stream()).toList();
    var x = Axis.over(all.stream().map(Point::x).toList(), panel.base(), WIDTH - LEFT - RIGHT);
    int yBase = panel.base() == LINEAR ? LINEAR : 10;
    var y = Axis.over(all.stream().map(Point::y).toList(), yBase, HEIGHT - TOP - BOTTOM);
    int bottom = HEIGHT - BOTTOM;
    svg.text(left + WIDTH / 2.0, TOP - 14, Anchor.MIDDLE, panel.title());
    svg.text(left + WIDTH / 2.0, HEIGHT - 8, Anchor.MIDDLE, panel.x());
    for (double tick : x.ticks()) {
      double at = left + LEFT + x.at(tick);
      svg.line(at, TOP, at, bottom, "#DDDDDD", 1);
      svg.text(at, bottom + 16, Anchor.MIDDLE, x.label(tick));
    }
    for (double tick : y.ticks()) {
      double at = bottom - y.at(tick);
      svg.line(left + LEFT, at, left + WIDTH - RIGHT, at, "#DDDDDD", 1);
      svg.text(left + LEFT - 6, at + 4, Anchor.END, y.label(tick));
    }
    for (var series : panel.series()) {
      String colour = colour(names, series.name());
      Point earlier = null;
      for (var point : series.points()) {
        double px = left + LEFT + x.at(point.x());
        double py = bottom - y.at(point.y());
        if (series.isJoined() && earlier != null) {
          double ex = left + LEFT + x.at(earlier.x());
          svg.line(ex, bottom - y.at(earlier.y()), px, py, colour, 2);
        }
        svg.dot(px, py, colour);
        earlier = point;
      }
    }
  }

  private static String label(double value) {
    if (value >= 1e9) {
      return String.format(Locale.ROOT, "%.0fG", value / 1e9);
    }
    if (value >= 1 << 20 && value % (1 << 20) == 0) {
      return String.format(Locale.ROOT, "%.0fM", value / (1 << 20));
    }
    if (value >= 1024 && value % 1024 == 0) {
      return String.format(Locale.ROOT, "%.0fk", value / 1024);
    }
    return value >= 0.01 && value < 1e5
        ? String.format(Locale.ROOT, value < 1 ? "%.2f" : "%,.0f", value)
        : String.format(Locale.ROOT, "%.0e", value);
  }

  /** An axis: what it spans, and how long it is. */
  private record Axis(double low, double high, int base, int length) {
    static Axis over(List<Double> values, int base, int length) {
      double low = values.stream().min(Double::compare).orElseThrow();
      double high = values.stream().max(Double::compare).orElseThrow();
      if (base == LINEAR) {
        double step = step(Math.min(low, 0), Math.max(high, 0));
        double from = step * Math.floor(Math.min(low, 0) / step + 1e-9);
        double to = step * Math.ceil(Math.max(high, 0) / step - 1e-9);
        return new Axis(from, to > from ? to : from + step, base, length);
      }
      double from = Math.pow(base, Math.floor(log(low, base) + 1e-9));
      double to = Math.pow(base, Math.ceil(log(high, base) - 1e-9));
      return new Axis(from, to == from ? from * base : to, base, length);
    }

    /** Returns 1, 2 or 5 times a power of ten that cuts the span into four to ten. */
    private static double step(double low, double high) {
      double rough = high > low ? (high - low) / 5 : 1;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double times = rough / power;
      return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : 5);
    }

    double at(double value) {
      return base == LINEAR
          ? length * (value - low) / (high - low)
          : length * log(value / low, base) / log(high / low, base);
    }

    List<Double> ticks() {
      var ticks = new ArrayList<Double>();
      if (base == LINEAR) {
        double step = step(low, high);
        for (long i = Math.round(low / step); i * step <= high + step / 2; i++) {
          ticks.add(i * step);
        }
        return ticks;
      }
      int steps = (int) Math.round(log(high / low, base));
      int stride = Math.max(1, Math.ceilDiv(steps, 8)); // some eight: labels must not meet
      for (int i = 0; i <= steps; i += stride) {
        double tick = low * Math.pow(base, i);
        ticks.add(tick);
        if (base == 10 && steps <= 2 && i < steps) { // else most of the axis would have none
          ticks.add(2 * tick);
          ticks.add(5 * tick);
        }
      }
      return ticks;
    }

    String label(double tick) {
      if (base != LINEAR) {
        return LineChart.label(tick);
      }
      int digits = (int) Math.max(0, Math.ceil(-Math.log10(step(low, high)) - 1e-9));
      return String.format(Locale.ROOT, "%." + digits + "f", tick + 0.0);
    }

    private static double log(double value, int base) {
      return Math.log(value) / Math.log(base);
    }
  }
}
