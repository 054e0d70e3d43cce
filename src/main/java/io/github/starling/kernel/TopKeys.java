package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.INTS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.GE;

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
  private final boolean[] ignored;
  private final boolean[] sawNaN;
  private final float[] reached;
  private final float[] margins;
  private final float[] thresholds;
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
    ignored = new boolean[rows];
    sawNaN = new boolean[rows];
    reached = new float[rows];
    margins = new float[rows];
    thresholds = new float[rows];
    exact = new double[capacity];
    ordered = new int[capacity];
  }

  /** Forgets a row's keys. */
  public void reset(int row) {
    sizes[row] = 0;
    ignored[row] = false;
    sawNaN[row] = false;
    reached[row] = Float.NEGATIVE_INFINITY;
    margins[row] = 0;
  }

  /** Makes a row take no keys at all, until the next reset. */
  public void ignore(int row) {
    sizes[row] = 0;
    ignored[row] = true;
  }

  /** Returns k, how many keys a row keeps. */
  public int k() {
    return k;
  }

  /**
   * Says how far the scores offered to a row can be from the exact ones.
   *
   * @param error at least what it was for the keys before
   */
  void expect(int row, float error) {
    margins[row] = 2 * error;
    if (ignored[row]) {
      thresholds[row] = Float.POSITIVE_INFINITY;
    } else {
      raise(row);
    }
  }

  private void raise(int row) {
    float threshold = reached[row] - margins[row];
    // ∞ − ∞: the error is unbounded, so every key is a near tie.
    thresholds[row] = Float.isNaN(threshold) ? Float.NEGATIVE_INFINITY : threshold;
  }

  /**
   * Offers the scores of {@code count} adjacent keys, the first of them {@code firstKey}. Keys come
   * in rising order over the calls.
   */
  void offer(int row, float[] tile, int at, int count, int firstKey, ExactScores exactScores) {
    Lanes.fillTail(tile, at, count, Float.NaN); // which passes no comparison
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
          reduce(row, k + Math.max(k, LANES) / 2, capacity - LANES, exactScores);
        }
      }
    }
  }

  /** Drops keys until {@code most} ≥ k are left or fewer, best about {@code enough}. */
  private void reduce(int row, int enough, int most, ExactScores exactScores) {
    shrink(row, enough);
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
      reduce(row, k, k, exactScores);
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

  /** Copies a row's keys, in the order of {@link #key}. */
  public void copyKeys(int row, int[] to) {
    System.arraycopy(keys, row * capacity, to, 0, sizes[row]);
  }

  /** Returns the score of key number {@code i} of a row, as offered. */
  public float score(int row, int i) {
    return scores[row * capacity + i];
  }

  /** Drops what is certainly below the k highest and raises the threshold. */
  private void shrink(int row, int enough) {
    int from = row * capacity;
    reached[row] = cut(from, sizes[row], enough);
    raise(row);
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

  /**
   * Finds a number that at least k of {@code size} ≥ k scores reach and no more than {@code
   * enough}, ties aside; with {@code enough} = k, it is the k-th highest score.
   */
  private float cut(int from, int size, int enough) {
    Lanes.fillTail(scores, from, size, Float.NaN);
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
      int count = countAtLeast(from, size, Reduction.unordered(middle));
      if (count < k) {
        high = middle - 1;
      } else {
        low = middle;
        if (count <= enough) {
          break;
        }
      }
    }
    return enough == k ? lowestFrom(low, size) : Reduction.unordered(low);
  }

  private float lowestFrom(int bound, int size) {
    int lowest = Integer.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      lowest = ordered[i] >= bound ? Math.min(lowest, ordered[i]) : lowest;
    }
    return Reduction.unordered(lowest);
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
