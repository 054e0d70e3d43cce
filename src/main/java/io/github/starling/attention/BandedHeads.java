package io.github.starling.attention;

import io.github.starling.kernel.MaskedAttention;
import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.Work;
import io.github.starling.kernel.Workers;
import java.util.Arrays;
import java.util.List;

/** Exact attention of each query to the keys of a band, head after head in blocks of queries. */
final class BandedHeads {
  private static final int QUERY_BLOCK = 192;

  private final String name;
  private final Band band;
  private final HeadBlocks blocks = new HeadBlocks(QUERY_BLOCK);
  private final Workers.Task body = this::block;
  private final ThreadScratch<Scratch> scratch;
  private final UnitKeys unitKeys;
  private int[] positions = {};
  private double factor;

  /** What a thread needs for a block. */
  private record Scratch(MaskedAttention rows, BandMask mask) {}

  /**
   * Prepares.
   *
   * @param name of the kind of attention, for the profile
   * @param unitKeys stand for the heads' own keys, or null
   */
  BandedHeads(String name, Band band, UnitKeys unitKeys) {
    this.name = name;
    this.band = band;
    this.unitKeys = unitKeys;
    scratch =
        new ThreadScratch<>(
            (dk, dv) -> new Scratch(new MaskedAttention(QUERY_BLOCK, dk, dv), new BandMask(band)));
  }

  synchronized void attend(List<Head> heads, double scale, Workers workers) {
    Checks.call(heads, scale);
    Checks.selfAttention(heads, name);
    if (heads.isEmpty()) {
      return;
    }
    var call = AttentionCall.begin(name, heads, workers);
    factor = RowAttention.scoreFactor(scale);
    prepare(heads, workers.threads());
    if (unitKeys != null) {
      unitKeys.prepare(heads, workers);
    }
    blocks.divide(heads);
    workers.forEach(blocks.count(), body);
    if (call != null) {
      call.end(this::work);
    }
  }

  private Work work(Head head) {
    double n = head.query().rows();
    double width = head.query().columns() + head.value().columns();
    return Work.flops(2 * band.pairs(head.query().rows()) * width).and(Work.floats(2 * n * width));
  }

  private void prepare(List<Head> heads, int threads) {
    int longest = 0;
    for (int h = 0; h < heads.size(); h++) {
      longest = Math.max(longest, heads.get(h).query().rows());
    }
    if (positions.length < longest) {
      positions = new int[longest];
      Arrays.setAll(positions, i -> i);
    }
    scratch.prepare(heads.getFirst(), threads);
  }

  private void block(int item, int worker) {
    int h = blocks.headIndex(item);
    var head = blocks.head(item);
    boolean isShared = unitKeys != null;
    var keys = isShared ? head.query() : head.key();
    int[] list = isShared ? unitKeys.positions(h) : positions;
    int n = isShared ? unitKeys.count(h) : head.key().rows();
    int first = blocks.firstQuery(item);
    int count = Math.min(blocks.queryCount(item), n - first);
    if (count <= 0) {
      return;
    }
    int from = Math.max(0, first - band.back());
    int to = Math.min(n, first + count + band.ahead());
    var rows = scratch.of(worker).rows;
    var mask = scratch.of(worker).mask;
    mask.begin(first);
    rows.begin(head.query(), list, first, count, factor);
    rows.attend(keys, head.value(), list, from, to, isShared ? unitKeys.factors(h) : null, mask);
    for (int r = 0; r < count; r++) {
      int position = list[first + r];
      if (isShared && rows.isEmpty(r)) {
        head.value().copyRow(position, head.output(), position);
      } else {
        rows.store(r, head.output(), position);
      }
    }
  }
}
