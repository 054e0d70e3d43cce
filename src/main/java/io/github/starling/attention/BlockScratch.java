package io.github.starling.attention;

import io.github.starling.kernel.RowAttention;

/** The scratch memory of each thread, kept while the widths stay the same. */
final class BlockScratch {
  private final int rows;
  private RowAttention[] blocks = {};
  private int dk;
  private int dv;

  BlockScratch(int rows) {
    this.rows = rows;
  }

  /** Returns whether the scratch memory is new. */
  boolean prepare(Head head, int threads) {
    int newDk = head.query().columns();
    int newDv = head.value().columns();
    if (blocks.length >= threads && newDk == dk && newDv == dv) {
      return false;
    }
    dk = newDk;
    dv = newDv;
    blocks = new RowAttention[threads];
    for (int i = 0; i < threads; i++) {
      blocks[i] = new RowAttention(rows, dk, dv);
    }
    return true;
  }

  RowAttention of(int worker) {
    return blocks[worker];
  }
}
