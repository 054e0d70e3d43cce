package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * A way to compute attention.
 *
 * <p>An instance keeps scratch memory between calls, so a second call of the same shape allocates
 * nothing; it serves one call at a time. The result has the same bits on any number of threads and
 * does not depend on the other heads of the call, except that {@link RefinedClusteredAttention} and
 * {@link AutomaticAttention} share out one budget among them, which should be those of one
 * sequence.
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

  /**
   * Does the same for several sequences, none of which has to do with the others.
   *
   * @param heads those of the first sequence, then those of the second, and so on
   * @param together heads of a sequence, ≥ 1
   * @param scale τ
   * @param workers threads to share the work
   * @throws IllegalArgumentException if widths differ between heads, a sequence has no head or the
   *     scale is not positive
   */
  default void attendEach(List<Head> heads, int together, double scale, Workers workers) {
    Checks.together(together);
    attend(heads, scale, workers);
  }

  /** Returns the usual scale, 1/√dk. */
  static double usualScale(int dk) {
    return 1 / Math.sqrt(dk);
  }
}
