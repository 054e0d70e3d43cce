package io.github.starling.attention;

import io.github.starling.clustering.AngularHash;
import io.github.starling.kernel.AngularHashKernel;
import io.github.starling.kernel.Workers;
import java.util.Arrays;
import java.util.List;

/**
 * The queries of each head in the order of their buckets, round after round, cut into chunks.
 *
 * <p>Stable counting sort by (bucket, position) of the queries that are finite; n of them have 2·⌈n
 * / chunk⌉ buckets, so that a bucket is half a chunk on average, as in arXiv:2001.04451 §2.
 */
final class LshOrder {
  private final ReformerOptions options;
  private final UnitKeys keys;
  private final Workers.Task body = this::sort;
  private AngularHashKernel[] hashers;
  private int dk;
  private int directions;
  private List<Head> heads;
  private int[][] orders = {};
  private int[][] chunks = {};
  private int[][] buckets = {};
  private int[][] starts = {};
  private float[][] scratch = {};

  LshOrder(ReformerOptions options, UnitKeys keys) {
    this.options = options;
    this.keys = keys;
  }

  /** Sorts the queries of every head; their keys are prepared. */
  void prepare(List<Head> heads, Workers workers) {
    this.heads = heads;
    int longest = 1;
    for (int h = 0; h < heads.size(); h++) {
      longest = Math.max(longest, heads.get(h).query().rows());
    }
    reserve(heads.getFirst().query().columns(), longest, workers.threads());
    if (orders.length < heads.size() * options.rounds()) {
      orders = new int[heads.size() * options.rounds()][0];
      chunks = new int[heads.size() * options.rounds()][0];
    }
    workers.forEach(heads.size() * options.rounds(), body);
  }

  private void reserve(int newDk, int longest, int threads) {
    int most = Math.ceilDiv(longest, options.chunk());
    if (newDk != dk || most > directions) {
      dk = newDk;
      directions = most;
      hashers = AngularHash.pack(AngularHash.draw(options.rounds(), most, dk, options.seed()), dk);
      scratch = new float[0][];
    }
    if (scratch.length < threads || buckets[0].length < longest) {
      scratch = new float[threads][hashers[0].scratchFloats(directions)];
      buckets = new int[threads][longest];
      starts = new int[threads][2 * directions + 1];
    }
  }

  private void sort(int item, int worker) {
    int h = item / options.rounds();
    var query = heads.get(h).query();
    int n = keys.count(h);
    if (orders[item].length < query.rows()) {
      orders[item] = new int[query.rows()];
      chunks[item] = new int[query.rows()];
    }
    int count = Math.ceilDiv(n, options.chunk());
    int[] bucketOf = buckets[worker];
    int[] positions = keys.positions(h);
    hashers[item % options.rounds()].hash(query, positions, n, count, bucketOf, scratch[worker]);
    int[] next = starts[worker];
    Arrays.fill(next, 0);
    for (int i = 0; i < n; i++) {
      next[bucketOf[i] + 1]++;
    }
    for (int b = 1; b < next.length; b++) {
      next[b] += next[b - 1];
    }
    for (int i = 0; i < n; i++) {
      int place = next[bucketOf[i]]++;
      orders[item][place] = positions[i];
      chunks[item][positions[i]] = place / options.chunk();
    }
  }

  /** Returns the positions of a head's finite queries in the order of a round. */
  int[] order(int head, int round) {
    return orders[head * options.rounds() + round];
  }

  /** Returns which chunk of a round each finite query of a head is in, by position. */
  int[] chunks(int head, int round) {
    return chunks[head * options.rounds() + round];
  }

  /** Returns half the buckets of a head of n finite queries. */
  double directions(double n) {
    return Math.ceil(n / options.chunk());
  }
}
