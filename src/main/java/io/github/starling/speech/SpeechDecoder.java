package io.github.starling.speech;

import io.github.starling.attention.Attention;
import io.github.starling.kernel.DenseWeights;
import io.github.starling.kernel.GatedSilu;
import io.github.starling.kernel.LayerNorm;
import io.github.starling.kernel.QueryAttention;
import io.github.starling.kernel.RotaryPositions;
import io.github.starling.kernel.RowAttention;
import io.github.starling.model.FormatException;
import io.github.starling.model.MoonshineConfig;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.GrowingMatrix;
import io.github.starling.transformer.Workspace;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The decoder of Moonshine: frames to tokens, each the likeliest after those before.
 *
 * <p>Jeffries et al., arXiv:2410.15608 §3.1; a layer, with rotary positions in the first attention
 * only:
 *
 * <pre>
 * x ← x + attention(norm₁(x) → tokens so far)·Woᵀ
 * x ← x + attention(norm₂(x) → frames)·Woᵀ
 * x ← x + (u ⊙ silu(g))·W₂ᵀ + b₂,  (u, g) = norm₃(x)·W₁ᵀ + b₁
 * </pre>
 *
 * <p>Several clips are decoded side by side, since a step costs little more for four than for one:
 * the weights are read once. A clip's tokens do not depend on the company. Not safe for several
 * threads at once.
 */
final class SpeechDecoder implements AutoCloseable {
  private final MoonshineConfig config;
  private final DecoderWeights weights;
  private final Workspace work;
  private final RotaryPositions rotary;
  private final double factor;
  private final QueryAttention[] attention;
  private final GrowingMatrix tokenRows;
  private final GrowingMatrix normedRows;
  private final GrowingMatrix projectionRows;
  private final GrowingMatrix queryRows;
  private final GrowingMatrix contextRows;
  private final GrowingMatrix wideRows;
  private final GrowingMatrix gatedRows;
  private final GrowingMatrix logitRows;

  /**
   * Reads the weights.
   *
   * @param arena owner of what is converted; the folder's must live as long
   * @param work threads; its memory is not used
   */
  SpeechDecoder(MoonshineFolder folder, Arena arena, Workspace work) throws FormatException {
    config = folder.config();
    weights = DecoderWeights.load(folder, arena);
    this.work = work;
    rotary = new RotaryPositions(config.rotaryChannels(), config.ropeTheta());
    factor = RowAttention.scoreFactor(Attention.usualScale(config.headSize()));
    attention = new QueryAttention[work.workers().threads()];
    Arrays.setAll(attention, _ -> new QueryAttention());
    int d = config.hiddenSize();
    tokenRows = new GrowingMatrix(d);
    normedRows = new GrowingMatrix(d);
    projectionRows = new GrowingMatrix(3 * d);
    queryRows = new GrowingMatrix(d);
    contextRows = new GrowingMatrix(d);
    wideRows = new GrowingMatrix(2 * config.intermediateSize());
    gatedRows = new GrowingMatrix(config.intermediateSize());
    logitRows = new GrowingMatrix(config.vocabularySize());
  }

  /**
   * Prepares to decode a clip: the keys and values of its frames in every layer.
   *
   * @param frames shape (n, d), not kept
   * @param limit the most tokens, ≥ 1
   */
  Utterance begin(Matrix frames, int limit) {
    var utterance = new Utterance(config.decoderLayers(), frames.columns(), frames.rows(), limit);
    try (var scratch = Arena.ofConfined()) {
      // as the weights of a product with Wk and Wv, the frames come out channel by channel
      var columns = new DenseWeights(frames, Matrix.allocate(scratch, 1, frames.rows()));
      for (int l = 0; l < config.decoderLayers(); l++) {
        var layer = weights.layers().get(l);
        work.product().multiply(layer.crossKey(), columns, utterance.frameKeys(l));
        work.product().multiply(layer.crossValue(), columns, utterance.frameValues(l));
      }
    }
    return utterance;
  }

  /** Decodes clips to their ends. */
  void run(List<Utterance> utterances) {
    var alive = new ArrayList<>(utterances);
    for (int position = 0; !alive.isEmpty(); position++) {
      rotary.reserve(position + 1);
      var logits = step(alive, position);
      var next = new ArrayList<Utterance>(alive.size());
      for (int i = 0; i < alive.size(); i++) {
        if (alive.get(i).take(likeliest(logits.rows(i, 1)), config.endToken())) {
          next.add(alive.get(i));
        }
      }
      alive = next;
    }
  }

  /** Returns the logits after the last token of each clip, shape (clips, vocabulary). */
  Matrix step(List<Utterance> alive, int position) {
    int rows = alive.size();
    var x = tokenRows.rows(rows);
    var h = normedRows.rows(rows);
    for (int i = 0; i < rows; i++) {
      weights.tokens().copyRow(alive.get(i).lastToken(config.startToken()), x, i);
    }
    h.clear();
    weights.layers().getFirst().norm().accumulateAndNormalize(h, x);
    for (int l = 0; l < config.decoderLayers(); l++) {
      var layer = weights.layers().get(l);
      attendToTokens(layer, l, alive, position);
      layer.crossNorm().accumulateAndNormalize(h, x);
      attendToFrames(layer, l, alive);
      layer.feedNorm().accumulateAndNormalize(h, x);
      feedForward(layer, rows);
      normAfter(l).accumulateAndNormalize(h, x);
    }
    var logits = logitRows.rows(rows);
    weights.logits().apply(h, logits, work.product());
    return logits;
  }

  private LayerNorm normAfter(int layer) {
    return layer + 1 < config.decoderLayers()
        ? weights.layers().get(layer + 1).norm()
        : weights.norm();
  }

  private void attendToTokens(
      DecoderWeights.Layer layer, int index, List<Utterance> alive, int position) {
    int rows = alive.size();
    int d = config.hiddenSize();
    var projections = projectionRows.rows(rows);
    layer.projections().apply(normedRows.rows(rows), projections, work.product());
    for (int i = 0; i < rows; i++) {
      var row = projections.rows(i, 1);
      for (int from = 0; from < 2 * d; from += config.headSize()) { // queries and keys
        rotary.rotate(row.columns(from, config.headSize()), position);
      }
      alive.get(i).keep(index, position, row.columns(d, d), row.columns(2 * d, d));
    }
    attend(
        projections.columns(0, d),
        i -> alive.get(i).tokenKeys(index, position + 1),
        i -> alive.get(i).tokenValues(index, position + 1));
    layer.output().apply(contextRows.rows(rows), normedRows.rows(rows), work.product());
  }

  private void attendToFrames(DecoderWeights.Layer layer, int index, List<Utterance> alive) {
    int rows = alive.size();
    var queries = queryRows.rows(rows);
    layer.crossQuery().apply(normedRows.rows(rows), queries, work.product());
    attend(queries, i -> alive.get(i).frameKeys(index), i -> alive.get(i).frameValues(index));
    layer.crossOutput().apply(contextRows.rows(rows), normedRows.rows(rows), work.product());
  }

  /** What a clip's queries attend to, shape (d, m). */
  @FunctionalInterface
  private interface Cache {
    Matrix of(int clip);
  }

  private void attend(Matrix queries, Cache keys, Cache values) {
    int heads = config.heads();
    int dk = config.headSize();
    var context = contextRows.rows(queries.rows());
    work.workers()
        .forEach(
            queries.rows() * heads,
            (item, worker) -> {
              int clip = item / heads;
              int from = item % heads * dk;
              attention[worker].attend(
                  queries.rows(clip, 1).columns(from, dk),
                  keys.of(clip).rows(from, dk),
                  values.of(clip).rows(from, dk),
                  factor,
                  context.rows(clip, 1).columns(from, dk));
            });
  }

  private void feedForward(DecoderWeights.Layer layer, int rows) {
    var wide = wideRows.rows(rows);
    var gated = gatedRows.rows(rows);
    layer.widen().apply(normedRows.rows(rows), wide, work.product());
    GatedSilu.apply(wide, gated);
    layer.narrow().apply(gated, normedRows.rows(rows), work.product());
  }

  /** Returns the highest logit's token, the first of equal ones. */
  private static int likeliest(Matrix logits) {
    int best = 0;
    for (int token = 1; token < logits.columns(); token++) {
      if (logits.get(0, token) > logits.get(0, best)) {
        best = token;
      }
    }
    return best;
  }

  @Override
  public void close() {
    for (var rows :
        List.of(
            tokenRows,
            normedRows,
            projectionRows,
            queryRows,
            contextRows,
            wideRows,
            gatedRows,
            logitRows)) {
      rows.close();
    }
  }
}
