package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.INTS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.GE;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Chooses the keys that the members of each cluster score by themselves.
 *
 * <pre>
 * importance  I = the centroid's weight · ‖k‖ · ‖v − v̄‖ · τ · the cluster's radius
 * cost        of a key of cluster c: its members
 * choice      the longest prefix by falling importance whose cost is within the budget of the head
 * </pre>
 *
 * <p>What a key would be wrong by if the centroid's weight stood for the members', by first order.
 * The prefix is found without sorting: floats above zero are ordered as their bits are, so a
 * histogram of their upper bits, each counting its cost, finds where the budget ends, and one of
 * the next bits where in there. Importances that agree in these 22 bits tie, to the lowest cluster
 * and key. Two passes over C × m floats.
 */
public final class ImportantKeys {
  private static final int BINS = 2048;

  /** The sign, which is 0, and 11 bits: eight of exponent, three of mantissa. */
  private static final int COARSE_SHIFT = 20;

  private static final int FINE_SHIFT = 9;

  private final float[] weights;
  private final int[] costs;
  private final int[] starts;
  private int[] keys = {};
  private float[] rated = {};
  private final long[] coarse = new long[BINS];
  private final long[] fine = new long[BINS];
  private float[] importance = {};
  private int boundary;

  /** Allocates for a number of clusters. */
  public ImportantKeys(int clusters) {
    weights = new float[clusters];
    costs = new int[clusters];
    starts = new int[clusters + 1];
  }

  /**
   * Says what a key of a cluster costs and its members gain.
   *
   * @param members of the cluster
   * @param weight τ · radius ÷ the centroid's sum of numerators
   */
  public void cluster(int cluster, int members, float weight) {
    costs[cluster] = members;
    weights[cluster] = weight >= 0 && weight <= Float.MAX_VALUE ? weight : 0;
  }

  /**
   * Chooses and sets the numerators of the chosen keys to zero.
   *
   * @param budget the most that all chosen keys may cost together
   */
  public void choose(CentroidScores centroids, KeyTable table, long budget) {
    int m = table.rows();
    int padded = Panels.padDepth(m);
    if (importance.length < padded) {
      importance = new float[padded];
    }
    Arrays.fill(coarse, 0);
    for (int c = 0; c < costs.length; c++) {
      if (costs[c] > 0 && weights[c] > 0) {
        rate(centroids.numerators(c), table.spreads(), weights[c], m, importance);
        count(importance, m, costs[c], coarse);
      }
    }
    coarse[0] = 0; // not worth a thought, and there are many
    long left = budget;
    boundary = BINS - 1;
    while (boundary > 0 && coarse[boundary] <= left) {
      left -= coarse[boundary--];
    }
    collect(centroids, table, left);
  }

  private static void count(float[] importance, int m, int cost, long[] bins) {
    for (int t = 0; t < m; t++) {
      bins[Float.floatToRawIntBits(importance[t]) >>> COARSE_SHIFT] += cost;
    }
  }

  /** Computes the importance of each key; what is not a number is of none. */
  private static void rate(
      float[] numerators, float[] spreads, float weight, int m, float[] importance) {
    var zero = FloatVector.zero(FLOATS);
    for (int t = 0; t < m; t += LANES) {
      var x =
          FloatVector.fromArray(FLOATS, numerators, t)
              .mul(FloatVector.fromArray(FLOATS, spreads, t))
              .mul(weight);
      zero.blend(x, x.compare(GE, 0f)).intoArray(importance, t);
    }
  }

  /** Lists the keys of each cluster from the boundary's bin on, and drops what goes too far. */
  private void collect(CentroidScores centroids, KeyTable table, long left) {
    int m = table.rows();
    Arrays.fill(fine, 0);
    float low = Float.intBitsToFloat(Math.max(1, boundary) << COARSE_SHIFT);
    int found = 0;
    for (int c = 0; c < costs.length; c++) {
      starts[c] = found;
      if (costs[c] > 0 && weights[c] > 0) {
        rate(centroids.numerators(c), table.spreads(), weights[c], m, importance);
        reserve(found + m + LANES);
        int end = list(importance, m, low, keys, rated, found);
        countFine(found, end, costs[c]);
        found = end;
      }
    }
    starts[costs.length] = found;
    int edge = 0; // everything is taken
    if (boundary > 0) {
      int bin = BINS - 1;
      while (fine[bin] <= left) {
        left -= fine[bin--];
      }
      edge = (boundary << COARSE_SHIFT) + (bin << FINE_SHIFT);
    }
    take(centroids, edge, left);
  }

  private void reserve(int size) {
    if (keys.length < size) {
      keys = Arrays.copyOf(keys, 2 * size);
      rated = Arrays.copyOf(rated, 2 * size);
    }
  }

  /** Lists the positions that hold at least {@code low}; returns where the list ends. */
  private static int list(float[] importance, int m, float low, int[] keys, float[] rated, int at) {
    int end = at;
    for (int t = 0; t < m; t += LANES) {
      var x = FloatVector.fromArray(FLOATS, importance, t);
      var passes = x.compare(GE, low);
      if (passes.anyTrue()) {
        x.compress(passes).intoArray(rated, end);
        IntVector.broadcast(INTS, t).addIndex(1).compress(passes.cast(INTS)).intoArray(keys, end);
        end += passes.trueCount();
      }
    }
    return end;
  }

  private void countFine(int from, int to, int cost) {
    for (int i = from; i < to; i++) {
      int bits = Float.floatToRawIntBits(rated[i]);
      if (bits >>> COARSE_SHIFT == boundary) {
        fine[bits >>> FINE_SHIFT & BINS - 1] += cost;
      }
    }
  }

  /** Keeps what is above the edge's bin, and what is in it as far as the budget goes. */
  private void take(CentroidScores centroids, int edge, long budget) {
    long left = budget;
    int taken = 0;
    for (int c = 0; c < costs.length; c++) {
      int from = starts[c];
      starts[c] = taken;
      float[] numerators = centroids.numerators(c);
      for (int i = from; i < starts[c + 1]; i++) {
        int bits = Float.floatToRawIntBits(rated[i]);
        boolean isAtEdge = bits >>> FINE_SHIFT == edge >>> FINE_SHIFT;
        left -= isAtEdge ? costs[c] : 0; // below zero from the first that does not fit on
        if (isAtEdge ? left >= 0 : bits > edge) {
          numerators[keys[i]] = 0;
          keys[taken++] = keys[i];
        }
      }
    }
    starts[costs.length] = taken;
  }

  /** Returns the chosen keys of all clusters; those of one rise. */
  int[] keys() {
    return keys;
  }

  /** Returns where the keys of a cluster begin; those of the next begin where they end. */
  int start(int cluster) {
    return starts[cluster];
  }

  /** Copies the keys of a cluster. */
  public int[] copyKeys(int cluster) {
    return Arrays.copyOfRange(keys, starts[cluster], starts[cluster + 1]);
  }
}
