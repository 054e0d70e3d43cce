package io.github.starling.text;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * RoBERTa's tokenizer: text to vocabulary ids by byte-level byte-pair encoding.
 *
 * <p>Gives the ids of Hugging Face's {@code tokenizers} (the Rust library) with {@code ByteLevel},
 * {@code BPE} and RoBERTa's template, for every text:
 *
 * <ol>
 *   <li>added tokens such as {@code <mask>} are found in the text as it stands;
 *   <li>the rest is cut into words, each with the space before it;
 *   <li>a word is its UTF-8 bytes, and pairs of these merge as {@link BytePairOptions#merges} say.
 * </ol>
 *
 * <p>A lone surrogate cannot be text for Hugging Face, which reads UTF-8. Here it counts as U+FFFD,
 * the replacement character.
 *
 * <p>Immutable, for any number of threads. Memory grows linearly with the text, and time does but
 * for the logarithm of the longest word.
 */
public final class BytePairTokenizer implements Tokenizer {
  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final BytePairOptions.ByteLevel byteLevel;
  private final AddedTokens rawTokens;
  private final AddedTokens normalizedTokens;

  /** Id of the token of each byte; {@link Trie#NONE} to leave the byte out, shape (256). */
  private final int[] bytes = new int[256];

  private final Frame frame;
  private final OptionalInt mask;

  /**
   * Prepares a vocabulary.
   *
   * <p>An added token that the vocabulary lacks gets the next id after its last. Of two equal
   * entries, or two equal merges, the later one counts.
   *
   * @param vocabulary entries in the order of their ids, with the 256 characters of {@code
   *     ByteLevel} for bytes
   * @param options how to read text
   * @throws IllegalArgumentException if the vocabulary lacks a token that the options name
   */
  public BytePairTokenizer(List<String> vocabulary, BytePairOptions options) {
    this.vocabulary = new Vocabulary(vocabulary, options.added());
    merges = new MergeTable(options.merges(), this.vocabulary);
    byteLevel = options.byteLevel();
    rawTokens = this.vocabulary.added(false, UnaryOperator.identity());
    normalizedTokens = this.vocabulary.added(true, UnaryOperator.identity());
    var specials = options.specials();
    int unknown = Trie.NONE;
    if (specials.unknown() != null) {
      int id = this.vocabulary.entry(specials.unknown());
      unknown = Vocabulary.require("unknown", specials.unknown(), id);
    }
    for (int b = 0; b < bytes.length; b++) {
      int id = this.vocabulary.entry(String.valueOf(ByteAlphabet.charOf(b)));
      bytes[b] = id == Trie.NONE ? unknown : id;
    }
    frame = this.vocabulary.frame(specials, options.between());
    mask = id(specials.mask());
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
    var encoding = read(text, true).toEncoding();
    if (byteLevel.trimOffsets()) {
      OffsetTrim.trim(encoding, text, vocabulary, byteLevel.addPrefixSpace());
    }
    return encoding;
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

  /**
   * Returns the characters that a token stands for, such as {@code " paris"} for {@code Ġparis};
   * bytes that are no UTF-8 alone are U+FFFD.
   *
   * @throws IndexOutOfBoundsException if there is no such token
   */
  @Override
  public String text(int id) {
    return ByteAlphabet.decode(vocabulary.token(id));
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
    var pairs = new BytePairs(merges, bytes);
    rawTokens.split(
        chars,
        chars.length,
        new AddedTokens.Pieces() {
          @Override
          public void text(int from, int to) {
            read(Arrays.copyOfRange(chars, from, to), from, pairs, found);
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

  /** Reads a piece without raw added tokens, which begins at {@code start} of the text. */
  private void read(char[] piece, int start, BytePairs pairs, TokenBuffer found) {
    normalizedTokens.split(
        piece,
        piece.length,
        new AddedTokens.Pieces() {
          @Override
          public void text(int from, int to) {
            spell(normalize(piece, from, to, start), pairs, found);
          }

          @Override
          public void token(int id, int from, int to) {
            found.add(id, start + from, start + to);
          }
        });
  }

  /** Returns a stretch of a piece, with the space before it that it may need. */
  private NormalizedText normalize(char[] piece, int from, int to, int start) {
    var text = new NormalizedText(to - from + 2);
    for (int i = from; i < to; ) {
      int c = Character.codePointAt(piece, i, to);
      int end = i + Character.charCount(c);
      if (i == from && byteLevel.addPrefixSpace() && c != ' ') {
        text.append(' ', start + i, start + end);
      }
      text.append(c, start + i, start + end);
      i = end;
    }
    return text;
  }

  private void spell(NormalizedText text, BytePairs pairs, TokenBuffer found) {
    for (int from = 0; from < text.length(); ) {
      int to =
          byteLevel.useRegex() ? GptWords.end(text.chars(), from, text.length()) : text.length();
      pairs.spell(text, from, to, found);
      from = to;
    }
  }
}
