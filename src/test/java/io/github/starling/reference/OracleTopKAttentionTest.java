package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class OracleTopKAttentionTest {
  private static final double LN2 = Math.log(2.0);
  private static final double NAN = Double.NaN;

  @Test
  void eachQueryWeighsItsOwnBestKeys() {
    // ln 2 prefers keys 2 and 1, −ln 2 prefers keys 0 and 1, each by a factor of 2
    var head =
        new Head(
            new double[][] {{LN2}, {-LN2}},
            new double[][] {{0}, {1}, {2}},
            new double[][] {{30}, {3}, {9}});
    Rows.assertClose(
        new double[][] {{0, 1 / 3.0, 2 / 3.0}, {2 / 3.0, 1 / 3.0, 0}},
        OracleTopKAttention.weights(head, 2, 1.0));
    Rows.assertClose(new double[][] {{7}, {21}}, OracleTopKAttention.attend(head, 2, 1.0));
  }

  @Test
  void tiesGoToTheLowestKey() {
    var head =
        new Head(
            new double[][] {{1}},
            new double[][] {{0}, {5}, {5}, {5}},
            new double[][] {{1}, {2}, {4}, {8}});
    assertArrayEquals(new double[][] {{3}}, OracleTopKAttention.attend(head, 2, 1.0));
  }

  @Test
  void keysAreRankedBeforeTheScoresAreScaled() {
    var head =
        new Head(new double[][] {{1}}, new double[][] {{1}, {2}}, new double[][] {{10}, {20}});
    assertArrayEquals(new double[][] {{20}}, OracleTopKAttention.attend(head, 1, 0.0));
    assertArrayEquals(new double[][] {{20}}, OracleTopKAttention.attend(head, 1, -1.0));
  }

  @Test
  void aNaNScoreSpoilsItsRowThoughItIsNotOnTop() {
    // ∞·0 is NaN: only query 0 meets it
    var head =
        new Head(
            new double[][] {{1, 0}, {1, -1}},
            new double[][] {{1, Double.POSITIVE_INFINITY}, {2, 0}},
            new double[][] {{10}, {20}});
    assertArrayEquals(new double[][] {{NAN}, {20}}, OracleTopKAttention.attend(head, 1, 1.0));
  }

  @Test
  void withoutKeysTheOutputIsZeros() {
    var head = new Head(new double[][] {{1}, {NAN}}, new double[0][], new double[0][], 3);
    assertArrayEquals(new double[2][3], OracleTopKAttention.attend(head, 2, 1.0));
  }
}
