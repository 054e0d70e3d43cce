package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class HammingKMeansTest {
  @Test
  void tiesGoToTheLowestCluster() {
    long[] signatures = {0b00, 0b11, 0b01, 0b10};
    assertClustering(
        HammingKMeans.cluster(signatures, 2, new int[] {0, 1}, 1),
        new int[] {0, 1, 0, 0},
        0b00,
        0b11);
    assertClustering(
        HammingKMeans.cluster(signatures, 2, new int[] {1, 0}, 1),
        new int[] {1, 0, 0, 0},
        0b11,
        0b00);
  }

  @Test
  void oneIterationAssignsToTheInitialCentroids() {
    long[] signatures = {0b111, 0b110, 0b101, 0b000};
    assertClustering(
        HammingKMeans.cluster(signatures, 1, new int[] {3}, 1), new int[] {0, 0, 0, 0}, 0b000);
  }

  @Test
  void theMajorityOfEachBitIsTheCentroid() {
    // bit 0: two of four, a tie, gives 0; bit 1: three of four; bit 2: one of four
    long[] signatures = {0b011, 0b010, 0b111, 0b000};
    assertClustering(
        HammingKMeans.cluster(signatures, 1, new int[] {3}, 2), new int[] {0, 0, 0, 0}, 0b010);
  }

  @Test
  void theHighestBitVotesToo() {
    long[] signatures = {-1L, -1L, 1L};
    assertClustering(
        HammingKMeans.cluster(signatures, 1, new int[] {2}, 2), new int[] {0, 0, 0}, -1L);
  }

  @Test
  void emptyClustersTakeTheFarthestSignaturesInTheirOrder() {
    // all go to cluster 0, at distances 0 0 0 1 3 3; cluster 1 takes position 4, cluster 2 takes 5
    long[] signatures = {0b0000, 0b0000, 0b0000, 0b0001, 0b0111, 0b1110};
    assertClustering(
        HammingKMeans.cluster(signatures, 3, new int[] {0, 1, 2}, 2),
        new int[] {0, 0, 0, 0, 1, 2},
        0b0000,
        0b0111,
        0b1110);
  }

  @Test
  void farIsMeasuredToTheCentroidOfTheAssignmentNotOfTheUpdate() {
    // position 2 is the first at distance 4 of centroid 0000; the update makes that 1111, from
    // which position 0 would be the farthest
    long[] signatures = {0b0000, 0b0000, 0b1111, 0b1111, 0b1111};
    assertClustering(
        HammingKMeans.cluster(signatures, 2, new int[] {0, 1}, 2),
        new int[] {0, 0, 0, 0, 0},
        0b1111,
        0b1111);
  }

  @Test
  void stopsWhenNoAssignmentChanges() {
    // as above; the second assignment equals the first, though a third would part 0000 from 1111
    long[] signatures = {0b0000, 0b0000, 0b1111, 0b1111, 0b1111};
    assertClustering(
        HammingKMeans.cluster(signatures, 2, new int[] {0, 1}, 10),
        new int[] {0, 0, 0, 0, 0},
        0b1111,
        0b1111);
  }

  @Test
  void iterationsCountAssignments() {
    // 0111 has the majority of cluster 1 at first, so 0001 is nearer to 0000 and goes over; then it
    // has the majority there
    long[] signatures = {0b0000, 0b0001, 0b0001, 0b0111, 0b0111, 0b0111};
    int[] initial = {0, 1};
    assertClustering(
        HammingKMeans.cluster(signatures, 2, initial, 1),
        new int[] {0, 1, 1, 1, 1, 1},
        0b0000,
        0b0001);
    assertClustering(
        HammingKMeans.cluster(signatures, 2, initial, 2),
        new int[] {0, 0, 0, 1, 1, 1},
        0b0000,
        0b0111);
    assertClustering(
        HammingKMeans.cluster(signatures, 2, initial, 3),
        new int[] {0, 0, 0, 1, 1, 1},
        0b0001,
        0b0111);
  }

  @Test
  void fewerDistinctSignaturesThanClustersLeaveClustersEmpty() {
    long[] signatures = {5, 5, 5};
    assertClustering(
        HammingKMeans.cluster(signatures, 3, new int[] {2, 0, 1}, 10),
        new int[] {0, 0, 0},
        5,
        5,
        5);
  }

  @Test
  void fewerSignaturesThanClustersUseTheFirstClusters() {
    long[] signatures = {0b01, 0b10};
    assertClustering(
        HammingKMeans.cluster(signatures, 4, new int[] {1, 0}, 10),
        new int[] {1, 0},
        0b10,
        0b01,
        0,
        0);
    assertClustering(HammingKMeans.cluster(new long[0], 2, new int[0], 10), new int[0], 0, 0);
  }

  @Test
  void badNumbersAreNamed() {
    assertRefused("there must be at least 1 cluster, not 0", 0, new int[0], 10);
    assertRefused("there must be at least 1 iteration, not 0", 1, new int[] {0}, 0);
    assertRefused("3 signatures in 5 clusters start from 3 positions, not 2", 5, new int[2], 1);
    assertRefused("initial position 3 is not one of 3 signatures", 1, new int[] {3}, 1);
    assertRefused("initial position -1 is not one of 3 signatures", 1, new int[] {-1}, 1);
  }

  private static void assertRefused(String message, int clusters, int[] initial, int iterations) {
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> HammingKMeans.cluster(new long[3], clusters, initial, iterations));
    assertEquals(message, refused.getMessage());
  }

  private static void assertClustering(Clustering actual, int[] assignment, long... centroids) {
    assertArrayEquals(assignment, actual.assignment());
    assertArrayEquals(centroids, actual.centroidSignatures());
  }
}
