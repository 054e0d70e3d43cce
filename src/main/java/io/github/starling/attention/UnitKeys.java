package io.github.starling.attention;

import io.github.starling.kernel.UnitFactor;
import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * The queries of each head taken for its keys, each at length 1.
 *
 * <p>A query of zeros is a key of zeros. One that holds a NaN or an infinity has no direction: it
 * is no key, and its own row of the output becomes NaN.
 */
final class UnitKeys {
  private final Workers.Task body = this::prepareHead;
  private List<Head> heads;
  private int[][] positions = {};
  private int[] counts = {};
  private float[][] factors = {};
  private float[][] scratch = {};

  /** Finds the keys of every head. */
  void prepare(List<Head> heads, Workers workers) {
    this.heads = heads;
    if (positions.length < heads.size()) {
      positions = new int[heads.size()][0];
      counts = new int[heads.size()];
      factors = new float[heads.size()][0];
    }
    int dk = heads.getFirst().query().columns();
    if (scratch.length < workers.threads() || scratch[0].length < dk) {
      scratch = new float[workers.threads()][dk];
    }
    workers.forEach(heads.size(), body);
  }

  private void prepareHead(int h, int worker) {
    var head = heads.get(h);
    int n = head.query().rows();
    if (positions[h].length < n) {
      positions[h] = new int[n];
      factors[h] = new float[n];
    }
    counts[h] = 0;
    for (int i = 0; i < n; i++) {
      factors[h][i] = UnitFactor.of(head.query(), i, scratch[worker]);
      if (!Float.isNaN(factors[h][i])) {
        positions[h][counts[h]++] = i;
        continue;
      }
      for (int d = 0; d < head.output().columns(); d++) {
        head.output().set(i, d, Float.NaN);
      }
    }
  }

  /** Returns the positions of a head's keys, rising, {@link #count} of them. */
  int[] positions(int head) {
    return positions[head];
  }

  int count(int head) {
    return counts[head];
  }

  /** Returns what each query is to be multiplied by, by position. */
  float[] factors(int head) {
    return factors[head];
  }
}
