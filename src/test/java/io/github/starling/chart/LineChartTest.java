package io.github.starling.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.chart.LineChart.Panel;
import io.github.starling.chart.LineChart.Point;
import io.github.starling.chart.LineChart.Series;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LineChartTest {
  private static final Pattern DOT = Pattern.compile("<circle cx=\"([0-9.-]+)\" cy=\"([0-9.-]+)\"");

  private static String draw(int base, Point... points) {
    var series = new Series("a & b", true, List.of(points));
    return new LineChart(List.of(new Panel("title", "x", base, List.of(series)))).toSvg();
  }

  /** On linear axes equal differences take equal lengths, and zero is always there. */
  @Test
  void linearAxesKeepDifferencesAndShowZero() {
    String svg = draw(LineChart.LINEAR, new Point(0.2, -1), new Point(0.5, 3), new Point(0.8, 7));
    var dots = DOT.matcher(svg).results().toList();
    assertEquals(3, dots.size());
    for (int coordinate = 1; coordinate <= 2; coordinate++) {
      double first = Double.parseDouble(dots.get(0).group(coordinate));
      double second = Double.parseDouble(dots.get(1).group(coordinate));
      double third = Double.parseDouble(dots.get(2).group(coordinate));
      assertEquals(second - first, third - second, 0.11);
    }
    assertTrue(svg.contains(">0.0<") && svg.contains(">0<"), svg);
    assertTrue(svg.contains("a &amp; b"), svg);
  }

  @Test
  void logarithmicAxesKeepRatios() {
    var dots = DOT.matcher(draw(10, new Point(1, 2), new Point(10, 20), new Point(100, 200)));
    var xs = dots.results().map(dot -> Double.parseDouble(dot.group(1))).toList();
    assertEquals(xs.get(1) - xs.get(0), xs.get(2) - xs.get(1), 0.11);
  }

  @Test
  void shortLogarithmicAxesHaveTicksBetweenPowersOfTen() {
    String two = draw(2, new Point(1024, 3), new Point(2048, 90));
    for (String tick : List.of("1", "2", "5", "10", "20", "50", "100")) {
      assertTrue(two.contains(">" + tick + "</text>"), tick + " is not in " + two);
    }
    String three = draw(2, new Point(1024, 3), new Point(2048, 900));
    assertTrue(three.contains(">10</text>") && !three.contains(">20</text>"), three);
  }

  @Test
  void oneFlatPointIsDrawn() {
    assertTrue(DOT.matcher(draw(LineChart.LINEAR, new Point(0, 0))).find());
  }
}
