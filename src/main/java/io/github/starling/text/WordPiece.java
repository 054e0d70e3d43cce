package io.github.starling.text;

/**
 * Spells a word with the vocabulary, longest piece first.
 *
 * <p>Wu et al. 2016, arXiv:1609.08144 §4.1, in BERT's form: the longest entry that begins the word,
 * then the longest continuing entry that begins the rest, and so on; a word that this cannot spell
 * to its end is unknown as a whole. Cost O(length of the word · longest entry), no allocation.
 */
final class WordPiece {
  private final Trie vocabulary;
  private final int continuing;
  private final int unknown;
  private final int maxLength;

  /**
   * Prepares to spell.
   *
   * @param vocabulary ids of all entries, continuing ones with their prefix
   * @param prefix what continuing entries begin with
   * @param unknown id for words that cannot be spelled
   * @param maxLength words of more code points are unknown
   */
  WordPiece(Trie vocabulary, String prefix, int unknown, int maxLength) {
    this.vocabulary = vocabulary;
    this.continuing = vocabulary.walk(prefix);
    this.unknown = unknown;
    this.maxLength = maxLength;
  }

  /** Appends the pieces of the word that is characters {@code from} to {@code to - 1}. */
  void spell(NormalizedText text, int from, int to, TokenBuffer tokens) {
    char[] chars = text.chars();
    int before = tokens.size();
    boolean spelled = to - from <= maxLength || codePoints(chars, from, to) <= maxLength;
    for (int start = from; spelled && start < to; ) {
      int node = start == from ? Trie.ROOT : continuing;
      int id = Trie.NONE;
      int end = start;
      for (int i = start; i < to && node != Trie.NONE; i++) {
        node = vocabulary.child(node, chars[i]);
        if (node != Trie.NONE && vocabulary.value(node) != Trie.NONE) {
          id = vocabulary.value(node);
          end = i + 1;
        }
      }
      spelled = id != Trie.NONE;
      if (spelled) {
        tokens.add(id, text.startOf(start), text.endOf(end));
      }
      start = end;
    }
    if (!spelled) {
      tokens.cutTo(before);
      tokens.add(unknown, text.startOf(from), text.endOf(to));
    }
  }

  private static int codePoints(char[] chars, int from, int to) {
    return Character.codePointCount(chars, from, to - from);
  }
}
