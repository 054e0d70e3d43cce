package io.github.starling.encoder;

import io.github.starling.model.ModelFolder;
import io.github.starling.text.Tokenizer;
import io.github.starling.transformer.Dense;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An encoder with the tokenizer of its folder, for the heads of tasks.
 *
 * @param encoder owned by this model
 * @param tokenizer of the encoder's vocabulary
 * @param arena owner of the head's weights
 */
record TextModel(Encoder encoder, Tokenizer tokenizer, Arena arena) implements AutoCloseable {
  /** A head that is loaded from the same folder. */
  @FunctionalInterface
  interface Head<T> {
    /** Loads it, and fails if the folder has none. */
    T load(TextModel model) throws IOException;
  }

  /**
   * Opens a model and its head; on failure neither stays open.
   *
   * @param threads number of threads, the caller's included, ≥ 1
   */
  static <T> T open(Path folder, int threads, Head<T> head) throws IOException {
    var encoder = Encoder.open(folder, threads);
    var arena = Arena.ofShared();
    try {
      var tokenizer = Tokenizers.of(encoder.folder().tokenizer());
      return head.load(new TextModel(encoder, tokenizer, arena));
    } catch (IOException | RuntimeException | Error e) {
      encoder.close();
      arena.close();
      throw e;
    }
  }

  ModelFolder folder() {
    return encoder.folder();
  }

  /** Returns what a missing head is reported with. */
  IOException lacks(String head, String tensor) {
    return new IOException(
        "%s: this model has no %s: there is no tensor %s in it"
            .formatted(folder().path(), head, folder().config().type().nameOf(tensor)));
  }

  /**
   * Loads a dense layer of a head.
   *
   * @param outputs how many it must have, 0 for any number
   * @throws IOException if it is not there, or does not fit the encoder
   */
  Dense dense(String name, int outputs) throws IOException {
    long rows = outputs > 0 ? outputs : folder().tensor(name + ".bias").elements();
    folder().check(name + ".weight", rows, folder().config().hiddenSize());
    folder().check(name + ".bias", rows);
    return Dense.load(folder(), arena, name);
  }

  /** Frames two texts' tokens, of the second only {@code count} from {@code from} on. */
  TokenSequence pair(int[] first, int[] second, int from, int count) {
    var frame = tokenizer.frame();
    int start = secondStart(first.length);
    var ids = new int[start + count + 1];
    Arrays.fill(ids, frame.close());
    ids[0] = frame.open();
    System.arraycopy(first, 0, ids, 1, first.length);
    System.arraycopy(second, from, ids, start, count);
    var types = new int[ids.length];
    Arrays.fill(types, start, ids.length, encoder.config().typeVocabularySize() > 1 ? 1 : 0);
    return new TokenSequence(ids, types);
  }

  /** Returns where the second text of a pair begins. */
  int secondStart(int firstLength) {
    return 1 + firstLength + tokenizer.frame().between();
  }

  @Override
  public void close() {
    encoder.close();
    arena.close();
  }
}
