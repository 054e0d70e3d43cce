package io.github.starling.encoder;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text's tokens into what a model can read at once.
 *
 * <pre>
 * text       [CLS] t0 t1 t2 t3 t4 t5 t6 t7 t8 [SEP]
 * window 0   [CLS] t0 t1 t2 t3 t4 [SEP]
 * window 1               [CLS] t4 t5 t6 t7 t8 [SEP]
 * owner        0    0  0  0  0  1  1  1  1  1   1
 * </pre>
 *
 * <p>All windows are full, and evenly spaced; neighbours share at least an eighth of what a window
 * holds besides its frame. A token is owned by one window: the border between two neighbours is the
 * middle of what they share, {@code [CLS]} is the first window's and {@code [SEP]} the last one's.
 * So the owned tokens are those of the text, once each, and a text that fits is one window that
 * owns all.
 */
final class Windows {
  /** A window's tokens besides {@code [CLS]} and {@code [SEP]}. */
  private static final int FRAME = 2;

  private Windows() {}

  /**
   * Cuts a text.
   *
   * @param ids {@code [CLS]}, the text, {@code [SEP]}
   * @param positions the most tokens that the model reads at once, ≥ 3
   * @param longText what to do with a longer text
   * @throws IllegalArgumentException if the text is longer and {@code longText} is {@link
   *     LongText#ERROR}
   */
  static List<Window> of(int[] ids, int positions, LongText longText) {
    if (ids.length <= positions) {
      return List.of(new Window(TokenSequence.of(ids), 0, ids.length));
    }
    return switch (longText) {
      case ERROR ->
          throw new IllegalArgumentException(
              "the text has %d tokens but the model reads at most %d; truncate it or read it in windows"
                  .formatted(ids.length, positions));
      case TRUNCATE -> List.of(new Window(framed(ids, 0, positions - FRAME), 0, positions));
      case WINDOW -> overlapping(ids, positions - FRAME);
    };
  }

  private static List<Window> overlapping(int[] ids, int content) {
    var windows = new ArrayList<Window>();
    int n = ids.length - FRAME;
    for (var slice : slices(n, content, content / 8)) {
      int owned = slice.from() == 0 ? 0 : 1 + slice.ownedFrom() - slice.from(); // with [CLS]
      int end = 1 + slice.ownedTo() - slice.from() + (slice.ownedTo() == n ? 1 : 0); // with [SEP]
      windows.add(new Window(framed(ids, slice.from(), content), owned, end - owned));
    }
    return windows;
  }

  /**
   * A part of a text's tokens, without a frame.
   *
   * @param from its first token
   * @param ownedFrom the first token that counts for it
   * @param ownedTo the token after the last that counts for it
   */
  record Slice(int from, int ownedFrom, int ownedTo) {}

  /**
   * Covers a text by evenly spaced slices.
   *
   * @param n tokens of the text, more than {@code content}
   * @param content tokens of a slice
   * @param overlap the fewest tokens that neighbours share, less than {@code content}
   */
  static List<Slice> slices(int n, int content, int overlap) {
    int count = Math.ceilDiv(n - overlap, content - overlap);
    var slices = new ArrayList<Slice>(count);
    int owned = 0;
    for (int i = 0; i < count; i++) {
      int start = start(i, count, n - content);
      int border = i == count - 1 ? n : (start + content + start(i + 1, count, n - content)) / 2;
      slices.add(new Slice(start, owned, border));
      owned = border;
    }
    return slices;
  }

  private static int start(int slice, int count, int last) {
    return (int) ((long) slice * last / (count - 1));
  }

  /** Frames tokens {@code from} to {@code from + content - 1} of the text. */
  private static TokenSequence framed(int[] ids, int from, int content) {
    var window = new int[content + FRAME];
    window[0] = ids[0];
    System.arraycopy(ids, 1 + from, window, 1, content);
    window[content + 1] = ids[ids.length - 1];
    return TokenSequence.of(window);
  }
}
