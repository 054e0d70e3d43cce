package io.github.starling.text;

import java.util.Arrays;

/** Text after normalisation, each character with the span of the original that it came from. */
final class NormalizedText {
  private char[] chars;
  private int[] starts;
  private int[] ends;
  private int length;

  NormalizedText(int capacity) {
    chars = new char[capacity];
    starts = new int[capacity];
    ends = new int[capacity];
  }

  /** Appends a code point that came from characters {@code start} to {@code end - 1}. */
  void append(int codePoint, int start, int end) {
    if (length + 2 > chars.length) {
      int capacity = Math.max(16, 2 * chars.length);
      chars = Arrays.copyOf(chars, capacity);
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
    int units = Character.toChars(codePoint, chars, length);
    for (int i = 0; i < units; i++) {
      starts[length] = start;
      ends[length++] = end;
    }
  }

  /** Returns the backing array, of which {@link #length} characters are text. */
  char[] chars() {
    return chars;
  }

  int length() {
    return length;
  }

  /** Returns where in the original the span of normalised characters from here begins. */
  int startOf(int from) {
    return starts[from];
  }

  /** Returns where in the original the span of normalised characters up to {@code to - 1} ends. */
  int endOf(int to) {
    return ends[to - 1];
  }
}
