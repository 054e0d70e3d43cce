package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.INTS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.GE;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Chooses the keys of a head that the members of each cluster score by themselves.
 *
 * <pre>
 * importance  I = √(the centroid's weight) · ‖k‖ · ‖v − v̄‖ · the cluster's radius
 * cost        of a key of cluster c: its members
 * choice      the longest prefix by falling importance whose cost is within a {@link KeyBudget}
 * </pre>
 *
 * <p>Without the root this is, but for the factor on the scores, what a key would be wrong by if
 * the centroid's weight stood for the members', by first order. But a member may give a key far
 * more than its centroid does, and most of all where the centroid gives little: with the root the
 * exact keys leave less error.
 *
 * <p>The prefix is found without sorting: floats above zero are ordered as their bits are, so a
 * histogram of their upper bits, each counting its cost, finds where the budget ends, and one of
 * the next bits where in there. Importances that agree in these 22 bits tie, to the lowest head,
 * cluster and key. Two passes over C × m floats.
 *
 * <pre>
 * count   the costs by the upper bits  →  the budget's bin, which it may share with other heads
 * list    the keys from that bin on, and their costs by the next bits  →  the edge in there
 * take    the keys above the edge, and at it as far as the budget goes
 * </pre>
 */
public final class ImportantKeys {
  /** Of a histogram of 11 bits. */
  static final int BINS = 2048;

  /** The sign, which is 0, and 11 bits: eight of exponent, three of mantissa. */
  private static final int COARSE_SHIFT = 20;

  private static final int FINE_SHIFT = 9;

  private final float[] weights;
  private final int[] costs;
  private final int[] starts;
  private int[] keys = {};
  private float[] rated = {};
  private final long[] costsOfBins = new long[BINS];
  private float[] importance = {};
  private int rise;
  private int edge;
  private long left;

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
   * @param weight radius ÷ √(the centroid's sum of numerators)
   */
  public void cluster(int cluster, int members, float weight) {
    costs[cluster] = members;
    weights[cluster] = weight >= 0 && weight <= Float.MAX_VALUE ? weight : 0;
  }

  /** Adds up what keys cost by the upper bits of their importance. */
  public void count(CentroidScores centroids, KeyTable table) {
    int m = table.rows();
    int padded = Panels.padDepth(m);
    if (importance.length < padded) {
      importance = new float[padded];
    }
    Arrays.fill(costsOfBins, 0);
    for (int c = 0; c < costs.length; c++) {
      if (costs[c] > 0 && weights[c] > 0) {
        rate(centroids.numerators(c), table.spreads(), weights[c], m, importance);
        count(importance, m, costs[c], costsOfBins);
      }
    }
    costsOfBins[0] = 0; // not worth a thought, and there are many
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
              .sqrt()
              .mul(FloatVector.fromArray(FLOATS, spreads, t))
              .mul(weight);
      zero.blend(x, x.compare(GE, 0f)).intoArray(importance, t);
    }
  }

  /**
   * Lists the keys of each cluster from a bin of {@link #count} on, and adds up what those in it
   * cost by the next bits.
   *
   * @param rank what {@link KeyBudget#boundary} says
   */
  public void list(CentroidScores centroids, KeyTable table, int rank) {
    int m = table.rows();
    int boundary = bin(rank);
    Arrays.fill(costsOfBins, 0);
    float low = Float.intBitsToFloat(Math.max(1, boundary) << COARSE_SHIFT);
    int found = 0;
    for (int c = 0; c < costs.length; c++) {
      starts[c] = found;
      if (costs[c] > 0 && weights[c] > 0) {
        rate(centroids.numerators(c), table.spreads(), weights[c], m, importance);
        reserve(found + m + LANES);
        int end = list(importance, m, low, keys, rated, found);
        countFine(found, end, boundary, costs[c]);
        found = end;
      }
    }
    starts[costs.length] = found;
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

  private void countFine(int from, int to, int boundary, int cost) {
    for (int i = from; i < to; i++) {
      int bits = Float.floatToRawIntBits(rated[i]);
      if (bits >>> COARSE_SHIFT == boundary) {
        costsOfBins[bits >>> FINE_SHIFT & BINS - 1] += cost;
      }
    }
  }

  /** Says how far above the bins of {@link #count} the ranks among several heads are. */
  void raise(int rise) {
    this.rise = rise;
  }

  /** Returns the bin of a rank, 0 for all keys. */
  private int bin(int rank) {
    return Math.max(0, rank - rise);
  }

  /** Returns what the keys of each bin cost that were counted or listed last. */
  long[] costsOfBins() {
    return costsOfBins;
  }

  /**
   * Says which of the listed keys may be taken.
   *
   * @param rank where the budget ends
   * @param fine where in there, a bin of {@link #list}
   * @param left of the budget for what is in there
   */
  void grant(int rank, int fine, long left) {
    edge = (bin(rank) << COARSE_SHIFT) + (fine << FINE_SHIFT);
    this.left = left;
  }

  /** Takes the keys that were granted, and sets their numerators to zero. */
  public void take(CentroidScores centroids) {
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
