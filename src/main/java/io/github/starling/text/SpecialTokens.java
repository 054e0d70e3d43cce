package io.github.starling.text;

/**
 * The tokens that the tokenizer puts in by itself.
 *
 * @param unknown stands for a word that the vocabulary cannot spell
 * @param classification opens every sequence
 * @param separator closes every sequence
 */
public record SpecialTokens(String unknown, String classification, String separator) {
  /** BERT's names: {@code [UNK]}, {@code [CLS]}, {@code [SEP]}. */
  public static final SpecialTokens BERT = new SpecialTokens("[UNK]", "[CLS]", "[SEP]");
}
