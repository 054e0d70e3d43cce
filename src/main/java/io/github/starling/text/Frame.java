package io.github.starling.text;

/**
 * The tokens around a text: {@code open A close}, and around a pair of texts: {@code open A close B
 * close}, with the middle token once in BERT and twice in RoBERTa.
 *
 * @param open id of the token that opens a sequence
 * @param close id of the token that closes it
 * @param between how many {@code close} tokens stand between the texts of a pair
 */
public record Frame(int open, int close, int between) {}
