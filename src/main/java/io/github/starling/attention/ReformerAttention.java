package io.github.starling.attention;

import io.github.starling.kernel.MaskedAttention;
import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.Work;
import io.github.starling.kernel.Workers;
import java.util.Arrays;
import java.util.List;

/**
 * LSH attention of the Reformer: a query attends to those that hash to nearly the same place.
 *
 * <p>Kitaev, Kaiser, Levskaya, arXiv:2001.04451 §2, with shared queries and keys as in {@link
 * SharedQkAttention}. Each of R rounds sorts the queries by (bucket, position) and cuts them into
 * chunks; a chunk attends to itself and the one before. The rounds are combined by their
 * log-sum-exp into one softmax over all keys that any round shows; the own key counts only if there
 * is no other. The last chunk may be short. O(n·R·c·(dk + dv)) for chunks of c, and O(n·(n/c)·R·dk)
 * for the hashing into 2·⌈n/c⌉ buckets. The keys of a head are not read.
 */
public final class ReformerAttention implements Attention {
  private final ReformerOptions options;
  private final UnitKeys keys = new UnitKeys();
  private final LshOrder orders;
  private final HeadBlocks blocks;
  private final Workers.Task body = this::chunk;
  private final ThreadScratch<Scratch> scratch;
  private double[][] logs = {};
  private int round;
  private double factor;

  /** What a thread needs for a chunk. */
  private record Scratch(MaskedAttention rows, ReformerMask mask) {}

  /** Takes the options. */
  public ReformerAttention(ReformerOptions options) {
    this.options = options;
    orders = new LshOrder(options, keys);
    blocks = new HeadBlocks(options.chunk());
    scratch =
        new ThreadScratch<>(
            (dk, dv) ->
                new Scratch(
                    new MaskedAttention(options.chunk(), dk, dv), new ReformerMask(orders)));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if a head has not as many keys as queries
   */
  @Override
  public synchronized void attend(List<Head> heads, double scale, Workers workers) {
    Checks.call(heads, scale);
    Checks.selfAttention(heads, "reformer");
    if (heads.isEmpty()) {
      return;
    }
    var call = AttentionCall.begin("reformer", heads, workers);
    factor = RowAttention.scoreFactor(scale);
    keys.prepare(heads, workers);
    orders.prepare(heads, workers);
    prepare(heads, workers.threads());
    blocks.divide(heads);
    for (round = 0; round < options.rounds(); round++) {
      workers.forEach(blocks.count(), body);
    }
    if (call != null) {
      call.end(this::work);
    }
  }

  private Work work(Head head) {
    double n = head.query().rows();
    double dk = head.query().columns();
    double width = dk + head.value().columns();
    double c = Math.min(options.chunk(), n);
    double last = n - Math.max(0, Math.ceil(n / c) - 1) * c; // positions of the last chunk
    double pairs = n <= c ? n * n : c * c + (n - c - last) * 2 * c + last * (c + last);
    double flops = 2 * options.rounds() * (n * orders.directions(n) * dk + pairs * width);
    return n == 0 ? Work.NONE : Work.flops(flops).and(Work.floats(2 * n * width));
  }

  private void prepare(List<Head> heads, int threads) {
    if (logs.length < heads.size()) {
      logs = new double[heads.size()][0];
    }
    for (int h = 0; h < heads.size(); h++) {
      int n = heads.get(h).query().rows();
      if (logs[h].length < n) {
        logs[h] = new double[n];
      }
      Arrays.fill(logs[h], Double.NEGATIVE_INFINITY);
    }
    scratch.prepare(heads.getFirst(), threads);
  }

  private void chunk(int item, int worker) {
    int h = blocks.headIndex(item);
    var head = blocks.head(item);
    int first = blocks.firstQuery(item);
    int count = Math.min(options.chunk(), keys.count(h) - first);
    if (count <= 0) {
      return; // of queries that are not finite nothing is left
    }
    var rows = scratch.of(worker).rows;
    var mask = scratch.of(worker).mask;
    int[] order = orders.order(h, round);
    int from = Math.max(0, first - options.chunk());
    mask.begin(h, round, first);
    rows.begin(head.query(), order, first, count, factor);
    rows.attend(head.query(), head.value(), order, from, first + count, keys.factors(h), mask);
    for (int r = 0; r < count; r++) {
      int position = order[first + r];
      logs[h][position] = rows.merge(r, head.output(), position, logs[h][position]);
      if (round == options.rounds() - 1 && logs[h][position] == Double.NEGATIVE_INFINITY) {
        head.value().copyRow(position, head.output(), position);
      }
    }
  }
}
