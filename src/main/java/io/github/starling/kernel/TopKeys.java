package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.INTS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.GE;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Keeps the k highest scores of each row while they stream by.
 *
 * <pre>
 * offer    a tile's scores against the row's threshold; what passes is compressed into a buffer
 * shrink   a full buffer finds its k-th score by bisection over ordered integers, counts by popcount;
 *          the threshold rises to it, and few scores pass from then on
 * finish   exactly k keys, in rising order of key
 * </pre>
 *
 * <p>Float scores rank keys only up to their rounding error. Keys whose scores differ by less than
 * twice that error are ranked by {@link ExactScores}, so the k keys are those of exact arithmetic,
 * ties to the lowest key. No score matrix is ever held: memory is O(rows · k).
 */
public final class TopKeys {
  /** The exact score of a row and a key, by which near ties are settled. */
  @FunctionalInterface
  public interface ExactScores {
    /** Returns the score in double precision; NaN ranks below everything. */
    double score(int row, int key);
  }

  private final int k;
  private final int capacity;
  private final float[] scores;
  private final int[] keys;
  private final int[] sizes;
  private final boolean[] sawNaN;
  private final float[] thresholds;
  private final float[] margins;
  private final double[] exact;
  private final int[] ordered;

  /**
   * Allocates the buffers.
   *
   * @param rows number of rows
   * @param k keys to keep for each, ≥ 1
   */
  public TopKeys(int rows, int k) {
    this.k = k;
    // Room for the k, for as many again between two shrinks, and for one vector more.
    capacity = Math.ceilDiv(k + Math.max(k, 8 * LANES) + LANES, LANES) * LANES;
    scores = new float[rows * capacity];
    keys = new int[rows * capacity];
    sizes = new int[rows];
    sawNaN = new boolean[rows];
    thresholds = new float[rows];
    margins = new float[rows];
    exact = new double[capacity];
    ordered = new int[capacity];
  }

  /**
   * Forgets a row's keys.
   *
   * @param error how far a score of this row can be from the exact one
   */
  public void reset(int row, float error) {
    sizes[row] = 0;
    sawNaN[row] = false;
    thresholds[row] = Float.NEGATIVE_INFINITY;
    margins[row] = 2 * error;
  }

  /** Makes a row take no keys at all, until the next reset. */
  public void ignore(int row) {
    sizes[row] = 0;
    thresholds[row] = Float.POSITIVE_INFINITY;
  }

  /** Returns k, how many keys a row keeps. */
  public int k() {
    return k;
  }

  /**
   * Offers the scores of {@code count} adjacent keys, the first of them {@code firstKey}. Keys come
   * in rising order over the calls.
   */
  void offer(int row, float[] tile, int at, int count, int firstKey, ExactScores exactScores) {
    clearTail(tile, at, count);
    for (int i = 0; i < count; i += LANES) {
      var x = FloatVector.fromArray(FLOATS, tile, at + i);
      var passes = x.compare(GE, thresholds[row]);
      if (passes.anyTrue()) {
        int to = row * capacity + sizes[row];
        x.compress(passes).intoArray(scores, to);
        IntVector.broadcast(INTS, firstKey + i)
            .addIndex(1)
            .compress(passes.cast(INTS))
            .intoArray(keys, to);
        sizes[row] += passes.trueCount();
        if (sizes[row] > capacity - LANES) {
          reduce(row, capacity - LANES, exactScores);
        }
      }
    }
  }

  /** NaN passes no comparison: what fills up the last vector needs no mask. */
  private static void clearTail(float[] values, int at, int count) {
    Arrays.fill(values, at + count, at + Math.ceilDiv(count, LANES) * LANES, Float.NaN);
  }

  /** Drops keys until {@code most} ≥ k are left or fewer. */
  private void reduce(int row, int most, ExactScores exactScores) {
    shrink(row);
    if (sizes[row] > most) {
      selectExactly(row, exactScores);
    }
  }

  /**
   * Copies a row's scores with −∞ for NaN, so that these rank last and can still be offered, and
   * remembers that there was one.
   */
  void rankNaNLast(int row, float[] tile, int at, int count, float[] ranked) {
    for (int i = 0; i < count; i++) {
      boolean isNaN = Float.isNaN(tile[at + i]);
      ranked[i] = isNaN ? Float.NEGATIVE_INFINITY : tile[at + i];
      sawNaN[row] |= isNaN;
    }
  }

  /** Returns whether any score offered to the row was NaN. */
  boolean sawNaN(int row) {
    return sawNaN[row];
  }

  /** Leaves exactly k keys in the row, or all if fewer were offered. */
  public void finish(int row, ExactScores exactScores) {
    if (sizes[row] > k) {
      reduce(row, k, exactScores);
    }
  }

  /** Returns how many keys the row holds. */
  public int size(int row) {
    return sizes[row];
  }

  /** Returns key number {@code i} of a row, in rising order once finished. */
  public int key(int row, int i) {
    return keys[row * capacity + i];
  }

  /** Returns the score of key number {@code i} of a row, as offered. */
  public float score(int row, int i) {
    return scores[row * capacity + i];
  }

  /** Drops what is certainly below the k highest and raises the threshold. */
  private void shrink(int row) {
    int from = row * capacity;
    float threshold = kth(from, sizes[row]) - margins[row];
    // ∞ − ∞: the error is unbounded, so every key is a near tie.
    thresholds[row] = Float.isNaN(threshold) ? Float.NEGATIVE_INFINITY : threshold;
    int size = 0;
    for (int i = 0; i < sizes[row]; i += LANES) {
      var x = FloatVector.fromArray(FLOATS, scores, from + i);
      var key = IntVector.fromArray(INTS, keys, from + i);
      var passes = x.compare(GE, thresholds[row]);
      x.compress(passes).intoArray(scores, from + size);
      key.compress(passes.cast(INTS)).intoArray(keys, from + size);
      size += passes.trueCount();
    }
    sizes[row] = size;
  }

  /** Finds the k-th highest of {@code size} ≥ k scores. */
  private float kth(int from, int size) {
    clearTail(scores, from, size);
    for (int i = 0; i < size; i += LANES) {
      Reduction.ordered(FloatVector.fromArray(FLOATS, scores, from + i)).intoArray(ordered, i);
    }
    int low = Integer.MAX_VALUE;
    int high = Integer.MIN_VALUE;
    for (int i = 0; i < size; i++) {
      low = Math.min(low, ordered[i]);
      high = Math.max(high, ordered[i]);
    }
    while (low < high) {
      int middle = (int) (((long) low + high + 1) >> 1);
      if (countAtLeast(from, size, Reduction.unordered(middle)) >= k) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return Reduction.unordered(low);
  }

  private int countAtLeast(int from, int size, float threshold) {
    int count = 0;
    for (int i = 0; i < size; i += LANES) {
      count += FloatVector.fromArray(FLOATS, scores, from + i).compare(GE, threshold).trueCount();
    }
    return count;
  }

  /** Keeps the k highest by exact score, then lowest key. */
  private void selectExactly(int row, ExactScores exactScores) {
    int from = row * capacity;
    int size = sizes[row];
    scoreExactly(row, exactScores);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (rank(i, size) < k) {
        scores[from + kept] = scores[from + i];
        keys[from + kept] = keys[from + i];
        kept++;
      }
    }
    sizes[row] = kept;
  }

  /**
   * Copies a finished row's keys by falling exact score, ties to the lowest key.
   *
   * @param sorted out, at least {@link #size} long
   */
  public void copySorted(int row, ExactScores exactScores, int[] sorted) {
    scoreExactly(row, exactScores);
    for (int i = 0; i < sizes[row]; i++) {
      sorted[rank(i, sizes[row])] = keys[row * capacity + i];
    }
  }

  private void scoreExactly(int row, ExactScores exactScores) {
    for (int i = 0; i < sizes[row]; i++) {
      double score = exactScores.score(row, keys[row * capacity + i]);
      exact[i] = Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
    }
  }

  /** Counts the keys that come before number {@code i}; keys lie in rising order. */
  private int rank(int i, int size) {
    int before = 0;
    for (int j = 0; j < size; j++) {
      if (exact[j] > exact[i] || (exact[j] == exact[i] && j < i)) {
        before++;
      }
    }
    return before;
  }
}
