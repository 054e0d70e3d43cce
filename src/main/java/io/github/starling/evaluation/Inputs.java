package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.transformer.AttentionObserver;
import java.nio.file.Path;

/** The sequences that a model reads to do a task once, which its encoder can read again. */
public interface Inputs {
  /** Returns the length n of each sequence: of a text in tokens, of a clip in frames. */
  int[] lengths();

  /** Returns the folder of the model. */
  Path model();

  /** Returns the number of layers of the encoder. */
  int layers();

  /** Returns the number of heads of each layer. */
  int heads();

  /** Returns how many of the first channels of each head turn with the position; 0 if none does. */
  default int rotaryChannels() {
    return 0;
  }

  /**
   * Returns the positions of what separates parts of a sequence, each once, in rising order.
   *
   * @param sequence which one, from 0
   */
  int[] separators(int sequence);

  /**
   * Encodes some of the sequences and drops the outputs.
   *
   * @param which they are, in the order in which they are encoded
   * @param attention how positions attend to each other
   * @param observer sees the heads of every layer, some sequences at a time
   */
  void encode(int[] which, Attention attention, AttentionObserver observer);
}
