package io.github.starling.encoder;

/**
 * A part of a text that the model reads at once.
 *
 * @param tokens what is read, framed by {@code [CLS]} and {@code [SEP]}
 * @param ownedFrom first token that counts for this window
 * @param ownedCount number of tokens that count for it; the others count elsewhere
 */
record Window(TokenSequence tokens, int ownedFrom, int ownedCount) {}
