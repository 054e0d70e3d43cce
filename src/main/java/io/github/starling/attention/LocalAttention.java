package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * Local attention: softmax over the keys in a window around the query's own position.
 *
 * <p>Key t counts for query i iff |i − t| ≤ w / 2, as in the sliding window of Longformer,
 * arXiv:2004.05150 §3.1; for those it is exact. O(n·w·(dk + dv)). What a key or a value outside the
 * window holds changes no bit, be it NaN.
 */
public final class LocalAttention implements Attention {
  private final BandedHeads heads;

  /**
   * Takes the option.
   *
   * @param window w, ≥ 1; an odd one counts as the even one below it
   * @throws IllegalArgumentException if w is less than 1
   */
  public LocalAttention(int window) {
    if (window < 1) {
      throw new IllegalArgumentException("the window must be at least 1, not " + window);
    }
    int reach = Math.min(window / 2, Band.ALL);
    heads = new BandedHeads("local", new Band(reach, reach, false), null);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if a head has not as many keys as queries
   */
  @Override
  public void attend(List<Head> heads, double scale, Workers workers) {
    this.heads.attend(heads, scale, workers);
  }
}
