package io.github.starling.text;

import java.util.ArrayList;
import java.util.List;

/**
 * A vocabulary of single characters, in which the ids spell out the normalised words.
 *
 * <p>Every assigned code point is an entry, alone and as a continuation, so that nothing hides
 * behind [UNK] but unassigned code points and the supplementary private-use planes.
 */
final class ProbeVocabulary {
  private ProbeVocabulary() {}

  static List<String> entries() {
    var entries = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    for (int c = 0; c < 0xF0000; c++) {
      int type = Character.getType(c);
      if (type != Character.UNASSIGNED && type != Character.SURROGATE || isUnicode17Capital(c)) {
        entries.add(Character.toString(c));
        entries.add("##" + Character.toString(c));
      }
    }
    return entries;
  }

  /** Letters that have lower case on JDK 26 and in the oracle, and the lower ones too. */
  private static boolean isUnicode17Capital(int c) {
    return c >= 0xA7CE && c <= 0xA7D5 || c >= 0x16EA0 && c <= 0x16ED3;
  }
}
