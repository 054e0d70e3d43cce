package io.github.starling.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * The tokens of a tokenizer by their ids.
 *
 * <p>An added token that the entries lack gets the next id after the last. Of two equal entries the
 * later one counts.
 */
final class Vocabulary {
  /** Entries and then the added tokens that are not among them, in order of ids. */
  private final List<String> tokens;

  private final int entries;
  private final List<AddedToken> added;
  private final BitSet addedIds = new BitSet();
  private final Trie ids = new Trie();

  /**
   * Numbers the tokens.
   *
   * @param entries in the order of their ids
   * @param added tokens that are found in the text as they stand
   */
  Vocabulary(List<String> entries, List<AddedToken> added) {
    this.entries = entries.size();
    this.added = added;
    tokens = new ArrayList<>(entries);
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
    for (var token : added) {
      if (ids.get(token.content()) == Trie.NONE) {
        ids.put(token.content(), tokens.size());
        tokens.add(token.content());
      }
      addedIds.set(ids.get(token.content()));
    }
  }

  /** Returns the id of an entry, or {@link Trie#NONE}: added tokens spell no words. */
  int entry(String token) {
    int id = ids.get(token);
    return id < entries ? id : Trie.NONE;
  }

  /**
   * Returns an id that must be there.
   *
   * @throws IllegalArgumentException if it is {@link Trie#NONE}
   */
  static int require(String role, String token, int id) {
    if (id == Trie.NONE) {
      throw new IllegalArgumentException(
          "the vocabulary has no entry \"%s\", which is the %s token".formatted(token, role));
    }
    return id;
  }

  /** Returns the tokens around a sequence; {@code between} as in {@link Frame}. */
  Frame frame(SpecialTokens specials, int between) {
    return new Frame(
        require("classification", specials.classification(), ids.get(specials.classification())),
        require("separator", specials.separator(), ids.get(specials.separator())),
        between);
  }

  OptionalInt id(String token) {
    int id = ids.get(token);
    return id == Trie.NONE ? OptionalInt.empty() : OptionalInt.of(id);
  }

  boolean isAdded(int id) {
    return addedIds.get(id);
  }

  String token(int id) {
    return tokens.get(id);
  }

  int size() {
    return tokens.size();
  }

  /**
   * Returns the added tokens that are found before normalisation, or those that are found after it.
   *
   * @param normalized after it
   * @param form what a token's content looks like there
   */
  AddedTokens added(boolean normalized, UnaryOperator<String> form) {
    var selected = added.stream().filter(t -> t.normalized() == normalized).toList();
    return new AddedTokens(
        selected, selected.stream().mapToInt(t -> ids.get(t.content())).toArray(), form);
  }
}
