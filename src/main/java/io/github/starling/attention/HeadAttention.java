package io.github.starling.attention;

import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Workers;

/** Attention of one head at a time, with memory of its own. */
interface HeadAttention {
  /**
   * Fills the output of a head.
   *
   * @param head with queries and keys
   * @param factor {@link io.github.starling.kernel.RowAttention#scoreFactor} of the scale
   * @param profile takes the phases, or is null
   */
  void attend(Head head, double factor, Profile profile);

  /** Makes the attention of heads of certain widths. */
  @FunctionalInterface
  interface Factory {
    /**
     * Allocates.
     *
     * @param dk columns of queries and keys
     * @param dv columns of values
     * @param workers threads that share each head
     */
    HeadAttention create(int dk, int dv, Workers workers);
  }
}
