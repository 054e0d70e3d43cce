package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.attention.Head;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreVarianceTest {
  private final Arena arena = Arena.ofAuto();
  private final ScoreVariance variance = new ScoreVariance();

  @Test
  void channelsAreApartAndAMeanDoesNotVary() {
    // from key to key the first channel adds 2 to a score and the second 4; all keys have 9 there
    float[][] queries = {{1, 2, 7}, {1, 2, 7}};
    variance.add(head(queries, new float[][] {{0, 3, 9}, {2, 5, 9}}), 1);
    assertEquals(4 / 20.0, variance.channelShare(), 1e-12);
    // scores less their mean are −3, 3 for both queries: offsets −1, 0, 1 have −3; −3 and 3; 3
    assertEquals(18 / 36.0, variance.offsetShare(), 1e-12);
  }

  @Test
  void queriesWithLargerScoresCountForMore() {
    // of query 1 all variance, 1 a key, is in the first channel, of query 2 all, 9, in the other
    float[][] queries = {{1, 0}, {0, 3}};
    variance.add(head(queries, new float[][] {{-1, 1}, {1, -1}}), 1);
    assertEquals(1 / 10.0, variance.channelShare(), 1e-12);
  }

  /** Turned by their positions, equal vectors have scores that only the offset decides. */
  @ParameterizedTest
  @ValueSource(ints = {16, 1040})
  void whatTurnsWithThePositionIsExplainedByTheOffset(int n) {
    var turned = new float[n][4];
    for (int i = 0; i < n; i++) {
      turned[i][0] = (float) Math.cos(i * Math.PI / 4);
      turned[i][1] = (float) Math.sin(i * Math.PI / 4);
      turned[i][2] = 5;
    }
    variance.add(head(turned, turned), 2);
    assertEquals(1, variance.channelShare(), 1e-6);
    assertEquals(1, variance.offsetShare(), 1e-6);
  }

  @Test
  void aKeyThatAllQueriesPreferIsNotExplainedByTheOffset() {
    int n = 64;
    var queries = new float[n][1];
    for (float[] query : queries) {
      query[0] = 1;
    }
    var keys = new float[n][1];
    keys[31][0] = 1;
    variance.add(head(queries, keys), 1);
    // each offset has one query that prefers it, of n − |offset|
    assertEquals(0, variance.offsetShare(), 0.05);
  }

  @Test
  void sumsOfTwoAreThoseOfBothHeads() {
    var one = head(new float[][] {{1, 0}, {0, 3}}, new float[][] {{-1, 1}, {1, -1}});
    var two = head(new float[][] {{2, 1}, {1, 1}}, new float[][] {{4, 1}, {1, 0}});
    variance.add(one, 1);
    variance.add(two, 1);
    var other = new ScoreVariance();
    var second = new ScoreVariance();
    other.add(one, 1);
    second.add(two, 1);
    other.add(second);
    assertEquals(variance.channelShare(), other.channelShare(), 1e-12);
    assertEquals(variance.offsetShare(), other.offsetShare(), 1e-12);
  }

  @Test
  void withoutAnyVarianceThereIsNothingToShare() {
    variance.add(head(new float[3][2], new float[3][2]), 1);
    assertEquals(0, variance.channelShare());
    assertEquals(0, variance.offsetShare());
  }

  private Head head(float[][] queries, float[][] keys) {
    var key = Matrix.of(arena, keys);
    var output = Matrix.allocate(arena, queries.length, keys[0].length);
    return new Head(Matrix.of(arena, queries), key, key, output);
  }
}
