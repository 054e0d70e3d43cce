package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StopwatchTest {
  @Test
  void theMedianIsTheMiddleOrBetweenTheMiddleTwo() {
    var stopwatch = new Stopwatch();
    stopwatch.add(5);
    stopwatch.add(1);
    assertEquals(3, stopwatch.median());
    stopwatch.add(2);
    assertEquals(2, stopwatch.median());
    stopwatch.reset();
    stopwatch.time(() -> {});
    assertTrue(stopwatch.median() >= 0 && stopwatch.median() < 1);
    assertEquals(1, stopwatch.runs());
  }
}
