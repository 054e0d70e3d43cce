package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;

/** The root mean square distance of the queries of a cluster to their mean. */
public final class ClusterRadius {
  private static final int BLOCK = 32;

  private final int depth;
  private final float[] rows;
  private final float[] point;
  private final float[] squares = new float[BLOCK];
  private final int[] list = new int[BLOCK];
  private double largest;

  /** Allocates for queries of dk columns. */
  public ClusterRadius(int dk) {
    depth = Panels.padDepth(dk);
    rows = new float[BLOCK * depth];
    point = new float[depth];
  }

  /**
   * Measures; members that are not finite take no part.
   *
   * @param q shape (n, dk)
   * @param order positions of the members from {@code from} to {@code to − 1}
   * @param mean of {@link ClusterMean#of}
   */
  public double of(Matrix q, int[] order, int from, int to, double[] mean) {
    for (int d = 0; d < mean.length; d++) {
      point[d] = (float) mean[d];
    }
    double sum = 0;
    double largestSquare = 0;
    int finite = 0;
    for (int first = from; first < to; first += BLOCK) {
      int count = Math.min(BLOCK, to - first);
      System.arraycopy(order, first, list, 0, count);
      Panels.gatherRows(q, list, 0, count, rows, depth);
      RowTable.squaredDistances(rows, depth, count, point, squares);
      for (int r = 0; r < count; r++) {
        if (squares[r] <= Float.MAX_VALUE) {
          sum += squares[r];
          largestSquare = Math.max(largestSquare, squares[r]);
          finite++;
        }
      }
    }
    largest = Math.sqrt(largestSquare);
    return finite == 0 ? 0 : Math.sqrt(sum / finite);
  }

  /** Returns the largest of the distances that were measured last. */
  public double largest() {
    return largest;
  }
}
