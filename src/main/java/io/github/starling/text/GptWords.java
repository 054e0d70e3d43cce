package io.github.starling.text;

/**
 * Cuts text into words as GPT-2 does.
 *
 * <p>Hugging Face's {@code ByteLevel} has a regular expression for it, {@code 's|'t|'re|'ve|'m|'ll|
 * 'd| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}: an English ending; letters, numbers or
 * other characters with the space before them; whitespace, but not the last of it before a word.
 * This scanner finds the same words in one pass.
 */
final class GptWords {
  private enum Kind {
    SPACE,
    LETTER,
    NUMBER,
    OTHER
  }

  private GptWords() {}

  /** Returns where the word ends that begins at {@code from}; {@code from < to}. */
  static int end(char[] text, int from, int to) {
    int ending = endOfEnding(text, from, to);
    if (ending > from) {
      return ending;
    }
    int start = text[from] == ' ' && from + 1 < to ? from + 1 : from;
    var kind = kind(Character.codePointAt(text, start, to));
    if (kind != Kind.SPACE) {
      return endOfRun(text, start, to, kind);
    }
    int end = endOfRun(text, from, to, kind);
    // the last one stays for the word that follows; all whitespace is in the basic plane
    return end == to ? end : Math.max(end - 1, from + 1);
  }

  private static int endOfEnding(char[] text, int from, int to) {
    if (text[from] != '\'' || from + 1 == to) {
      return from;
    }
    char second = from + 2 < to ? text[from + 2] : 0;
    return switch (text[from + 1]) {
      case 's', 't', 'm', 'd' -> from + 2;
      case 'r', 'v' -> second == 'e' ? from + 3 : from;
      case 'l' -> second == 'l' ? from + 3 : from;
      default -> from;
    };
  }

  private static int endOfRun(char[] text, int from, int to, Kind kind) {
    int end = from;
    while (end < to) {
      int c = Character.codePointAt(text, end, to);
      if (kind(c) != kind) {
        break;
      }
      end += Character.charCount(c);
    }
    return end;
  }

  private static Kind kind(int c) {
    return switch (Character.getType(c)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          Kind.LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          Kind.NUMBER;
      default -> (CharacterClass.of(c) & CharacterClass.WHITESPACE) != 0 ? Kind.SPACE : Kind.OTHER;
    };
  }
}
