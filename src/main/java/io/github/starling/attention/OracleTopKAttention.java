package io.github.starling.attention;

import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.TopAttention;
import io.github.starling.kernel.TopKeys;
import io.github.starling.kernel.Work;
import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * Softmax over the k keys that each query scores highest: what a perfect choice of keys would give.
 *
 * <p>The paper's baseline "oracle-top"; it takes all n·m scores to find them, so it shows accuracy
 * and saves no time. Ties go to the lowest key. A NaN score makes the row NaN. A head without keys
 * gives zeros.
 */
public final class OracleTopKAttention implements Attention {
  private static final int QUERY_BLOCK = 96;

  private final int topK;
  private final ThreadScratch<RowAttention> scratch =
      new ThreadScratch<>((dk, dv) -> new RowAttention(QUERY_BLOCK, dk, dv));
  private final HeadBlocks blocks = new HeadBlocks(QUERY_BLOCK);
  private final Workers.Task body = this::block;
  private TopKeys[] tops = {};
  private TopAttention[] gathered = {};
  private double factor;

  /**
   * Takes the option.
   *
   * @param topK k, ≥ 1
   * @throws IllegalArgumentException if k is less than 1
   */
  public OracleTopKAttention(int topK) {
    this.topK = Checks.topK(topK);
  }

  @Override
  public synchronized void attend(List<Head> heads, double scale, Workers workers) {
    Checks.call(heads, scale);
    if (heads.isEmpty()) {
      return;
    }
    var call = AttentionCall.begin("oracle-top-k", heads, workers);
    factor = RowAttention.scoreFactor(scale);
    boolean isNew = scratch.prepare(heads.getFirst(), workers.threads());
    int k = 1;
    for (var head : heads) {
      k = Math.max(k, Math.min(topK, head.key().rows()));
    }
    if (isNew || tops[0].k() != k) {
      reserve(heads.getFirst(), k, workers.threads());
    }
    blocks.divide(heads);
    workers.forEach(blocks.count(), body);
    if (call != null) {
      call.end(this::work);
    }
  }

  private Work work(Head head) {
    double n = head.query().rows();
    double m = head.key().rows();
    double dk = head.query().columns();
    double dv = head.value().columns();
    return Work.flops(2 * n * (m * dk + Math.min(topK, m) * dv))
        .and(Work.floats((n + m) * (dk + dv)));
  }

  private void reserve(Head head, int k, int threads) {
    tops = new TopKeys[threads];
    gathered = new TopAttention[threads];
    for (int t = 0; t < threads; t++) {
      tops[t] = new TopKeys(QUERY_BLOCK, k);
      gathered[t] = new TopAttention(k, head.query().columns(), head.value().columns());
    }
  }

  private void block(int item, int worker) {
    var head = blocks.head(item);
    int first = blocks.firstQuery(item);
    int count = blocks.queryCount(item);
    if (head.key().rows() == 0) {
      head.output().rows(first, count).clear();
      return;
    }
    var rows = scratch.of(worker);
    var top = tops[worker];
    TopKeys.ExactScores exact = (row, key) -> exactScore(head, first + row, key);
    rows.begin(head.query(), first, count, factor);
    for (int r = 0; r < count; r++) {
      top.reset(r);
    }
    rows.select(head.key(), top, exact);
    for (int r = 0; r < count; r++) {
      top.finish(r, exact);
      gathered[worker].attendOne(head.value(), top, r, head.output(), first + r);
    }
  }

  private static double exactScore(Head head, int query, int key) {
    double sum = 0;
    for (int d = 0; d < head.query().columns(); d++) {
      sum += (double) head.query().get(query, d) * head.key().get(key, d);
    }
    return sum;
  }
}
