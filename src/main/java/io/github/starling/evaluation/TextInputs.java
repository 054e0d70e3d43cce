package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.Encoder;
import io.github.starling.encoder.TokenSequence;
import io.github.starling.transformer.AttentionObserver;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Texts, as tokens.
 *
 * @param encoder reads them
 * @param sequences each with a separator at its end
 */
public record TextInputs(Encoder encoder, List<TokenSequence> sequences) implements Inputs {
  /**
   * Returns the windows of texts that are as long as a model reads, whatever the model is for.
   *
   * @param embedder that cuts long texts into windows
   * @throws IllegalArgumentException if no text fills one
   */
  public static TextInputs windows(Embedder embedder, List<String> texts) {
    int length = embedder.encoder().folder().maxSequenceLength();
    var windows =
        texts.stream()
            .flatMap(text -> embedder.sequences(text).stream())
            .filter(window -> window.length() == length)
            .toList();
    if (windows.isEmpty()) {
      throw new IllegalArgumentException(
          "the texts are too short: none fills the %d tokens that the model reads"
              .formatted(length));
    }
    return new TextInputs(embedder.encoder(), windows);
  }

  @Override
  public int[] lengths() {
    return sequences.stream().mapToInt(TokenSequence::length).toArray();
  }

  @Override
  public Path model() {
    return encoder.folder().path();
  }

  @Override
  public int layers() {
    return encoder.config().layers();
  }

  @Override
  public int heads() {
    return encoder.config().heads();
  }

  /** A sequence ends in a separator, and all others have its id. */
  @Override
  public int[] separators(int sequence) {
    int[] ids = sequences.get(sequence).ids();
    int separator = ids[ids.length - 1];
    return IntStream.range(1, ids.length).filter(i -> ids[i] == separator).toArray();
  }

  @Override
  public void encode(int[] which, Attention attention, AttentionObserver observer) {
    var chosen = Arrays.stream(which).mapToObj(sequences::get).toList();
    encoder.encodeEach(chosen, attention, observer, (_, _) -> {});
  }
}
