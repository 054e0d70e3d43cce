package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RankedRetrievalTest {
  private final RankedRetrieval retrieval =
      RankedRetrieval.of(
          new float[][] {{.1f, .9f, .5f, .2f}, {.1f, .9f, .5f, .2f}, {.4f, .3f, .2f, .1f}},
          new int[] {1, 3, 3});

  @Test
  void theHighestScoreHasRankOne() {
    assertArrayEquals(new int[] {1, 3, 4}, retrieval.ranks());
  }

  @Test
  void theRightPassageComesAfterItsEquals() {
    assertArrayEquals(
        new int[] {3, 2},
        RankedRetrieval.of(new float[][] {{5, 5, 5, 1}, {0, -0f, -1, -1}}, new int[] {0, 0})
            .ranks());
  }

  @Test
  void nanNeverHelps() {
    float[] scores = {Float.NaN, 2, 1};
    assertArrayEquals(
        new int[] {3, 2, 3},
        RankedRetrieval.of(new float[][] {scores, scores, scores}, new int[] {0, 1, 2}).ranks());
  }

  @Test
  void recallIsTheShareAmongTheFirst() {
    Statistic three = sample -> retrieval.recall(3, sample);
    assertEquals(2 / 3.0, three.ofAll(3), 1e-15);
    assertEquals(1 / 3.0, retrieval.recall(2, new int[] {0, 1, 2}), 1e-15);
    assertEquals(0.75, retrieval.recall(3, new int[] {0, 0, 1, 2}), 1e-15);
  }

  @Test
  void reciprocalRanksAreAveraged() {
    assertEquals(
        (1 + 1 / 3.0 + 1 / 4.0) / 3, ((Statistic) retrieval::meanReciprocalRank).ofAll(3), 1e-15);
    assertEquals((1 + 1 / 4.0) / 2, retrieval.meanReciprocalRank(new int[] {2, 0}), 1e-15);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    var scores = new float[2][3];
    assertThrows(IllegalArgumentException.class, () -> RankedRetrieval.of(scores, new int[] {0}));
    assertThrows(
        IndexOutOfBoundsException.class, () -> RankedRetrieval.of(scores, new int[] {0, 3}));
  }
}
