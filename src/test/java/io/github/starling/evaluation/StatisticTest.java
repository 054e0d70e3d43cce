package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StatisticTest {
  @Test
  void allItemsAreSampledOnceInOrder() {
    Statistic digits = sample -> Arrays.stream(sample).reduce(0, (n, i) -> 10 * n + i + 1);
    assertEquals(1234, digits.ofAll(4));
    assertEquals(0, digits.ofAll(0));
  }
}
