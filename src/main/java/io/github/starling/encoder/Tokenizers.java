package io.github.starling.encoder;

import io.github.starling.model.TokenizerConfig;
import io.github.starling.text.AddedToken;
import io.github.starling.text.Normalization;
import io.github.starling.text.SpecialTokens;
import io.github.starling.text.Tokenizer;
import io.github.starling.text.TokenizerOptions;
import io.github.starling.text.WordPieceTokenizer;

/** Makes the tokenizer that a model folder describes. */
final class Tokenizers {
  private Tokenizers() {}

  /**
   * Makes a tokenizer.
   *
   * @throws IllegalArgumentException if the vocabulary lacks a special token
   */
  static Tokenizer of(TokenizerConfig config) {
    var n = config.normalization();
    var normalization =
        new Normalization(n.cleanText(), n.handleChineseChars(), n.stripAccents(), n.lowercase());
    String mask = config.mask() == null ? SpecialTokens.BERT.mask() : config.mask();
    var specials =
        new SpecialTokens(config.unknown(), config.classification(), config.separator(), mask);
    var added =
        config.added().stream()
            .map(
                t ->
                    new AddedToken(
                        t.content(), t.singleWord(), t.leftStrip(), t.rightStrip(), t.normalized()))
            .toList();
    return new WordPieceTokenizer(
        config.vocabulary(),
        new TokenizerOptions(
            normalization, specials, added, config.continuingPrefix(), config.maxWordLength()));
  }
}
