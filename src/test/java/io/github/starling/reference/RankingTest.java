package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RankingTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void positionsAreSortedByFallingScore() {
    double[] scores = {1.0, 3.0, -2.0, 2.0};
    assertArrayEquals(new int[] {1, 3, 0}, Ranking.highest(scores, 3));
  }

  @Test
  void tiesGoToTheLowestPosition() {
    double[] scores = {1.0, 2.0, 1.0, 2.0, 2.0, 1.0};
    assertArrayEquals(new int[] {1, 3, 4, 0}, Ranking.highest(scores, 4));
  }

  @Test
  void zerosOfEitherSignTie() {
    assertArrayEquals(new int[] {0, 1, 2}, Ranking.highest(new double[] {-0.0, 0.0, -0.0}, 3));
  }

  @Test
  void nanComesAfterMinusInfinity() {
    double[] scores = {NAN, -INFINITY, NAN, INFINITY};
    assertArrayEquals(new int[] {3, 1, 0, 2}, Ranking.highest(scores, 4));
  }

  @Test
  void aLargeKRanksEverything() {
    assertArrayEquals(new int[] {1, 0}, Ranking.highest(new double[] {0.0, 1.0}, 9));
    assertArrayEquals(new int[0], Ranking.highest(new double[0], 9));
  }

  @Test
  void kBelowOneIsRefused() {
    var refused =
        assertThrows(IllegalArgumentException.class, () -> Ranking.highest(new double[] {1.0}, 0));
    assertEquals("the top k keys need a k of at least 1, not 0", refused.getMessage());
  }
}
