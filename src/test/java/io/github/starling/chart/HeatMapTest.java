package io.github.starling.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeatMapTest {
  @Test
  void everyNumberIsWrittenAndTheHighestIsDarkest() {
    var values = new double[][] {{0, 0.25, 0.5}, {0.75, 1, 0}};
    String svg = new HeatMap("error", "layer", "head", values).toSvg();
    for (double[] row : values) {
      for (double value : row) {
        assertTrue(svg.contains(">%.2f<".formatted(value)), svg);
      }
    }
    assertTrue(svg.contains(">layer 2<") && svg.contains(">3<"), svg);
    assertEquals(1, svg.split("#EB8737", -1).length - 1, "one square has the darkest shade");
  }
}
