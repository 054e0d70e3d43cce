package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * Full attention with shared queries and keys, the exact limit of {@link ReformerAttention}.
 *
 * <p>Kitaev, Kaiser, Levskaya, "Reformer", arXiv:2001.04451 §2: key t is qₜ / ‖qₜ‖₂, and a query
 * attends to its own position only if there is no other. The keys of a head are not read. O(n²·(dk
 * + dv)). A query with a NaN or an infinity is no key, and its own row is NaN.
 */
public final class SharedQkAttention implements Attention {
  private final BandedHeads heads =
      new BandedHeads("shared-qk", new Band(Band.ALL, Band.ALL, true), new UnitKeys());

  /** Takes no options: the result is exact. */
  public SharedQkAttention() {}

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
