package io.github.starling.chart;

import io.github.starling.chart.Svg.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Bars made of parts.
 *
 * @param title says what the bars measure
 * @param bars from left to right
 */
public record StackedBars(String title, List<Bar> bars) {
  private static final int HEIGHT = 340;
  private static final int LEFT = 62;
  private static final int TOP = 34;
  private static final int BOTTOM = 44;
  private static final int BAR = 34;
  private static final int GAP = 18;
  private static final int LEGEND = 150;
  private static final int TICKS = 5;

  /**
   * A bar.
   *
   * @param label below it, of two lines
   * @param parts sizes by name, the lowest first
   */
  public record Bar(List<String> label, Map<String, Double> parts) {
    private double total() {
      return parts.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /** Returns the picture. */
  public String toSvg() {
    int width = LEFT + bars.size() * (BAR + GAP) + GAP + LEGEND;
    var svg = new Svg(width, HEIGHT);
    double most = bars.stream().mapToDouble(Bar::total).max().orElse(1);
    double unit = (HEIGHT - TOP - BOTTOM) / most;
    int bottom = HEIGHT - BOTTOM;
    svg.text(LEFT, TOP - 14, Anchor.START, title);
    double step = step(most);
    for (double value = 0; value <= most; value += step) {
      double y = bottom - value * unit;
      svg.line(LEFT, y, width - LEGEND, y, "#DDDDDD", 1);
      svg.text(LEFT - 6, y + 4, Anchor.END, String.format(Locale.ROOT, "%.0f", value));
    }
    var names = new ArrayList<String>();
    for (int i = 0; i < bars.size(); i++) {
      draw(svg, bars.get(i), LEFT + GAP + i * (BAR + GAP), unit, names);
    }
    for (int i = 0; i < names.size(); i++) {
      double y = bottom - 18.0 * i;
      svg.rectangle(width - LEGEND + 12, y - 10, 12, 12, Svg.COLOURS[i % Svg.COLOURS.length]);
      svg.text(width - LEGEND + 30, y, Anchor.START, names.get(i));
    }
    return svg.end();
  }

  /** Returns the distance of ticks: 1, 2 or 5 times a power of ten, for about as many as wanted. */
  private static double step(double most) {
    double power = Math.pow(10, Math.floor(Math.log10(most / TICKS)));
    double steps = most / TICKS / power;
    return power * (steps <= 1 ? 1 : steps <= 2 ? 2 : steps <= 5 ? 5 : 10);
  }

  private static void draw(Svg svg, Bar bar, double x, double unit, List<String> names) {
    double y = HEIGHT - BOTTOM;
    for (var part : bar.parts().entrySet()) {
      if (!names.contains(part.getKey())) {
        names.add(part.getKey());
      }
      double height = part.getValue() * unit;
      y -= height;
      String colour = Svg.COLOURS[names.indexOf(part.getKey()) % Svg.COLOURS.length];
      svg.rectangle(x, y, BAR, height, colour);
    }
    for (int i = 0; i < bar.label().size(); i++) {
      double below = HEIGHT - BOTTOM + 16 + 14.0 * i;
      svg.text(x + BAR / 2.0, below, Anchor.MIDDLE, bar.label().get(i));
    }
  }
}
