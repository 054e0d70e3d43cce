package io.github.starling.encoder;

/**
 * The vector of a text.
 *
 * @param vector shape (width)
 * @param tokens tokens of the text, {@code [CLS]} and {@code [SEP]} included
 * @param usedTokens tokens that the vector stands for; fewer than {@code tokens} if the text was
 *     truncated
 */
public record Embedding(float[] vector, int tokens, int usedTokens) {}
