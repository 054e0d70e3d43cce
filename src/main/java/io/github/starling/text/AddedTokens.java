package io.github.starling.text;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Finds added tokens in a text: leftmost first, of several the longest.
 *
 * <p>As Hugging Face's {@code AddedVocabulary}. Matches do not overlap, and one that is given up
 * because it is no single word still uses up its characters.
 */
final class AddedTokens {
  /** Receives the text from left to right, in pieces. */
  interface Pieces {
    /** Takes characters {@code from} to {@code to - 1}, at least one, which hold no added token. */
    void text(int from, int to);

    /** Takes an added token that covers characters {@code from} to {@code to - 1}. */
    void token(int id, int from, int to);
  }

  private final List<AddedToken> tokens;
  private final int[] ids;
  private final Trie contents = new Trie();

  /**
   * Prepares to find tokens.
   *
   * @param tokens what to find, shape (n)
   * @param ids ids of the tokens, shape (n)
   * @param form what a token's content looks like in the texts to come
   */
  AddedTokens(List<AddedToken> tokens, int[] ids, UnaryOperator<String> form) {
    this.tokens = tokens;
    this.ids = ids;
    for (int i = 0; i < ids.length; i++) {
      contents.put(form.apply(tokens.get(i).content()), i);
    }
  }

  /** Cuts the first {@code length} characters of a text, which is well-formed UTF-16. */
  void split(char[] text, int length, Pieces pieces) {
    int done = 0;
    for (int at = 0; at < length && ids.length > 0; ) {
      int end = longestMatch(text, at, length);
      if (end == at) {
        at++;
        continue;
      }
      int i = contents.get(new String(text, at, end - at));
      var token = tokens.get(i);
      if (!token.singleWord() || standsAlone(text, at, end, length)) {
        int from = Math.max(done, token.leftStrip() ? spacesBefore(text, at) : at);
        int to = token.rightStrip() ? spacesAfter(text, end, length) : end;
        if (done < from) {
          pieces.text(done, from);
        }
        pieces.token(ids[i], from, to);
        done = to;
      }
      at = end;
    }
    if (done < length) {
      pieces.text(done, length);
    }
  }

  /** Returns where the longest content that stands at a place ends; the place itself: none does. */
  private int longestMatch(char[] text, int at, int length) {
    int end = at;
    int node = Trie.ROOT;
    for (int i = at; i < length && node != Trie.NONE; i++) {
      node = contents.child(node, text[i]);
      if (node != Trie.NONE && contents.value(node) != Trie.NONE) {
        end = i + 1;
      }
    }
    return end;
  }

  private static boolean standsAlone(char[] text, int from, int to, int length) {
    return (from == 0 || !isWord(Character.codePointBefore(text, from)))
        && (to == length || !isWord(Character.codePointAt(text, to, length)));
  }

  /** Returns whether a regular expression's {@code \w} matches, with Unicode's definition. */
  private static boolean isWord(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.CONNECTOR_PUNCTUATION ->
          true;
      default -> Character.isAlphabetic(c) || c == 0x200C || c == 0x200D; // the two joiners
    };
  }

  private static int spacesBefore(char[] text, int at) {
    while (at > 0 && isSpace(text[at - 1])) {
      at--;
    }
    return at;
  }

  private static int spacesAfter(char[] text, int at, int length) {
    while (at < length && isSpace(text[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(char c) {
    return (CharacterClass.of(c) & CharacterClass.WHITESPACE) != 0;
  }
}
