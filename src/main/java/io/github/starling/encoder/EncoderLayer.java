package io.github.starling.encoder;

import io.github.starling.encoder.EncoderPhases.Phase;
import io.github.starling.encoder.EncoderWeights.LayerWeights;
import io.github.starling.kernel.Gelu;
import io.github.starling.kernel.LayerNorm;
import io.github.starling.kernel.Workers;
import io.github.starling.model.Activation;
import io.github.starling.tensor.Matrix;

/**
 * One layer of a post-layer-norm Transformer encoder on packed sequences.
 *
 * <p>Vaswani et al., arXiv:1706.03762 §3.1, with the GELU of Devlin et al., arXiv:1810.04805 §3:
 *
 * <pre>
 * y ← LayerNorm(x + attention(x·Wqᵀ + bq, x·Wkᵀ + bk, x·Wvᵀ + bv)·Woᵀ + bo)
 * x ← LayerNorm(y + gelu(y·W₁ᵀ + b₁)·W₂ᵀ + b₂)
 * </pre>
 *
 * Every step but the attention treats each row alone, so sequences lie one after another without
 * padding.
 */
final class EncoderLayer {
  /** Rows that a thread takes at once between two products. */
  private static final int BLOCK = 16;

  private final LayerWeights weights;
  private final Activation activation;

  EncoderLayer(LayerWeights weights, Activation activation) {
    this.weights = weights;
    this.activation = activation;
  }

  /** Puts queries, keys and values of {@code work.tokens} in {@code work.projections}. */
  void project(Workspace work) {
    work.phases().startLayer();
    weights.projections().apply(work.tokens(), work.projections(), work.product());
    work.phases().end(Phase.PROJECTION);
  }

  /** Finishes the layer from {@code work.context}, and puts its output in {@code work.tokens}. */
  void finish(Workspace work) {
    var x = work.tokens();
    var y = work.attended();
    var wide = work.wide();
    var phases = work.phases();
    weights.output().apply(work.context(), y, work.product());
    phases.end(Phase.OUTPUT);
    addAndNormalize(y, x, weights.attentionNorm(), work.workers());
    phases.end(Phase.LAYER_NORM);
    weights.widen().apply(y, wide, work.product());
    activate(wide, work.workers());
    weights.narrow().apply(wide, x, work.product());
    phases.end(Phase.FEED_FORWARD);
    addAndNormalize(x, y, weights.norm(), work.workers());
    phases.end(Phase.LAYER_NORM);
  }

  LayerWeights weights() {
    return weights;
  }

  private void activate(Matrix wide, Workers workers) {
    forEachBlock(
        wide.rows(), workers, (from, count) -> activate(wide.rows(from, count), activation));
  }

  /** Applies a non-linearity in place. */
  static void activate(Matrix values, Activation activation) {
    switch (activation) {
      case GELU_ERF -> Gelu.erf(values);
      case GELU_TANH -> Gelu.tanh(values);
    }
  }

  private static void addAndNormalize(Matrix x, Matrix residual, LayerNorm norm, Workers workers) {
    forEachBlock(
        x.rows(),
        workers,
        (from, count) -> norm.addAndNormalize(x.rows(from, count), residual.rows(from, count)));
  }

  @FunctionalInterface
  private interface Block {
    void run(int from, int count);
  }

  private static void forEachBlock(int rows, Workers workers, Block block) {
    workers.forEach(
        Math.ceilDiv(rows, BLOCK),
        (item, worker) -> block.run(item * BLOCK, Math.min(BLOCK, rows - item * BLOCK)));
  }
}
