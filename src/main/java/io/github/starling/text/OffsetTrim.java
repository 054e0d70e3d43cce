package io.github.starling.text;

/**
 * Takes spaces off the ends of what tokens cover: Hugging Face's {@code trim_offsets}.
 *
 * <p>As many characters go as the token has spaces, wherever it has them from.
 */
final class OffsetTrim {
  private OffsetTrim() {}

  /**
   * Trims a framed encoding, in place.
   *
   * @param text what was encoded
   * @param keepsFirst whether a single space at the very beginning was put there, and stays
   */
  static void trim(Encoding encoding, String text, Vocabulary vocabulary, boolean keepsFirst) {
    int[] starts = encoding.starts();
    int[] ends = encoding.ends();
    for (int i = 1; i + 1 < starts.length; i++) {
      int id = encoding.ids()[i];
      // an added token is here what was found, with the whitespace that it takes along
      String token =
          vocabulary.isAdded(id) ? text.substring(starts[i], ends[i]) : vocabulary.token(id);
      int before = 0;
      while (before < token.length() && isSpace(token.charAt(before))) {
        before++;
      }
      int after = 0;
      while (after < token.length() && isSpace(token.charAt(token.length() - 1 - after))) {
        after++;
      }
      if (before == 1 && keepsFirst && (i == 1 || starts[i] == 0)) {
        before = 0;
      }
      before = Math.min(before, text.codePointCount(starts[i], ends[i]));
      starts[i] = text.offsetByCodePoints(starts[i], before);
      after = Math.min(after, text.codePointCount(starts[i], ends[i]));
      ends[i] = text.offsetByCodePoints(ends[i], -after);
    }
  }

  private static boolean isSpace(char c) {
    return c == ByteAlphabet.SPACE || (CharacterClass.of(c) & CharacterClass.WHITESPACE) != 0;
  }
}
