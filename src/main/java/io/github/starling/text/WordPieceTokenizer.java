package io.github.starling.text;

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
  private final Vocabulary vocabulary;
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
    this.vocabulary = new Vocabulary(vocabulary, options.added());
    var spellings = new Trie();
    for (int id = 0; id < vocabulary.size(); id++) {
      spellings.put(vocabulary.get(id), id);
    }
    var specials = options.specials();
    int unknown =
        Vocabulary.require("unknown", specials.unknown(), spellings.get(specials.unknown()));
    frame = this.vocabulary.frame(specials, 1);
    mask = id(specials.mask());
    continuingPrefix = options.continuingPrefix();
    wordPiece =
        new WordPiece(spellings, options.continuingPrefix(), unknown, options.maxWordLength());
    normalizer = new TextNormalizer(options.normalization());
    rawTokens = this.vocabulary.added(false, UnaryOperator.identity());
    normalizedTokens = this.vocabulary.added(true, this::normalize);
  }

  private String normalize(String text) {
    char[] chars = Utf16.wellFormed(text);
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
    return vocabulary.size();
  }

  @Override
  public String token(int id) {
    return vocabulary.token(id);
  }

  @Override
  public String text(int id) {
    String token = vocabulary.token(id);
    return token.startsWith(continuingPrefix) ? token.substring(continuingPrefix.length()) : token;
  }

  @Override
  public OptionalInt id(String token) {
    return vocabulary.id(token);
  }

  private TokenBuffer read(String text, boolean framed) {
    var found = new TokenBuffer();
    if (framed) {
      found.add(frame.open(), 0, 0);
    }
    char[] chars = Utf16.wellFormed(text);
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
}
