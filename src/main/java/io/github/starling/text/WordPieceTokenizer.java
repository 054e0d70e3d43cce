package io.github.starling.text;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * BERT's tokenizer: text to vocabulary ids.
 *
 * <p>Gives the ids of Hugging Face's {@code tokenizers} (the Rust library) with {@code
 * BertNormalizer}, {@code BertPreTokenizer}, {@code WordPiece} and BERT's template, for every text:
 *
 * <ol>
 *   <li>added tokens such as {@code [MASK]} are found in the text as it stands;
 *   <li>the rest is normalised ({@link Normalization}), and added tokens that say so are found in
 *       the outcome;
 *   <li>words are separated by whitespace, and each punctuation character is a word;
 *   <li>each word is spelled with the vocabulary, longest piece first.
 * </ol>
 *
 * <p>A lone surrogate cannot be text for Hugging Face, which reads UTF-8. Here it counts as U+FFFD,
 * the replacement character, which cleaning drops.
 *
 * <p>Immutable, for any number of threads. Time and memory grow linearly with the text.
 */
public final class WordPieceTokenizer implements Tokenizer {
  /** Vocabulary entries and then the added tokens that are not among them, in order of ids. */
  private final List<String> tokens;

  private final Trie ids = new Trie();
  private final TextNormalizer normalizer;
  private final AddedTokens rawTokens;
  private final AddedTokens normalizedTokens;
  private final WordPiece wordPiece;
  private final Frame frame;
  private final OptionalInt mask;
  private final String continuingPrefix;

  /**
   * Prepares a vocabulary.
   *
   * <p>An added token that the vocabulary lacks gets the next id after its last. Of two equal
   * entries the later one counts.
   *
   * @param vocabulary entries in the order of their ids
   * @param options how to read text
   * @throws IllegalArgumentException if the vocabulary lacks one of the special tokens
   */
  public WordPieceTokenizer(List<String> vocabulary, TokenizerOptions options) {
    tokens = new ArrayList<>(vocabulary);
    var spellings = new Trie();
    for (int id = 0; id < tokens.size(); id++) {
      spellings.put(tokens.get(id), id);
      ids.put(tokens.get(id), id);
    }
    for (var token : options.added()) {
      if (ids.get(token.content()) == Trie.NONE) {
        ids.put(token.content(), tokens.size());
        tokens.add(token.content());
      }
    }
    var specials = options.specials();
    int unknown = require("unknown", specials.unknown(), spellings);
    frame =
        new Frame(
            require("classification", specials.classification(), ids),
            require("separator", specials.separator(), ids),
            1);
    mask = id(specials.mask());
    continuingPrefix = options.continuingPrefix();
    wordPiece =
        new WordPiece(spellings, options.continuingPrefix(), unknown, options.maxWordLength());
    normalizer = new TextNormalizer(options.normalization());
    rawTokens = select(options.added(), false, UnaryOperator.identity());
    normalizedTokens = select(options.added(), true, this::normalize);
  }

  private static int require(String role, String token, Trie ids) {
    int id = ids.get(token);
    if (id == Trie.NONE) {
      throw new IllegalArgumentException(
          "the vocabulary has no entry \"%s\", which is the %s token".formatted(token, role));
    }
    return id;
  }

  private AddedTokens select(
      List<AddedToken> added, boolean normalized, UnaryOperator<String> form) {
    var selected = added.stream().filter(t -> t.normalized() == normalized).toList();
    return new AddedTokens(
        selected, selected.stream().mapToInt(t -> ids.get(t.content())).toArray(), form);
  }

  private String normalize(String text) {
    char[] chars = wellFormed(text);
    var normalized = normalizer.normalize(chars, 0, chars.length);
    return new String(normalized.chars(), 0, normalized.length());
  }

  @Override
  public int[] encode(String text) {
    return read(text, true).ids();
  }

  @Override
  public int[] encodeWithoutSpecials(String text) {
    return read(text, false).ids();
  }

  @Override
  public Encoding encodeWithOffsets(String text) {
    return read(text, true).toEncoding();
  }

  @Override
  public Frame frame() {
    return frame;
  }

  @Override
  public OptionalInt mask() {
    return mask;
  }

  @Override
  public int size() {
    return tokens.size();
  }

  @Override
  public String token(int id) {
    return tokens.get(id);
  }

  @Override
  public String text(int id) {
    String token = tokens.get(id);
    return token.startsWith(continuingPrefix) ? token.substring(continuingPrefix.length()) : token;
  }

  @Override
  public OptionalInt id(String token) {
    int id = ids.get(token);
    return id == Trie.NONE ? OptionalInt.empty() : OptionalInt.of(id);
  }

  private TokenBuffer read(String text, boolean framed) {
    var found = new TokenBuffer();
    if (framed) {
      found.add(frame.open(), 0, 0);
    }
    char[] chars = wellFormed(text);
    rawTokens.split(
        chars,
        chars.length,
        new AddedTokens.Pieces() {
          @Override
          public void text(int from, int to) {
            read(normalizer.normalize(chars, from, to), found);
          }

          @Override
          public void token(int id, int from, int to) {
            found.add(id, from, to);
          }
        });
    if (framed) {
      found.add(frame.close(), 0, 0);
    }
    return found;
  }

  private void read(NormalizedText text, TokenBuffer found) {
    normalizedTokens.split(
        text.chars(),
        text.length(),
        new AddedTokens.Pieces() {
          @Override
          public void text(int from, int to) {
            Words.spell(text, from, to, wordPiece, found);
          }

          @Override
          public void token(int id, int from, int to) {
            found.add(id, text.startOf(from), text.endOf(to));
          }
        });
  }

  /** Returns the characters of a text, those that are lone surrogates replaced. */
  private static char[] wellFormed(String text) {
    char[] chars = text.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (Character.isSurrogate(chars[i])) {
        if (i + 1 < chars.length && Character.isSurrogatePair(chars[i], chars[i + 1])) {
          i++;
        } else {
          chars[i] = '\uFFFD';
        }
      }
    }
    return chars;
  }
}
