package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
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
record TextInputs(Encoder encoder, List<TokenSequence> sequences) implements Inputs {
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
