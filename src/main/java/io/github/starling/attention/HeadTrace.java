package io.github.starling.attention;

/**
 * What clustered attention did to one head.
 *
 * @param signatures shape (n)
 * @param assignment cluster of each query, shape (n)
 * @param counts queries of each cluster, shape (C)
 * @param centroidSignatures shape (C)
 * @param centroids mean query of each cluster, shape (C, dk); zeros for an empty one
 * @param centroidOutput attention of each centroid, shape (C, dv); zeros for an empty one
 * @param topKeys keys of each cluster by falling score, shape (C, min(k, m)); −1 for an empty one;
 *     null for clustered attention
 * @param topMass the centroid's weight on them, shape (C); 0 for an empty one; null likewise
 */
public record HeadTrace(
    long[] signatures,
    int[] assignment,
    int[] counts,
    long[] centroidSignatures,
    float[][] centroids,
    float[][] centroidOutput,
    int[][] topKeys,
    float[] topMass) {
  /** Takes the traces of a call. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Takes the trace of a head; heads come in any order, from any of the threads.
     *
     * @param head index in the call's list
     */
    void traced(int head, HeadTrace trace);
  }
}
