package io.github.starling.text;

/**
 * The tokens that the tokenizer puts in by itself.
 *
 * @param unknown stands for a word that the vocabulary cannot spell; null where a tokenizer can do
 *     without
 * @param classification opens every sequence
 * @param separator closes every sequence
 * @param mask stands for a word to be guessed; the vocabulary need not have it
 */
public record SpecialTokens(String unknown, String classification, String separator, String mask) {
  /** BERT's names: {@code [UNK]}, {@code [CLS]}, {@code [SEP]}, {@code [MASK]}. */
  public static final SpecialTokens BERT = new SpecialTokens("[UNK]", "[CLS]", "[SEP]", "[MASK]");

  /** RoBERTa's names, without an unknown token: {@code <s>}, {@code </s>}, {@code <mask>}. */
  public static final SpecialTokens ROBERTA = new SpecialTokens(null, "<s>", "</s>", "<mask>");
}
