package io.github.starling.encoder;

import io.github.starling.model.TokenizerConfig;
import io.github.starling.text.AddedToken;
import io.github.starling.text.BytePairOptions;
import io.github.starling.text.BytePairTokenizer;
import io.github.starling.text.Normalization;
import io.github.starling.text.SpecialTokens;
import io.github.starling.text.Tokenizer;
import io.github.starling.text.TokenizerOptions;
import io.github.starling.text.WordPieceTokenizer;
import java.util.List;

/** Makes the tokenizer that a model folder describes. */
final class Tokenizers {
  private Tokenizers() {}

  /**
   * Makes a tokenizer.
   *
   * @throws IllegalArgumentException if the vocabulary lacks a special token
   */
  static Tokenizer of(TokenizerConfig config) {
    return switch (config) {
      case TokenizerConfig.WordPiece wordPiece -> of(wordPiece);
      case TokenizerConfig.BytePair bytePair -> of(bytePair);
    };
  }

  private static Tokenizer of(TokenizerConfig.WordPiece config) {
    var n = config.normalization();
    var normalization =
        new Normalization(n.cleanText(), n.handleChineseChars(), n.stripAccents(), n.lowercase());
    return new WordPieceTokenizer(
        config.vocabulary(),
        new TokenizerOptions(
            normalization,
            specials(config, config.unknown(), SpecialTokens.BERT),
            added(config),
            config.continuingPrefix(),
            config.maxWordLength()));
  }

  private static Tokenizer of(TokenizerConfig.BytePair config) {
    var byteLevel =
        new BytePairOptions.ByteLevel(
            config.addPrefixSpace(), config.useRegex(), config.trimOffsets());
    return new BytePairTokenizer(
        config.vocabulary(),
        new BytePairOptions(
            config.merges(),
            specials(config, config.unknown(), SpecialTokens.ROBERTA),
            added(config),
            config.between(),
            byteLevel));
  }

  /** A mask that the configuration does not name has the usual name, as it does no harm. */
  private static SpecialTokens specials(
      TokenizerConfig config, String unknown, SpecialTokens usual) {
    String mask = config.mask() == null ? usual.mask() : config.mask();
    return new SpecialTokens(unknown, config.classification(), config.separator(), mask);
  }

  private static List<AddedToken> added(TokenizerConfig config) {
    return config.added().stream()
        .map(
            t ->
                new AddedToken(
                    t.content(), t.singleWord(), t.leftStrip(), t.rightStrip(), t.normalized()))
        .toList();
  }
}
