package io.github.starling.model;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a WordPiece tokenizer from {@code vocab.txt}, one token a line in the order of the ids.
 *
 * <p>How it normalises text stands in {@code tokenizer_config.json}; without that, it lower-cases
 * and splits like uncased BERT, which is also what Hugging Face's reader does.
 */
final class VocabularyFile {
  static final String FILE = "vocab.txt";
  static final String CONFIG_FILE = "tokenizer_config.json";

  private static final String PREFIX = "##";
  private static final int MAX_WORD_LENGTH = 100;

  private VocabularyFile() {}

  /**
   * Reads a tokenizer.
   *
   * @param path the vocabulary
   * @param configPath the {@code tokenizer_config.json}, which need not exist
   * @throws FormatException if a file is damaged or of another kind of tokenizer
   * @throws IOException if the vocabulary cannot be read
   */
  static TokenizerConfig read(Path path, Path configPath) throws IOException {
    var vocabulary = lines(path);
    var config = config(configPath, "Bert");
    var normalization =
        new TokenizerConfig.Normalization(
            true,
            config.flag("tokenize_chinese_chars", true),
            config.has("strip_accents") ? (Boolean) config.flag("strip_accents", true) : null,
            config.flag("do_lower_case", true));

    String unknown = token(config, "unk_token", "[UNK]");
    String classification = token(config, "cls_token", "[CLS]");
    String separator = token(config, "sep_token", "[SEP]");
    for (String token : List.of(unknown, classification, separator)) {
      if (!vocabulary.contains(token)) {
        throw new FormatException(path, 0, "the vocabulary has no " + Json.describe(token));
      }
    }
    String padding = token(config, "pad_token", "[PAD]");
    String mask = token(config, "mask_token", "[MASK]");
    var added = new ArrayList<TokenizerConfig.Added>();
    for (String token : List.of(unknown, separator, padding, classification, mask)) {
      if (vocabulary.contains(token)) {
        added.add(new TokenizerConfig.Added(token, false, false, false, false));
      }
    }
    return new TokenizerConfig.WordPiece(
        vocabulary,
        normalization,
        unknown,
        classification,
        separator,
        vocabulary.contains(padding) ? padding : null,
        vocabulary.contains(mask) ? mask : null,
        added,
        PREFIX,
        MAX_WORD_LENGTH);
  }

  /**
   * Reads a {@code tokenizer_config.json}, if there is one.
   *
   * @param kind what the name of the tokenizer's class must begin with
   */
  static JsonObject config(Path path, String kind) throws IOException {
    var config = Files.exists(path) ? JsonObject.read(path) : new JsonObject(path, 0, "", Map.of());
    if (config.has("tokenizer_class") && !config.string("tokenizer_class").startsWith(kind)) {
      throw config.error(
          "tokenizer_class %s is not supported: %sTokenizer is"
              .formatted(Json.describe(config.string("tokenizer_class")), kind));
    }
    return config;
  }

  /** Returns the tokens in the order of their ids. */
  static List<String> lines(Path path) throws IOException {
    try {
      return Files.readAllLines(path);
    } catch (CharacterCodingException e) {
      throw new FormatException(path, 0, "the vocabulary must be UTF-8");
    }
  }

  /** A token is a string or an object with its content. */
  static String token(JsonObject config, String name, String otherwise) throws FormatException {
    if (!config.has(name)) {
      return otherwise;
    }
    return config.isObject(name) ? config.object(name).string("content") : config.string(name);
  }
}
