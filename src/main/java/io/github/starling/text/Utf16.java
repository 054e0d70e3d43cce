package io.github.starling.text;

/** Text as Java holds it. */
final class Utf16 {
  private Utf16() {}

  /** Returns the characters of a text, those that are lone surrogates replaced by U+FFFD. */
  static char[] wellFormed(String text) {
    char[] chars = text.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (Character.isSurrogate(chars[i])) {
        if (i + 1 < chars.length && Character.isSurrogatePair(chars[i], chars[i + 1])) {
          i++;
        } else {
          chars[i] = '\uFFFD';
        }
      }
    }
    return chars;
  }
}
