package io.github.starling.speech;

import io.github.starling.kernel.QueryAttention;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What a decoder keeps of a clip: keys and values of its frames and of the tokens so far, channel
 * by channel as {@link QueryAttention} reads them.
 */
final class Utterance implements AutoCloseable {
  /** Tokens between two growths of the caches. */
  private static final int STEP = 64;

  private final Arena arena = Arena.ofShared();
  private final int frames;
  private final int limit;
  private final Matrix[] frameKeys;
  private final Matrix[] frameValues;
  private final Matrix[] tokenKeys;
  private final Matrix[] tokenValues;
  private int[] tokens = new int[STEP];
  private int count;
  private Ending ending;

  /**
   * Allocates.
   *
   * @param layers of the decoder
   * @param width d of a frame and of a token
   * @param frames n
   * @param limit the most tokens
   */
  Utterance(int layers, int width, int frames, int limit) {
    this.frames = frames;
    this.limit = limit;
    frameKeys = allocate(layers, width, frames);
    frameValues = allocate(layers, width, frames);
    tokenKeys = allocate(layers, width, limit);
    tokenValues = allocate(layers, width, limit);
  }

  private Matrix[] allocate(int layers, int width, int keys) {
    var all = new Matrix[layers];
    Arrays.setAll(all, _ -> Matrix.allocate(arena, width, QueryAttention.paddedKeys(keys)));
    return all;
  }

  /** Returns how many frames the clip has. */
  int frames() {
    return frames;
  }

  /** Views the keys of the frames in a layer, shape (d, n). */
  Matrix frameKeys(int layer) {
    return frameKeys[layer].columns(0, frames);
  }

  /** Views the values of the frames in a layer, shape (d, n). */
  Matrix frameValues(int layer) {
    return frameValues[layer].columns(0, frames);
  }

  /** Views the keys of tokens, shape (d, count). */
  Matrix tokenKeys(int layer, int count) {
    return tokenKeys[layer].columns(0, count);
  }

  /** Views the values of tokens, shape (d, count). */
  Matrix tokenValues(int layer, int count) {
    return tokenValues[layer].columns(0, count);
  }

  /**
   * Keeps the key and the value of a token.
   *
   * @param position of the token
   * @param key shape (1, d)
   * @param value shape (1, d)
   */
  void keep(int layer, int position, Matrix key, Matrix value) {
    scatter(key, tokenKeys[layer], position);
    scatter(value, tokenValues[layer], position);
  }

  private static void scatter(Matrix row, Matrix to, int column) {
    MemorySegment data = to.data();
    for (int c = 0; c < row.columns(); c++) {
      data.set(Matrix.FLOAT, to.byteOffset(c) + 4L * column, row.get(0, c));
    }
  }

  /**
   * Takes the next token.
   *
   * @return whether more are to come
   */
  boolean take(int token, int endToken) {
    if (token == endToken) {
      ending = Ending.COMPLETE;
      return false;
    }
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, count + STEP);
    }
    tokens[count++] = token;
    int before = Repetition.tokensBefore(tokens, count);
    if (before >= 0) {
      count = before;
      ending = Ending.LOOP;
    } else if (count == limit) {
      ending = Ending.LIMIT;
    }
    return ending == null;
  }

  /** Returns the last token, or the one given if there is none yet. */
  int lastToken(int otherwise) {
    return count == 0 ? otherwise : tokens[count - 1];
  }

  int[] tokens() {
    return Arrays.copyOf(tokens, count);
  }

  Ending ending() {
    return ending;
  }

  @Override
  public void close() {
    arena.close();
  }
}
