package io.github.starling.transformer;

import io.github.starling.kernel.LayerNorm;
import io.github.starling.kernel.RowBlocks;
import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.LayerPhases.Phase;

/**
 * One layer of a Transformer encoder on packed sequences.
 *
 * <p>Vaswani et al., arXiv:1706.03762 §3.1, and with the norm first Xiong et al., arXiv:2002.04745
 * §3:
 *
 * <pre>
 * norm last   y ← norm(x + attend(x))        norm first   x ← x + attend(norm₁(x))
 *             x ← norm(y + feed(y))                       x ← x + feed(norm₂(x))
 *
 * attend(x) = attention(x·Wqᵀ + bq, x·Wkᵀ + bk, x·Wvᵀ + bv)·Woᵀ + bo
 * feed(x)   = act(x·W₁ᵀ + b₁)·W₂ᵀ + b₂
 * </pre>
 *
 * <p>With the norm first, a layer finds norm₁(x) in {@code work.normed} and leaves that of the next
 * one there, so a sum and the norm of it are one pass in both forms. Every step but the attention
 * treats each row alone, so sequences lie one after another without padding.
 */
final class EncoderLayer {
  private final LayerWeights weights;
  private final boolean normFirst;

  EncoderLayer(LayerWeights weights, boolean normFirst) {
    this.weights = weights;
    this.normFirst = normFirst;
  }

  /** Puts queries, keys and values in {@code work.projections}. */
  void project(Workspace work) {
    work.phases().startLayer();
    var x = normFirst ? work.normed() : work.tokens();
    weights.projections().apply(x, work.projections(), work.product());
  }

  /** Finishes the layer from {@code work.context}. */
  void finish(Workspace work) {
    var x = work.tokens();
    var y = work.normed();
    var wide = work.wide();
    var phases = work.phases();
    weights.output().apply(work.context(), y, work.product());
    phases.end(Phase.OUTPUT);
    join(y, x, weights.attentionNorm(), work.workers());
    phases.end(Phase.LAYER_NORM);
    weights.widen().apply(y, wide, work.product());
    RowBlocks.forEach(wide, work.workers(), weights.activation()::apply);
    var fed = normFirst ? y : x;
    weights.narrow().apply(wide, fed, work.product());
    phases.end(Phase.FEED_FORWARD);
    join(fed, normFirst ? x : y, weights.norm(), work.workers());
    phases.end(Phase.LAYER_NORM);
  }

  LayerWeights weights() {
    return weights;
  }

  /** Adds what a part of the layer gave to what it took, and normalises the sum in place. */
  private void join(Matrix given, Matrix taken, LayerNorm norm, Workers workers) {
    RowBlocks.forEach(
        given.rows(),
        workers,
        (from, count) -> {
          if (normFirst) {
            norm.accumulateAndNormalize(given.rows(from, count), taken.rows(from, count));
          } else {
            norm.addAndNormalize(given.rows(from, count), taken.rows(from, count));
          }
        });
  }
}
