package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * A way to compute attention.
 *
 * <p>An instance keeps scratch memory between calls, so a second call of the same shape allocates
 * nothing; it serves one call at a time. The result has the same bits on any number of threads and,
 * but for {@link AutomaticAttention}, does not depend on the other heads of the call.
 */
public sealed interface Attention
    permits FullAttention,
        CausalAttention,
        ClusteredAttention,
        ImprovedClusteredAttention,
        CausalImprovedClusteredAttention,
        RefinedClusteredAttention,
        AutomaticAttention,
        OracleTopKAttention,
        LocalAttention,
        SharedQkAttention,
        ReformerAttention {
  /**
   * Fills the output of every head.
   *
   * @param heads heads of any lengths, all with the same dk and the same dv
   * @param scale τ, the factor on q·k, usually 1/√dk; finite and positive
   * @param workers threads to share the work; more than one can only read memory of an arena that
   *     is not confined to a thread
   * @throws IllegalArgumentException if widths differ between heads or the scale is not positive
   */
  void attend(List<Head> heads, double scale, Workers workers);

  /** Returns the usual scale, 1/√dk. */
  static double usualScale(int dk) {
    return 1 / Math.sqrt(dk);
  }
}
