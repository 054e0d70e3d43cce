package io.github.starling.text;

import java.text.Normalizer;

/**
 * Hugging Face's {@code BertNormalizer} in one pass over the text.
 *
 * <p>Order of steps per character: clean, space out ideographs, decompose and drop accents, lower.
 * Marks that are no accents (category Mc, or too young to be known as Mn) stay, in canonical order.
 */
final class TextNormalizer {
  private final Normalization steps;
  private final boolean stripAccents;

  TextNormalizer(Normalization steps) {
    this.steps = steps;
    this.stripAccents = steps.stripsAccents();
  }

  /**
   * Normalises characters {@code from} to {@code to - 1}.
   *
   * @param text well-formed UTF-16
   */
  NormalizedText normalize(char[] text, int from, int to) {
    return new Pass(to - from).read(text, from, to);
  }

  /** The state of one pass. */
  private final class Pass {
    private final NormalizedText out;

    /** Where the movable marks at the end of {@code out} begin; -1 when it ends in none. */
    private int marks = -1;

    Pass(int length) {
      out = new NormalizedText(length + 16);
    }

    NormalizedText read(char[] text, int from, int to) {
      for (int i = from; i < to; ) {
        int c = text[i];
        if (Character.isHighSurrogate((char) c)) {
          c = Character.codePointAt(text, i, to);
        }
        int end = i + Character.charCount(c);
        clean(c, i, end);
        i = end;
      }
      endMarks();
      return out;
    }

    private void clean(int c, int start, int end) {
      int kinds = CharacterClass.of(c);
      if (steps.cleanText() && (kinds & CharacterClass.CONTROL) != 0) {
        return;
      }
      if (steps.cleanText() && (kinds & CharacterClass.WHITESPACE) != 0) {
        space(start, end);
      } else if (steps.handleChineseChars() && (kinds & CharacterClass.IDEOGRAPH) != 0) {
        space(start, end);
        decompose(c, kinds, start, end);
        space(start, end);
      } else {
        decompose(c, kinds, start, end);
      }
    }

    private void space(int start, int end) {
      endMarks();
      out.append(' ', start, end);
    }

    private void decompose(int c, int kinds, int start, int end) {
      if (!stripAccents) {
        lower(c, start, end);
      } else if ((kinds & CharacterClass.COMPOSED) == 0) {
        strip(c, kinds, start, end);
      } else {
        String parts = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD);
        for (int i = 0; i < parts.length(); ) {
          int part = parts.codePointAt(i);
          strip(part, CharacterClass.of(part), start, end);
          i += Character.charCount(part);
        }
      }
    }

    private void strip(int c, int kinds, int start, int end) {
      if ((kinds & CharacterClass.MOVABLE) == 0) {
        endMarks();
      } else if (marks < 0) {
        marks = out.length();
      }
      if ((kinds & CharacterClass.ACCENT) == 0) {
        lower(c, start, end);
      }
    }

    /** Puts the marks that are left at the end into canonical order. */
    private void endMarks() {
      if (marks >= 0) {
        CanonicalOrder.sort(out.chars(), marks, out.length());
        marks = -1;
      }
    }

    private void lower(int c, int start, int end) {
      if (!steps.lowercase()) {
        out.append(c, start, end);
      } else {
        out.append(LowerCase.of(c), start, end);
        if (c == LowerCase.DOTTED_I) {
          out.append(LowerCase.DOT_ABOVE, start, end);
        }
      }
    }
  }
}
