package io.github.starling.text;

/**
 * Cuts normalised text into words: Hugging Face's {@code BertPreTokenizer}.
 *
 * <p>Whitespace separates words and is dropped; each punctuation character is a word.
 */
final class Words {
  private Words() {}

  /** Spells the words among characters {@code from} to {@code to - 1}. */
  static void spell(NormalizedText text, int from, int to, WordPiece wordPiece, TokenBuffer found) {
    char[] chars = text.chars();
    int word = from;
    for (int i = from; i < to; ) {
      int c = chars[i];
      if (Character.isHighSurrogate((char) c)) {
        c = Character.codePointAt(chars, i, to);
      }
      int end = i + Character.charCount(c);
      int kinds = CharacterClass.of(c);
      if ((kinds & (CharacterClass.WHITESPACE | CharacterClass.PUNCTUATION)) != 0) {
        if (word < i) {
          wordPiece.spell(text, word, i, found);
        }
        if ((kinds & CharacterClass.PUNCTUATION) != 0) {
          wordPiece.spell(text, i, end, found);
        }
        word = end;
      }
      i = end;
    }
    if (word < to) {
      wordPiece.spell(text, word, to, found);
    }
  }
}
