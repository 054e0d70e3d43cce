package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ClusteringTest {
  private static final double NAN = Double.NaN;
  private static final Clustering CLUSTERING =
      new Clustering(new int[] {2, 0, 2, 0, 2}, new long[] {7, 8, 9, 10});

  @Test
  void membersRiseWithinEachCluster() {
    assertEquals(4, CLUSTERING.clusters());
    assertEquals(2, CLUSTERING.clusterOf(4));
    assertArrayEquals(new int[] {2, 0, 3, 0}, CLUSTERING.counts());
    assertArrayEquals(new int[] {1, 3}, CLUSTERING.members(0));
    assertArrayEquals(new int[] {0, 2, 4}, CLUSTERING.members(2));
    assertArrayEquals(new int[0], CLUSTERING.members(3));
    assertArrayEquals(new int[] {1, 3, 0, 2, 4}, CLUSTERING.order());
  }

  @Test
  void aCentroidIsTheMeanOfItsMembers() {
    double[][] queries = {{1, -1}, {2, 20}, {4, -4}, {3, 40}, {7, -7}};
    assertArrayEquals(
        new double[][] {{2.5, 30}, {0, 0}, {4, -4}, {0, 0}}, CLUSTERING.means(queries));
  }

  @Test
  void membersAreSummedInRisingPositionAndThenDivided() {
    var all = new Clustering(new int[3], new long[1]);
    double big = 0x1p53;
    assertArrayEquals(new double[][] {{0}}, all.means(new double[][] {{1}, {big}, {-big}}));
    assertArrayEquals(new double[][] {{1 / 3.0}}, all.means(new double[][] {{-big}, {big}, {1}}));
    // 5/3 is not 5·(1/3)
    assertArrayEquals(new double[][] {{5 / 3.0}}, all.means(new double[][] {{1}, {1}, {3}}));
  }

  @Test
  void membersThatAreNotFiniteTakeNoPart() {
    double infinity = Double.POSITIVE_INFINITY;
    double[][] queries = {{1, 5}, {NAN, 0}, {NAN, 100}, {-infinity, 0}, {3, 7}};
    assertArrayEquals(new double[][] {{0, 0}, {0, 0}, {2, 6}, {0, 0}}, CLUSTERING.means(queries));
  }

  @Test
  void badSizesAreNamed() {
    assertEquals(
        "the clustering is of 5 queries but there are 4",
        assertThrows(IllegalArgumentException.class, () -> CLUSTERING.means(new double[4][2]))
            .getMessage());
    for (int cluster : new int[] {-1, 2}) {
      assertEquals(
          "query 1 is in cluster " + cluster + " but there are 2 clusters",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> new Clustering(new int[] {0, cluster}, new long[2]))
              .getMessage());
    }
  }
}
