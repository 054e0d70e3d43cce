package io.github.starling.attention;

import io.github.starling.kernel.PlainAttention;
import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.Work;
import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * Exact softmax attention, softmax(τ Q Kᵀ) V.
 *
 * <p>arXiv:2007.04825 §3.1. Tiled with an online softmax: O(n·m·(dk + dv)) time, no n × m matrix. A
 * head without keys gives zeros.
 */
public final class FullAttention implements Attention {
  /** Queries of a block: enough to share the packing of a key block, few enough for the cache. */
  private static final int QUERY_BLOCK = 384;

  private final ThreadScratch<RowAttention> scratch =
      new ThreadScratch<>((dk, dv) -> new RowAttention(QUERY_BLOCK, dk, dv));
  private final Workers.Task body = this::block;
  private final HeadBlocks blocks = new HeadBlocks(QUERY_BLOCK);
  private double factor;

  /** Takes no options: the result is exact. */
  public FullAttention() {}

  @Override
  public synchronized void attend(List<Head> heads, double scale, Workers workers) {
    Checks.call(heads, scale);
    if (heads.isEmpty()) {
      return;
    }
    var call = AttentionCall.begin("full", heads, workers);
    factor = RowAttention.scoreFactor(scale);
    if (isCold(heads)) {
      heads.forEach(this::attendPlainly);
    } else {
      scratch.prepare(heads.getFirst(), workers.threads());
      blocks.divide(heads);
      workers.forEach(blocks.count(), body);
    }
    if (call != null) {
      call.end(FullAttention::work);
    }
  }

  private static boolean isCold(List<Head> heads) {
    int mostKeys = 0;
    long operations = 0;
    for (int h = 0; h < heads.size(); h++) {
      var head = heads.get(h);
      int width = head.query().columns() + head.value().columns();
      mostKeys = Math.max(mostKeys, head.key().rows());
      operations += (long) head.query().rows() * head.key().rows() * width;
    }
    return PlainAttention.suits(mostKeys, operations);
  }

  private void attendPlainly(Head head) {
    if (head.key().rows() == 0) {
      head.output().clear();
    } else {
      PlainAttention.attend(head.query(), head.key(), head.value(), factor, head.output());
    }
  }

  private static Work work(Head head) {
    double n = head.query().rows();
    double m = head.key().rows();
    double width = head.query().columns() + head.value().columns();
    return Work.flops(2 * n * m * width).and(Work.floats((n + m) * width));
  }

  private void block(int item, int worker) {
    var head = blocks.head(item);
    int from = blocks.firstQuery(item);
    int count = blocks.queryCount(item);
    if (head.key().rows() == 0) {
      head.output().rows(from, count).clear();
      return;
    }
    var rows = scratch.of(worker);
    rows.begin(head.query(), from, count, factor);
    rows.attend(head.key(), head.value(), null, null);
    rows.finish(head.output(), from);
  }
}
