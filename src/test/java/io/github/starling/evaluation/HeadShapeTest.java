package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.attention.Head;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class HeadShapeTest {
  private final Arena arena = Arena.ofAuto();
  private final HeadShape shape = new HeadShape();

  @Test
  void weightsFollowTheScaledScores() {
    // scores ln 2 · (0, 1, 2), so weights (1, 2, 4) / 7 for the only query
    shape.add(head(new float[][] {{1}}, new float[][] {{0}, {2}, {4}}), Math.log(2) / 2, 2);
    double entropy = -(Math.log(1 / 7.0) + 2 * Math.log(2 / 7.0) + 4 * Math.log(4 / 7.0)) / 7;
    assertEquals(entropy / Math.log(3), shape.entropy(), 1e-12);
    assertEquals(1 / 7.0, shape.firstShare(), 1e-12);
    assertEquals(4 / 7.0, shape.separatorShare(), 1e-12);
    assertEquals(2, shape.offset());
    assertEquals(4 / 7.0, shape.offsetShare(), 1e-12);
    assertEquals(1, shape.topShare(), 1e-12);
  }

  @Test
  void equalScoresSpreadTheWeightEvenly() {
    shape.add(head(new float[5][2], new float[128][2]), 1, 7, 90);
    assertEquals(1, shape.entropy(), 1e-12);
    assertEquals(1 / 128.0, shape.firstShare(), 1e-12);
    assertEquals(2 / 128.0, shape.separatorShare(), 1e-12);
    assertEquals(32 / 128.0, shape.topShare(), 1e-12);
  }

  @Test
  void aHeadThatLooksBackHasTheOffsetMinusOne() {
    // query i is the unit vector of key i − 1; the first query has none and takes all alike
    var keys = new float[8][8];
    var queries = new float[8][8];
    for (int i = 0; i < 8; i++) {
      keys[i][i] = 1;
      if (i > 0) {
        queries[i][i - 1] = 1000;
      }
    }
    shape.add(head(queries, keys), 1);
    assertEquals(-1, shape.offset());
    assertEquals(7 / 8.0, shape.offsetShare(), 1e-12);
    assertEquals(1 / 8.0, shape.entropy(), 1e-12);
    assertEquals((1 + 1 / 8.0) / 8, shape.firstShare(), 1e-12);
    assertEquals(0, shape.separatorShare());
  }

  @Test
  void offsetsBeyondThreeDoNotCount() {
    // all weight on the last key: only the last four queries are near, each at another offset
    var keys = new float[8][1];
    keys[7][0] = 1000;
    var queries = new float[][] {{1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}};
    shape.add(head(queries, keys), 1, 7);
    assertEquals(1 / 8.0, shape.offsetShare(), 1e-12);
    assertEquals(1, shape.separatorShare(), 1e-12);
    assertEquals(0, shape.entropy(), 1e-12);
  }

  @Test
  void theMeanIsOverTheQueriesOfAllSequences() {
    shape.add(head(new float[][] {{0}}, new float[4][1]), 1);
    shape.add(head(new float[][] {{1}, {1}, {1}}, new float[][] {{900}, {0}}), 1);
    // entropies 1, 0, 0, 0 and first keys ¼, 1, 1, 1
    assertEquals(0.25, shape.entropy(), 1e-12);
    assertEquals(3.25 / 4, shape.firstShare(), 1e-12);
  }

  @Test
  void aSingleKeyLeavesNoChoice() {
    shape.add(head(new float[2][1], new float[1][1]), 1);
    assertEquals(0, shape.entropy());
    assertEquals(1, shape.topShare());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> shape.add(head(new float[1][1], new float[0][1]), 1));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> shape.add(head(new float[1][1], new float[2][1]), 1, 2));
  }

  private Head head(float[][] queries, float[][] keys) {
    int dk = queries[0].length;
    var key = Matrix.allocate(arena, keys.length, dk);
    for (int t = 0; t < keys.length; t++) {
      for (int d = 0; d < dk; d++) {
        key.set(t, d, keys[t][d]);
      }
    }
    var query = Matrix.of(arena, queries);
    return new Head(query, key, key, Matrix.allocate(arena, queries.length, dk));
  }
}
