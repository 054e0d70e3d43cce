package io.github.starling.text;

/**
 * The tokens of one text with their places in it.
 *
 * <p>Token i covers characters {@code starts[i]} to {@code ends[i] - 1} of the text as given, in
 * UTF-16 units as in {@link String#substring(int, int)}. Tokens that the tokenizer put in cover
 * nothing: 0 to 0.
 *
 * @param ids vocabulary ids, shape (n)
 * @param starts first character of each token, shape (n)
 * @param ends character after each token, shape (n)
 */
public record Encoding(int[] ids, int[] starts, int[] ends) {}
