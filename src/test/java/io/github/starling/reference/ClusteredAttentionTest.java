package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ClusteredAttentionTest {
  private static final double LN2 = Math.log(2.0);
  private static final double NAN = Double.NaN;
  private static final double[][] KEYS = {{2}, {1}, {0}};
  private static final double[][] VALUES = {{7, 0}, {0, 7}, {14, 7}};

  /** Queries 0 and 3 have the mean ln 2: its scores are 2 ln 2, ln 2, 0, its weights 4:2:1. */
  private static final Head HEAD =
      new Head(new double[][] {{0}, {0}, {-LN2}, {2 * LN2}}, KEYS, VALUES);

  private static final Clustering CLUSTERING = new Clustering(new int[] {2, 1, 0, 2}, new long[3]);

  @Test
  void membersShareTheAttentionOfTheirMean() {
    double[] shared = {4 / 7.0, 2 / 7.0, 1 / 7.0};
    double[] even = {1 / 3.0, 1 / 3.0, 1 / 3.0};
    double[] rising = {1 / 7.0, 2 / 7.0, 4 / 7.0};
    Rows.assertClose(
        new double[][] {shared, even, rising, shared},
        ClusteredAttention.weights(HEAD, CLUSTERING, 1.0));
    Rows.assertClose(
        new double[][] {{6, 3}, {7, 14 / 3.0}, {9, 6}, {6, 3}},
        ClusteredAttention.attend(HEAD, CLUSTERING, 1.0));
  }

  @Test
  void aQueryThatIsNotFiniteLeavesItsNeighboursAlone() {
    var spoilt = HEAD.withQueries(new double[][] {{LN2}, {NAN}, {NAN}, {NAN}});
    Rows.assertClose(
        new double[][] {{6, 3}, {NAN, NAN}, {NAN, NAN}, {NAN, NAN}},
        ClusteredAttention.attend(spoilt, CLUSTERING, 1.0));
  }

  @Test
  void withoutKeysTheOutputIsZeros() {
    var head = new Head(new double[][] {{1}, {2}, {3}, {NAN}}, new double[0][], new double[0][], 2);
    assertArrayEquals(new double[4][2], ClusteredAttention.attend(head, CLUSTERING, 1.0));
  }

  @Test
  void withoutQueriesThereIsNoOutput() {
    var none = new Clustering(new int[0], new long[3]);
    assertEquals(0, ClusteredAttention.attend(HEAD.withQueries(new double[0][]), none, 1.0).length);
  }

  @Test
  void aClusteringOfOtherQueriesIsRefused() {
    var other = new Clustering(new int[3], new long[1]);
    assertEquals(
        "the clustering is of 3 queries but there are 4",
        assertThrows(
                IllegalArgumentException.class, () -> ClusteredAttention.attend(HEAD, other, 1.0))
            .getMessage());
  }
}
