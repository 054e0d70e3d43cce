package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * Exact causal attention: softmax over the keys up to the query's own position.
 *
 * <p>Vaswani et al., arXiv:1706.03762 §3.2.3. O(n²·(dk + dv)), half of {@link FullAttention}. What
 * a later key or value holds changes no bit, be it NaN.
 */
public final class CausalAttention implements Attention {
  private final BandedHeads heads = new BandedHeads("causal", new Band(Band.ALL, 0, false), null);

  /** Takes no options: the result is exact. */
  public CausalAttention() {}

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
