package io.github.starling.chart;

import io.github.starling.chart.Svg.Anchor;
import java.util.Locale;

/**
 * A table of numbers as squares, the darker the larger.
 *
 * @param title what the numbers are
 * @param rows what the rows are called, such as layer
 * @param columns what the columns are called, such as head
 * @param values shape (rows, columns), each ≥ 0
 */
public record HeatMap(String title, String rows, String columns, double[][] values) {
  private static final int SIDE = 38;
  private static final int LEFT = 74;
  private static final int TOP = 62;

  /** Returns the picture. */
  public String toSvg() {
    int across = values[0].length;
    var svg = new Svg(LEFT + SIDE * across + 20, TOP + SIDE * values.length + 20);
    double highest = 0;
    for (double[] row : values) {
      for (double value : row) {
        highest = Math.max(highest, value);
      }
    }
    svg.text(LEFT + SIDE * across / 2.0, 20, Anchor.MIDDLE, title);
    svg.text(LEFT + SIDE * across / 2.0, 38, Anchor.MIDDLE, columns);
    for (int c = 0; c < across; c++) {
      svg.text(LEFT + SIDE * (c + 0.5), TOP - 6, Anchor.MIDDLE, Integer.toString(c + 1));
    }
    for (int r = 0; r < values.length; r++) {
      double y = TOP + SIDE * r;
      svg.text(LEFT - 8, y + SIDE / 2.0 + 4, Anchor.END, rows + " " + (r + 1));
      for (int c = 0; c < across; c++) {
        double part = highest == 0 ? 0 : values[r][c] / highest;
        svg.rectangle(LEFT + SIDE * c, y, SIDE - 1, SIDE - 1, shade(part));
        svg.text(
            LEFT + SIDE * (c + 0.5),
            y + SIDE / 2.0 + 4,
            Anchor.MIDDLE,
            String.format(Locale.ROOT, "%.2f", values[r][c]));
      }
    }
    return svg.end();
  }

  /** White to orange, light enough for dark words. */
  private static String shade(double part) {
    return String.format(
        "#%02X%02X%02X",
        255 - (int) (20 * part), 255 - (int) (120 * part), 255 - (int) (200 * part));
  }
}
