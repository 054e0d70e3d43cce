package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ImprovedClusteredAttentionTest {
  private static final double LN2 = Math.log(2.0);
  private static final double NAN = Double.NaN;
  private static final double[][] KEYS = {{0}, {1}, {2}};
  private static final double[][] VALUES = {{14}, {0}, {7}};

  /** The centroid is ln 2: its weights are 1:2:4, its two top keys 2 and 1 with mass 6/7. */
  private static final Head HEAD = new Head(new double[][] {{0}, {2 * LN2}}, KEYS, VALUES);

  private static final Clustering TOGETHER = new Clustering(new int[2], new long[1]);

  @Test
  void topKeysFallInScoreAndTieToTheLowestKey() {
    double[][] keys = {{1}, {5}, {1}, {5}, {3}};
    var head = new Head(new double[][] {{2}}, keys, keys);
    var clustering = new Clustering(new int[1], new long[1]);
    assertArrayEquals(
        new int[][] {{1, 3, 4, 0}}, ImprovedClusteredAttention.topKeys(head, clustering, 4));
  }

  @Test
  void topKeysAreRankedBeforeTheScoresAreScaled() {
    // a negative or a vanishing scale does not change which keys are on top
    for (double scale : new double[] {1.0, 0.0, -1.0}) {
      double[][] weights = ImprovedClusteredAttention.weights(HEAD, TOGETHER, 1, scale);
      double[][] centroid = ClusteredAttention.weights(HEAD, TOGETHER, scale);
      assertEquals(centroid[0][2], weights[0][2], Rows.ROUNDING);
    }
    assertArrayEquals(new int[][] {{2, 1}}, ImprovedClusteredAttention.topKeys(HEAD, TOGETHER, 2));
  }

  @Test
  void topMassIsWhatTheCentroidGivesItsTopKeys() {
    assertArrayEquals(
        new double[] {6 / 7.0},
        ImprovedClusteredAttention.topMass(HEAD, TOGETHER, 2, 1.0),
        Rows.ROUNDING);
    assertArrayEquals(
        new double[] {4 / 7.0},
        ImprovedClusteredAttention.topMass(HEAD, TOGETHER, 1, 1.0),
        Rows.ROUNDING);
  }

  @Test
  void aQuerySpreadsTheTopMassByItsOwnScores() {
    // query 0 halves 6/7; query ln 4 scores the top keys 4 ln 2 and 2 ln 2, so it takes 4/5 and 1/5
    Rows.assertClose(
        new double[][] {{1 / 7.0, 3 / 7.0, 3 / 7.0}, {5 / 35.0, 6 / 35.0, 24 / 35.0}},
        ImprovedClusteredAttention.weights(HEAD, TOGETHER, 2, 1.0));
    Rows.assertClose(
        new double[][] {{2 + 3}, {2 + 4.8}},
        ImprovedClusteredAttention.attend(HEAD, TOGETHER, 2, 1.0));
  }

  @Test
  void aQueryThatIsNotFiniteLeavesItsNeighboursAlone() {
    for (double bad : new double[] {NAN, Double.POSITIVE_INFINITY}) {
      var spoilt = HEAD.withQueries(new double[][] {{0}, {bad}, {2 * LN2}});
      var together = new Clustering(new int[3], new long[1]);
      Rows.assertClose(
          new double[][] {{5}, {NAN}, {6.8}},
          ImprovedClusteredAttention.attend(spoilt, together, 2, 1.0));
    }
  }

  @Test
  void aNaNKeyIsNeverOnTopOfANumberAndSpoilsTheRow() {
    var head = new Head(HEAD.queries(), new double[][] {{NAN}, {1}, {2}}, VALUES);
    assertArrayEquals(
        new int[][] {{2, 1, 0}}, ImprovedClusteredAttention.topKeys(head, TOGETHER, 3));
    assertArrayEquals(
        new double[][] {{NAN}, {NAN}}, ImprovedClusteredAttention.attend(head, TOGETHER, 2, 1.0));
  }

  @Test
  void withoutKeysTheOutputIsZeros() {
    var head = new Head(new double[][] {{1}, {NAN}}, new double[0][], new double[0][], 3);
    assertArrayEquals(new double[2][3], ImprovedClusteredAttention.attend(head, TOGETHER, 2, 1.0));
  }

  @Test
  void withoutQueriesThereIsNoOutput() {
    var none = new Clustering(new int[0], new long[2]);
    var head = HEAD.withQueries(new double[0][]);
    assertEquals(0, ImprovedClusteredAttention.attend(head, none, 2, 1.0).length);
  }

  @Test
  void badArgumentsAreNamed() {
    assertEquals(
        "the top k keys need a k of at least 1, not 0",
        assertThrows(
                IllegalArgumentException.class,
                () -> ImprovedClusteredAttention.attend(HEAD, TOGETHER, 0, 1.0))
            .getMessage());
    var other = new Clustering(new int[3], new long[1]);
    assertEquals(
        "the clustering is of 3 queries but there are 2",
        assertThrows(
                IllegalArgumentException.class,
                () -> ImprovedClusteredAttention.topKeys(HEAD, other, 1))
            .getMessage());
  }
}
