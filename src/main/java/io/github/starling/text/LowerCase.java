package io.github.starling.text;

/**
 * Lower-casing of one character at a time, as Rust's {@code char::to_lowercase} does it.
 *
 * <p>No final sigma, no language. One character becomes two: İ is i with a dot above, which {@link
 * Character#toLowerCase(int)} leaves out. Letters that Unicode 17 added are lowered on JDKs that do
 * not know them.
 */
final class LowerCase {
  /** LATIN CAPITAL LETTER I WITH DOT ABOVE. */
  static final int DOTTED_I = 0x0130;

  /** COMBINING DOT ABOVE, which follows the i that {@link #DOTTED_I} becomes. */
  static final int DOT_ABOVE = 0x0307;

  private LowerCase() {}

  /** Returns the lower case of a code point; of {@link #DOTTED_I} the first of two. */
  static int of(int codePoint) {
    return switch (codePoint) {
      case 0xA7CE, 0xA7D2, 0xA7D4 -> codePoint + 1;
      default ->
          codePoint >= 0x16EA0 && codePoint <= 0x16EB8 // Beria Erfe
              ? codePoint + 0x1B
              : Character.toLowerCase(codePoint);
    };
  }
}
