package io.github.starling.attention;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The formulas in plain float32, one loop each: the yardstick for rounding errors.
 *
 * <p>The error of a few numbers is a matter of luck in the order that their products are added, so
 * the yardstick is the largest error of several orders.
 */
final class PlainFloat {
  private PlainFloat() {}

  /** Returns τ·QKᵀ, shape (n, m). */
  static float[][] scores(float[][] q, float[][] k, float scale) {
    var scores = new float[q.length][k.length];
    for (int i = 0; i < q.length; i++) {
      for (int t = 0; t < k.length; t++) {
        float sum = 0;
        for (int d = 0; d < q[i].length; d++) {
          sum += q[i][d] * k[t][d];
        }
        scores[i][t] = sum * scale;
      }
    }
    return scores;
  }

  /** Replaces a row of scores by its softmax. */
  static void softmax(float[] row) {
    float max = Float.NEGATIVE_INFINITY;
    for (float x : row) {
      max = Math.max(max, x);
    }
    float sum = 0;
    for (int t = 0; t < row.length; t++) {
      row[t] = (float) Math.exp(row[t] - max);
      sum += row[t];
    }
    for (int t = 0; t < row.length; t++) {
      row[t] /= sum;
    }
  }

  /** Returns weights · values, shape (n, dv). */
  static float[][] times(float[][] weights, float[][] values, int dv) {
    var out = new float[weights.length][dv];
    for (int i = 0; i < weights.length; i++) {
      for (int t = 0; t < values.length; t++) {
        for (int d = 0; d < dv; d++) {
          out[i][d] += weights[i][t] * values[t][d];
        }
      }
    }
    return out;
  }

  /** Returns full attention, shape (n, dv). */
  static float[][] full(float[][] q, float[][] k, float[][] v, double scale) {
    var weights = scores(q, k, (float) scale);
    for (var row : weights) {
      softmax(row);
    }
    return times(weights, v, v.length == 0 ? 0 : v[0].length);
  }

  /** Says which keys a query attends to. */
  @FunctionalInterface
  interface Seen {
    boolean by(int query, int key);
  }

  /** Returns full attention of each query to the keys that it sees, shape (n, dv). */
  static float[][] masked(float[][] q, float[][] k, float[][] v, double scale, Seen seen) {
    var out = new float[q.length][];
    for (int i = 0; i < q.length; i++) {
      int query = i;
      int[] list = IntStream.range(0, k.length).filter(t -> seen.by(query, t)).toArray();
      var keys = Arrays.stream(list).mapToObj(t -> k[t]).toArray(float[][]::new);
      var values = Arrays.stream(list).mapToObj(t -> v[t]).toArray(float[][]::new);
      out[i] = full(new float[][] {q[i]}, keys, values, scale)[0];
    }
    return out;
  }

  /** Returns rows of length 1, shape (n, dk). */
  static float[][] unit(float[][] rows) {
    var unit = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      float square = 0;
      unit[i] = rows[i].clone();
      for (float x : rows[i]) {
        square += x * x;
      }
      for (int d = 0; d < unit[i].length; d++) {
        unit[i][d] /= (float) Math.sqrt(square);
      }
    }
    return unit;
  }

  /** Returns the means of the clusters' queries, shape (C, dk). */
  static float[][] means(float[][] q, int[] assignment, int clusters) {
    var means = new float[clusters][q.length == 0 ? 0 : q[0].length];
    var counts = new int[clusters];
    for (int i = 0; i < q.length; i++) {
      counts[assignment[i]]++;
      for (int d = 0; d < q[i].length; d++) {
        means[assignment[i]][d] += q[i][d];
      }
    }
    for (int j = 0; j < clusters; j++) {
      for (int d = 0; counts[j] > 0 && d < means[j].length; d++) {
        means[j][d] /= counts[j];
      }
    }
    return means;
  }

  /** Returns clustered attention, shape (n, dv). */
  static float[][] clustered(float[][] q, float[][] k, float[][] v, double scale, HeadTrace trace) {
    var shared = full(means(q, trace.assignment(), trace.counts().length), k, v, scale);
    var out = new float[q.length][];
    for (int i = 0; i < q.length; i++) {
      out[i] = shared[trace.assignment()[i]];
    }
    return out;
  }

  /** Returns improved clustered attention with the traced clusters and keys, shape (n, dv). */
  static float[][] improved(float[][] q, float[][] k, float[][] v, double scale, HeadTrace trace) {
    var weights = scores(means(q, trace.assignment(), trace.counts().length), k, (float) scale);
    for (var row : weights) {
      softmax(row);
    }
    var mine = new float[q.length][];
    for (int i = 0; i < q.length; i++) {
      int cluster = trace.assignment()[i];
      int[] top = trace.topKeys()[cluster];
      mine[i] = weights[cluster].clone();
      var keys = new float[top.length][];
      float mass = 0;
      for (int t = 0; t < top.length; t++) {
        keys[t] = k[top[t]];
        mass += weights[cluster][top[t]];
      }
      var own = scores(new float[][] {q[i]}, keys, (float) scale)[0];
      softmax(own);
      for (int t = 0; t < top.length; t++) {
        mine[i][top[t]] = mass * own[t];
      }
    }
    return times(mine, v, v[0].length);
  }

  /** Returns refined clustered attention with the traced clusters and keys, shape (n, dv). */
  static float[][] refined(
      float[][] q, float[][] k, float[][] v, double scale, RefinedTrace trace, int window) {
    var centred = centred(k);
    var shared =
        scores(means(q, trace.assignment(), trace.exactKeys().length), centred, (float) scale);
    var weights = scores(q, centred, (float) scale);
    for (int i = 0; i < q.length; i++) {
      int cluster = trace.assignment()[i];
      var isExact = new boolean[k.length];
      for (int t : trace.exactKeys()[cluster]) {
        isExact[t] = true;
      }
      for (int t = 0; t < k.length; t++) {
        boolean isNear = window >= 0 && q.length == k.length && Math.abs(i - t) <= window / 2;
        weights[i][t] = isExact[t] || isNear ? weights[i][t] : shared[cluster][t];
      }
      softmax(weights[i]);
    }
    return times(weights, v, v[0].length);
  }

  private static float[][] centred(float[][] k) {
    var mean = means(k, new int[k.length], 1)[0];
    var centred = new float[k.length][mean.length];
    for (int t = 0; t < k.length; t++) {
      for (int d = 0; d < mean.length; d++) {
        centred[t][d] = k[t][d] - mean[d];
      }
    }
    return centred;
  }

  /** Returns oracle top-k attention with the given keys of each query, shape (n, dv). */
  static float[][] oracle(float[][] q, float[][] k, float[][] v, double scale, int[][] top) {
    var scores = scores(q, k, (float) scale);
    var weights = new float[q.length][k.length];
    for (int i = 0; i < q.length; i++) {
      var own = new float[top[i].length];
      for (int t = 0; t < own.length; t++) {
        own[t] = scores[i][top[i][t]];
      }
      softmax(own);
      for (int t = 0; t < own.length; t++) {
        weights[i][top[i][t]] = own[t];
      }
    }
    return times(weights, v, v[0].length);
  }

  /**
   * Returns rows with their columns in another order, which changes dot products by rounding only.
   */
  static float[][] reordered(float[][] rows, int[] order) {
    var reordered = new float[rows.length][order.length];
    for (int i = 0; i < rows.length; i++) {
      for (int d = 0; d < order.length; d++) {
        reordered[i][d] = rows[i][order[d]];
      }
    }
    return reordered;
  }
}
