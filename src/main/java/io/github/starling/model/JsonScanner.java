package io.github.starling.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The strings, numbers and words of one JSON text, read one after the other. */
final class JsonScanner {
  /** What {@link #peek} returns at the end of the text. */
  static final int END = -1;

  /** Characters of the longest long, sign included. */
  private static final int LONG_CHARACTERS = 20;

  private final Path source;
  private final byte[] text;
  private final long start;
  private int at;

  /**
   * Starts at the first byte of a text.
   *
   * @param source file that the text is in, for messages
   * @param text the text in UTF-8
   * @param start byte of the file at which the text starts
   */
  JsonScanner(Path source, byte[] text, long start) {
    this.source = source;
    this.text = text;
    this.start = start;
  }

  /** Reads a string; its opening quote is next. */
  String string() throws FormatException {
    at++;
    int from = at;
    while (at < text.length && text[at] >= ' ' && text[at] != '"' && text[at] != '\\') {
      at++;
    }
    if (peek() == '"') { // nearly every string is plain ASCII
      return new String(text, from, at++ - from, StandardCharsets.US_ASCII);
    }
    var characters = new StringBuilder();
    at = from;
    while (peek() != '"') {
      int c = peek();
      if (c == '\\') {
        characters.append(escape());
      } else if (c == END) {
        throw unexpected("the end of a string");
      } else if (c < ' ') {
        throw error("a control character in a string must be escaped");
      } else {
        characters.appendCodePoint(codePoint());
      }
    }
    at++;
    return characters.toString();
  }

  private char escape() throws FormatException {
    at++;
    int c = peek();
    char plain =
        switch (c) {
          case '"', '\\', '/' -> (char) c;
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'u' -> 0;
          default -> throw unexpected("one of \"\\/bfnrtu after a backslash");
        };
    at++;
    return c == 'u' ? hexadecimal() : plain;
  }

  private char hexadecimal() throws FormatException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int c = peek();
      int digit = c == END || c >= 0x80 ? -1 : Character.digit(c, 16);
      if (digit < 0) {
        throw unexpected("four hexadecimal digits after \\u");
      }
      value = value * 16 + digit;
      at++;
    }
    return (char) value;
  }

  /** Decodes one UTF-8 sequence, RFC 3629: no surrogates, nothing longer than needed. */
  private int codePoint() throws FormatException {
    int first = peek();
    int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || first > 0xF4 || at + length > text.length) {
      throw error("invalid UTF-8");
    }
    int value = length == 1 ? first : first & (0x7F >> length);
    for (int i = 1; i < length; i++) {
      int next = text[at + i] & 0xFF;
      if ((next & 0xC0) != 0x80) {
        throw error("invalid UTF-8");
      }
      value = value << 6 | next & 0x3F;
    }
    boolean overlong = length == 3 && value < 0x800 || length == 4 && value < 0x10000;
    boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
    if (overlong || surrogate || value > Character.MAX_CODE_POINT) {
      throw error("invalid UTF-8");
    }
    at += length;
    return value;
  }

  /** Reads a number: a {@code Long} if it is whole and fits, else a {@code Double}. */
  Object number() throws FormatException {
    int from = at;
    accept('-');
    if (!accept('0')) {
      digits("a value");
    }
    boolean isWhole = true;
    if (accept('.')) {
      isWhole = false;
      digits("a digit after the point");
    }
    if (accept('e') || accept('E')) {
      isWhole = false;
      if (!accept('+')) {
        accept('-');
      }
      digits("a digit in the exponent");
    }
    var literal = new String(text, from, at - from, StandardCharsets.US_ASCII);
    if (isWhole && literal.length() <= LONG_CHARACTERS && !literal.equals("-0")) {
      try {
        return Long.valueOf(literal);
      } catch (NumberFormatException e) {
        // 19 digits may still be beyond a long: it becomes a double like the longer ones
      }
    }
    double value = Double.parseDouble(literal);
    if (Double.isInfinite(value)) {
      at = from;
      throw error("a number beyond the range of a double");
    }
    return value;
  }

  private void digits(String wanted) throws FormatException {
    if (peek() < '0' || peek() > '9') {
      throw unexpected(wanted);
    }
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
  }

  /** Reads a word and returns what it stands for. */
  Object literal(String word, Object value) throws FormatException {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i), word);
    }
    return value;
  }

  /** Returns the byte of the file that is read next. */
  long offset() {
    return start + at;
  }

  /** Returns the next byte, or {@link #END}. */
  int peek() {
    return at < text.length ? text[at] & 0xFF : END;
  }

  /** Passes over a character if it is next. */
  boolean accept(char c) {
    boolean isNext = peek() == c;
    if (isNext) {
      at++;
    }
    return isNext;
  }

  /** Passes over a character that must be next. */
  void expect(char c, String wanted) throws FormatException {
    if (!accept(c)) {
      throw unexpected(wanted);
    }
  }

  /** Passes over white space. */
  void skipSpace() {
    while (at < text.length
        && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
      at++;
    }
  }

  /** Returns the fault that something else is next. */
  FormatException unexpected(String wanted) {
    int c = peek();
    String found =
        c == END
            ? "the text ends"
            : c > ' ' && c < 0x7F ? "found " + (char) c : "found byte 0x%02x".formatted(c);
    return error("invalid JSON: expected " + wanted + " but " + found);
  }

  /** Returns a fault of the next byte. */
  FormatException error(String problem) {
    return new FormatException(source, offset(), problem);
  }
}
