package io.github.starling.transformer;

import io.github.starling.attention.Head;
import java.util.List;

/** Sees the attention of every layer as it is computed, to measure it or to take copies. */
@FunctionalInterface
public interface AttentionObserver {
  /** Sees nothing. */
  AttentionObserver NONE = (layer, heads, scale) -> {};

  /**
   * Called after the attention of a layer, on the thread that called the encoder, which must not be
   * called from here.
   *
   * @param layer which layer, from 0
   * @param heads the heads of the first sequence, then those of the second, and so on; queries,
   *     keys, values and outputs are views of memory that is used again after this call; what is
   *     written to outputs is what the layer reads, the others must not be written
   * @param scale the factor on the scores, 1/√dk
   */
  void attended(int layer, List<Head> heads, double scale);
}
