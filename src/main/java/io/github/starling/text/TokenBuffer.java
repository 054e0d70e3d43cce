package io.github.starling.text;

import java.util.Arrays;

/** The tokens found so far. */
final class TokenBuffer {
  private int[] ids = new int[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int size;

  void add(int id, int start, int end) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    ids[size] = id;
    starts[size] = start;
    ends[size++] = end;
  }

  int size() {
    return size;
  }

  /** Forgets the tokens from a former size on. */
  void cutTo(int formerSize) {
    size = formerSize;
  }

  int[] ids() {
    return Arrays.copyOf(ids, size);
  }

  Encoding toEncoding() {
    return new Encoding(ids(), Arrays.copyOf(starts, size), Arrays.copyOf(ends, size));
  }
}
