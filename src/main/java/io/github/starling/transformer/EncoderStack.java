package io.github.starling.transformer;

import io.github.starling.attention.Attention;
import io.github.starling.attention.Head;
import io.github.starling.kernel.LayerNorm;
import io.github.starling.kernel.RotaryPositions;
import io.github.starling.kernel.RowBlocks;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.LayerPhases.Phase;
import java.util.ArrayList;
import java.util.List;

/** The layers of a Transformer encoder, with any kind of attention. */
public final class EncoderStack {
  private final Workspace work;
  private final int heads;
  private final LayerNorm firstNorm;
  private final RotaryPositions rotary;
  private final List<EncoderLayer> layers;

  private EncoderStack(
      Workspace work,
      int heads,
      LayerNorm firstNorm,
      RotaryPositions rotary,
      List<LayerWeights> layers) {
    this.work = work;
    this.heads = heads;
    this.firstNorm = firstNorm;
    this.rotary = rotary;
    this.layers =
        layers.stream().map(weights -> new EncoderLayer(weights, firstNorm != null)).toList();
  }

  /**
   * Stacks layers that normalise what they give.
   *
   * @param work threads, and memory of the width of the layers
   * @param heads attention heads of each layer
   */
  public static EncoderStack normLast(Workspace work, int heads, List<LayerWeights> layers) {
    return new EncoderStack(work, heads, null, null, layers);
  }

  /**
   * Stacks layers that normalise what they take.
   *
   * @param work threads, and memory of the width of the layers
   * @param heads attention heads of each layer
   * @param firstNorm that of the first layer; each layer's weights have that of the next
   * @param rotary turns queries and keys by their positions
   */
  public static EncoderStack normFirst(
      Workspace work,
      int heads,
      LayerNorm firstNorm,
      RotaryPositions rotary,
      List<LayerWeights> layers) {
    return new EncoderStack(work, heads, firstNorm, rotary, layers);
  }

  /**
   * Makes room for the tokens of a call, and begins to time it.
   *
   * @return what takes the tokens, shape (tokens, d), of any content
   */
  public Matrix begin(int tokens) {
    work.resize(tokens);
    var x = work.tokens();
    work.phases().startCall(tokens, x.columns());
    return x;
  }

  /**
   * Runs the layers over what {@link #begin} returned.
   *
   * @param lengths tokens of each sequence, ≥ 1 of them in all
   * @param attention how tokens attend to those of their sequence
   * @param observer sees the heads of every layer
   * @return shape (tokens, d), memory that the next call uses again
   */
  public Matrix run(List<Integer> lengths, Attention attention, AttentionObserver observer) {
    var phases = work.phases();
    phases.end(Phase.EMBEDDING);
    phases.reportEmbeddings();
    if (firstNorm != null) {
      work.normed().clear();
      RowBlocks.forEach(work.tokens().rows(), work.workers(), this::normalizeFirst);
    }
    if (rotary != null) {
      rotary.reserve(work.tokens().rows());
    }
    var views = heads(lengths);
    double scale = Attention.usualScale(views.getFirst().query().columns());
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).project(work);
      if (rotary != null) {
        rotate(views);
      }
      phases.end(Phase.PROJECTION);
      attention.attendEach(views, heads, scale, work.workers());
      phases.end(Phase.ATTENTION);
      observer.attended(i, views, scale);
      phases.end(Phase.OBSERVER);
      layers.get(i).finish(work);
      phases.reportLayer(i, lengths.size(), layers.get(i).weights());
    }
    return firstNorm == null ? work.tokens() : work.normed();
  }

  private void normalizeFirst(int from, int count) {
    firstNorm.accumulateAndNormalize(
        work.normed().rows(from, count), work.tokens().rows(from, count));
  }

  private void rotate(List<Head> views) {
    work.workers()
        .forEach(
            views.size(),
            (item, worker) -> {
              rotary.rotate(views.get(item).query());
              rotary.rotate(views.get(item).key());
            });
  }

  /** Views the heads of each sequence: column slices of its rows. */
  private List<Head> heads(List<Integer> lengths) {
    int d = work.tokens().columns();
    int dk = d / heads;
    var views = new ArrayList<Head>(lengths.size() * heads);
    int row = 0;
    for (int n : lengths) {
      var projections = work.projections().rows(row, n);
      var context = work.context().rows(row, n);
      for (int from = 0; from < d; from += dk) {
        views.add(
            new Head(
                projections.columns(from, dk),
                projections.columns(d + from, dk),
                projections.columns(2 * d + from, dk),
                context.columns(from, dk)));
      }
      row += n;
    }
    return views;
  }
}
