package io.github.starling.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The printable character that stands for each byte in a byte-level vocabulary.
 *
 * <p>GPT-2's {@code bytes_to_unicode}: bytes that Latin-1 prints stand for themselves, the others
 * follow each other from U+0100, so that a space is Ġ.
 */
final class ByteAlphabet {
  /** The character of a space. */
  static final char SPACE = 'Ġ';

  private static final int FIRST_MOVED = 0x100;
  private static final char[] CHARS = new char[256];

  /** Byte of each character; -1 where it stands for none. */
  private static final short[] BYTES = new short[FIRST_MOVED + 68];

  static {
    Arrays.fill(BYTES, (short) -1);
    char moved = FIRST_MOVED;
    for (int b = 0; b < CHARS.length; b++) {
      boolean isPrinted = b > ' ' && b <= '~' || b > 0xA0 && b != 0xAD; // AD is the soft hyphen
      CHARS[b] = isPrinted ? (char) b : moved++;
      BYTES[CHARS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** Returns the character of a byte, 0 to 255. */
  static char charOf(int b) {
    return CHARS[b];
  }

  /**
   * Returns the text that a token's bytes are in UTF-8, with U+FFFD for those that are none alone;
   * the token itself if it is not written in this alphabet.
   */
  static String decode(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = token.charAt(i);
      if (c >= BYTES.length || BYTES[c] < 0) {
        return token;
      }
      bytes[i] = (byte) BYTES[c];
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
