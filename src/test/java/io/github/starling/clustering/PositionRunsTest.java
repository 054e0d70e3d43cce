package io.github.starling.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PositionRunsTest {
  @Test
  void cutsTenPositionsInThreeRuns() {
    var runs = new PositionRuns(3);
    runs.cluster(10);
    var order = new int[10];
    var starts = new int[4];
    runs.group(order, starts);
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, order);
    assertArrayEquals(new int[] {0, 4, 7, 10}, starts);
  }

  @Test
  void runsDifferByOneAtMost() {
    for (int c : new int[] {1, 2, 7, 100}) {
      for (int n : new int[] {1, 99, 100, 101, 70_001}) {
        var runs = new PositionRuns(c);
        runs.cluster(n);
        var starts = new int[c + 1];
        runs.group(new int[n], starts);
        for (int j = 0; j < c; j++) {
          int size = starts[j + 1] - starts[j];
          assertTrue(size == n / c || size == Math.ceilDiv(n, c), c + " runs of " + n);
        }
      }
    }
  }

  @Test
  void refusesNoCluster() {
    assertThrows(IllegalArgumentException.class, () -> new PositionRuns(0));
  }
}
