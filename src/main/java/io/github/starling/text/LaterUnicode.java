package io.github.starling.text;

/**
 * What Unicode added after the versions that Hugging Face's tokenizers are built on.
 *
 * <p>Their Rust crates have frozen tables: {@code unicode_categories} those of Unicode 8, {@code
 * unicode-normalization-alignments} those of Unicode 9. The JDK's are newer, so a character that
 * came later must be told to be unknown. Each pair below is the first and last of a stretch in
 * which Unicode 17 has such later characters, and the frozen version has nothing of the kind at
 * all; the Unicode Character Database gives both (properties Age, General_Category,
 * Canonical_Combining_Class, Decomposition_Mapping). Code points between them that a future version
 * fills are covered too.
 */
final class LaterUnicode {
  /** Stretches without punctuation, format characters or nonspacing marks in Unicode 8. */
  private static final int[] CATEGORIES = {
    0x061D, 0x061D, 0x07FD, 0x07FD, 0x0890, 0x08E2, 0x09FD, 0x09FE, 0x0A76, 0x0A76, 0x0AFA, 0x0AFF,
    0x0B55, 0x0B55, 0x0C04, 0x0C3C, 0x0C77, 0x0C77, 0x0C84, 0x0C84, 0x0D00, 0x0D00, 0x0D3B, 0x0D3C,
    0x0D81, 0x0D81, 0x0EBA, 0x0EBA, 0x0ECE, 0x0ECE, 0x180F, 0x1886, 0x1ABF, 0x1AEB, 0x1B4E, 0x1B4F,
    0x1B7D, 0x1B7F, 0x1DF6, 0x1DFB, 0x2E43, 0x2E5D, 0xA82C, 0xA82C, 0xA8C5, 0xA8C5, 0xA8FF, 0xA8FF,
    0xA9BD, 0xA9BD, 0x10D24, 0x10F89, 0x11070, 0x11074, 0x110C2, 0x110CD, 0x111CF, 0x111CF, 0x1123E,
    0x11241, 0x1133B, 0x1133B, 0x113BB, 0x1145E, 0x11660, 0x1166C, 0x116B9, 0x116B9, 0x1182F,
    0x11FFF, 0x12FF1, 0x1612F, 0x16D6D, 0x16F4F, 0x16FE2, 0x16FE4, 0x1CF00, 0x1CF46, 0x1E000,
    0x1E6F5, 0x1E944, 0x1E95F,
  };

  /** Stretches without decompositions or combining classes in Unicode 9. */
  private static final int[] NORMALIZATION = {
    0x07FD, 0x07FD, 0x0897, 0x08D3, 0x09FE, 0x09FE, 0x0C3C, 0x0C3C, 0x0D3B, 0x0D3C, 0x0EBA, 0x0EBA,
    0x1715, 0x1715, 0x1ABF, 0x1AEB, 0x1DF6, 0x1DFA, 0xA82C, 0xA82C, 0x105C9, 0x105E4, 0x10D24,
    0x10F85, 0x11070, 0x11070, 0x1133B, 0x1133B, 0x11383, 0x113D0, 0x1145E, 0x1145E, 0x11839,
    0x11A99, 0x11D42, 0x1612F, 0x16D68, 0x16FF1, 0x1E08F, 0x1E6F5,
  };

  private LaterUnicode() {}

  /** Returns the general category in Unicode 8, exact for marks, punctuation, format characters. */
  static int category(int codePoint) {
    return switch (codePoint) {
      // Reclassified since: a Canadian syllabics sign, a Sharada vowel mark, and two vowel signs.
      case 0x166D, 0x111C9 -> Character.OTHER_PUNCTUATION;
      case 0x1734, 0x1171E -> Character.NON_SPACING_MARK;
      default ->
          contains(CATEGORIES, codePoint) ? Character.UNASSIGNED : Character.getType(codePoint);
    };
  }

  /** Returns whether the code point plays no part in Unicode 9's normalisation. */
  static boolean isUnknownToNormalization(int codePoint) {
    return contains(NORMALIZATION, codePoint);
  }

  private static boolean contains(int[] ranges, int codePoint) {
    for (int i = 0; i < ranges.length && ranges[i] <= codePoint; i += 2) {
      if (codePoint <= ranges[i + 1]) {
        return true;
      }
    }
    return false;
  }
}
