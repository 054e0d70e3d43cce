package io.github.starling.text;

import java.text.Normalizer;

/**
 * The kinds of characters that BERT's tokenizer tells apart.
 *
 * <p>The rules are those of Hugging Face's {@code BertNormalizer} and {@code BertPreTokenizer}, on
 * the Unicode versions that they know ({@link LaterUnicode}). A code point has a set of kinds, one
 * bit each.
 */
final class CharacterClass {
  /** Unicode's White_Space: separates words. */
  static final int WHITESPACE = 1;

  /** Control, format and private-use characters and U+FFFD, but not tab and line ends: dropped. */
  static final int CONTROL = 1 << 1;

  /** General category P, or an ASCII symbol: a word of its own. */
  static final int PUNCTUATION = 1 << 2;

  /** A CJK ideograph: a word of its own. */
  static final int IDEOGRAPH = 1 << 3;

  /** General category Mn: an accent. */
  static final int ACCENT = 1 << 4;

  /** Has a canonical decomposition. */
  static final int COMPOSED = 1 << 5;

  /** Has a canonical combining class other than 0: canonical ordering may move it. */
  static final int MOVABLE = 1 << 6;

  /** Marks a code point of the table as worked out. */
  private static final int KNOWN = 1 << 7;

  /** Planes 0 and 1 have nearly all text: each code point of theirs is worked out once, if met. */
  private static final byte[] TABLE = new byte[0x20000];

  private CharacterClass() {}

  /** Returns the kinds of a code point; 0 for an ordinary one. */
  static int of(int codePoint) {
    if (codePoint >= TABLE.length) {
      return classify(codePoint);
    }
    int kinds = TABLE[codePoint];
    if (kinds == 0) { // two threads may both work it out, and find the same
      kinds = classify(codePoint) | KNOWN;
      TABLE[codePoint] = (byte) kinds;
    }
    return kinds & ~KNOWN & 0xFF;
  }

  private static int classify(int c) {
    int category = LaterUnicode.category(c);
    int kinds = 0;
    if (isWhitespace(c)) {
      kinds |= WHITESPACE;
    }
    if (isControl(c, category)) {
      kinds |= CONTROL;
    }
    if (isPunctuation(c, category)) {
      kinds |= PUNCTUATION;
    }
    if (isIdeograph(c)) {
      kinds |= IDEOGRAPH;
    }
    if (category == Character.NON_SPACING_MARK) {
      kinds |= ACCENT;
    }
    if (!LaterUnicode.isUnknownToNormalization(c)) {
      if (isAssignedCharacter(c)
          && !Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFD)) {
        kinds |= COMPOSED;
      }
      if (CanonicalOrder.isMovable(c)) {
        kinds |= MOVABLE;
      }
    }
    return kinds;
  }

  private static boolean isAssignedCharacter(int c) {
    int type = Character.getType(c);
    return c >= 0x80
        && type != Character.UNASSIGNED
        && type != Character.SURROGATE
        && type != Character.PRIVATE_USE;
  }

  private static boolean isWhitespace(int c) {
    return Character.isSpaceChar(c) || c >= '\t' && c <= '\r' || c == 0x85;
  }

  private static boolean isControl(int c, int category) {
    return switch (category) {
      case Character.CONTROL -> c != '\t' && c != '\n' && c != '\r';
      case Character.FORMAT, Character.PRIVATE_USE -> true;
      default -> c == 0xFFFD;
    };
  }

  private static boolean isPunctuation(int c, int category) {
    return switch (category) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
    };
  }

  private static boolean isIdeograph(int c) {
    return c >= 0x4E00 && c <= 0x9FFF
        || c >= 0x3400 && c <= 0x4DBF
        || c >= 0x20000 && c <= 0x2A6DF
        || c >= 0x2A700 && c <= 0x2B81F
        // Extension E begins at 2B820, but Hugging Face's tokenizers begin it here.
        || c >= 0x2B920 && c <= 0x2CEAF
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0x2F800 && c <= 0x2FA1F;
  }
}
