package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IntervalTest {
  @Test
  void zeroIsCoveredUpToTheEnds() {
    assertTrue(new Interval(-1, 2).coversZero());
    assertTrue(new Interval(0, 2).coversZero());
    assertTrue(new Interval(-1, 0).coversZero());
    assertFalse(new Interval(1e-9, 2).coversZero());
    assertFalse(new Interval(-2, -1e-9).coversZero());
  }

  @Test
  void theWidthIsTheDistanceOfTheEnds() {
    assertEquals(3, new Interval(-1, 2).width());
  }

  @Test
  void endsInTheWrongOrderAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Interval(2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Interval(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new Interval(1, Double.NaN));
  }
}
