package io.github.starling.text;

import java.util.Arrays;

/**
 * Spells words with merges of byte pairs.
 *
 * <p>Sennrich et al. 2016, arXiv:1508.07909 §3.2, on bytes: a word starts as one token per byte,
 * and of all neighbours that merge, those of the lowest rank do, leftmost first, until none are
 * left. Cost O(n·log n) for n bytes. Holds the scratch of one word: not for two threads.
 */
final class BytePairs {
  /** In the place of a token that was merged into the one before it. */
  private static final int GONE = -1;

  private final MergeTable merges;

  /** Id of the token of each byte; {@link Trie#NONE} to leave the byte out, shape (256). */
  private final int[] bytes;

  private final MergeQueue queue = new MergeQueue();

  private int[] ids = new int[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int[] previous = new int[64];
  private int[] next = new int[64];
  private int size;

  BytePairs(MergeTable merges, int[] bytes) {
    this.merges = merges;
    this.bytes = bytes;
  }

  /** Appends the tokens of the word that is characters {@code from} to {@code to - 1}. */
  void spell(NormalizedText text, int from, int to, TokenBuffer tokens) {
    size = 0;
    for (int i = from; i < to; ) {
      int c = Character.codePointAt(text.chars(), i, to);
      int end = i + Character.charCount(c);
      // in UTF-8; each byte covers the whole character
      int length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      add(length == 1 ? c : 0xF00 >> length & 0xFF | c >> 6 * (length - 1), text, i, end);
      for (int shift = 6 * (length - 2); shift >= 0; shift -= 6) {
        add(0x80 | c >> shift & 0x3F, text, i, end);
      }
      i = end;
    }
    merge();
    for (int i = 0; i < size; i = next[i]) {
      tokens.add(ids[i], starts[i], ends[i]);
    }
  }

  private void add(int b, NormalizedText text, int start, int end) {
    if (bytes[b] == Trie.NONE) {
      return;
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
      previous = Arrays.copyOf(previous, 2 * size);
      next = Arrays.copyOf(next, 2 * size);
    }
    ids[size] = bytes[b];
    starts[size] = text.startOf(start);
    ends[size] = text.endOf(end);
    previous[size] = size - 1;
    next[size] = ++size;
  }

  private void merge() {
    for (int i = 0; i + 1 < size; i++) {
      enqueue(i);
    }
    while (!queue.isEmpty()) {
      long merge = queue.remove();
      int rank = (int) (merge >>> Integer.SIZE);
      int left = (int) merge;
      int right = next[left];
      // one of the two may have merged with another since
      if (ids[left] == GONE || right == size || merges.rank(ids[left], ids[right]) != rank) {
        continue;
      }
      ids[left] = merges.id(rank);
      ends[left] = ends[right];
      ids[right] = GONE;
      next[left] = next[right];
      if (next[left] < size) {
        previous[next[left]] = left;
        enqueue(left);
      }
      if (previous[left] >= 0) {
        enqueue(previous[left]);
      }
    }
  }

  private void enqueue(int left) {
    int rank = merges.rank(ids[left], ids[next[left]]);
    if (rank != MergeTable.NONE) {
      queue.add(rank, left);
    }
  }
}
