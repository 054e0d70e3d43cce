package io.github.starling.encoder;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;
import io.github.starling.model.Pooling;
import java.util.Optional;

/**
 * How an {@link Embedder} reads texts.
 *
 * @param attention how tokens attend to each other; it serves one call at a time, so embedders that
 *     work at once need one each
 * @param threads number of threads, the caller's included, ≥ 1
 * @param longText what to do with a text longer than the model's positions
 * @param pooling how tokens become one vector; empty: as the model folder says
 * @param normalize whether vectors are scaled to length 1; empty: as the model folder says
 */
public record EmbedderOptions(
    Attention attention,
    int threads,
    LongText longText,
    Optional<Pooling> pooling,
    Optional<Boolean> normalize) {

  /**
   * Returns automatic attention with its usual accepted error on all processors; a long text is an
   * error; the rest as the folder says. The attention is a new one each time, since it serves one
   * call at a time.
   */
  public static EmbedderOptions defaults() {
    return new EmbedderOptions(
        new AutomaticAttention(),
        Runtime.getRuntime().availableProcessors(),
        LongText.ERROR,
        Optional.empty(),
        Optional.empty());
  }

  /** Returns these options with another attention. */
  public EmbedderOptions withAttention(Attention other) {
    return new EmbedderOptions(other, threads, longText, pooling, normalize);
  }

  /** Returns these options with another number of threads. */
  public EmbedderOptions withThreads(int other) {
    return new EmbedderOptions(attention, other, longText, pooling, normalize);
  }

  /** Returns these options with another way to read long texts. */
  public EmbedderOptions withLongText(LongText other) {
    return new EmbedderOptions(attention, threads, other, pooling, normalize);
  }

  /** Returns these options with a pooling instead of the folder's. */
  public EmbedderOptions withPooling(Pooling other) {
    return new EmbedderOptions(attention, threads, longText, Optional.of(other), normalize);
  }

  /** Returns these options with vectors scaled to length 1 or not, whatever the folder says. */
  public EmbedderOptions withNormalize(boolean other) {
    return new EmbedderOptions(attention, threads, longText, pooling, Optional.of(other));
  }
}
