package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads a tokenizer from Hugging Face's {@code tokenizer.json}.
 *
 * <p>Its truncation and padding are ignored: how long a sequence may be is the caller's choice.
 */
final class TokenizerJson {
  private TokenizerJson() {}

  /**
   * Reads a file.
   *
   * @throws FormatException if it is damaged or of another kind of tokenizer
   * @throws IOException if it is missing or cannot be read
   */
  static TokenizerConfig read(Path path) throws IOException {
    var json = JsonObject.read(path);
    var model = json.object("model");
    var added = json.has("added_tokens") ? json.objects("added_tokens") : List.<JsonObject>of();
    var vocabulary = vocabulary(model.object("vocab"), added);
    // files of the library's first versions leave the type out
    boolean isNamed = model.has("type");
    if (isNamed ? model.string("type").equals("BPE") : model.has("merges")) {
      return BytePairJson.read(json, vocabulary, added(added));
    }
    if (isNamed) {
      requireType(model, "WordPiece", "BPE");
    }
    return wordPiece(json, vocabulary, added(added));
  }

  private static TokenizerConfig wordPiece(
      JsonObject json, List<String> vocabulary, List<TokenizerConfig.Added> added)
      throws FormatException {
    var model = json.object("model");
    var normalizer = json.object("normalizer");
    requireType(normalizer, "BertNormalizer");
    requireType(json.object("pre_tokenizer"), "BertPreTokenizer");
    var processor = json.object("post_processor");
    requireType(processor, "TemplateProcessing", "BertProcessing");
    var frame = FrameJson.read(processor, vocabulary);
    var config =
        new TokenizerConfig.WordPiece(
            vocabulary,
            normalization(normalizer),
            model.string("unk_token"),
            frame.open(),
            frame.close(),
            first(vocabulary, "[PAD]"),
            first(vocabulary, "[MASK]"),
            added,
            model.string("continuing_subword_prefix"),
            model.whole("max_input_chars_per_word", 1));
    requireTokens(json, vocabulary, config.unknown());
    return config;
  }

  /** Checks that a part is of one of the kinds that are supported. */
  static void requireType(JsonObject part, String... supported) throws FormatException {
    String type = part.string("type");
    if (!List.of(supported).contains(type)) {
      throw part.error(
          "%s type %s is not supported: %s %s"
              .formatted(
                  part.name(),
                  Json.describe(type),
                  String.join(" and ", supported),
                  supported.length == 1 ? "is" : "are"));
    }
  }

  /** Checks that the vocabulary has some tokens. */
  static void requireTokens(JsonObject where, List<String> vocabulary, String... tokens)
      throws FormatException {
    for (String token : tokens) {
      if (!vocabulary.contains(token)) {
        throw where.error("the vocabulary has no " + Json.describe(token));
      }
    }
  }

  /** Returns the first of some tokens that the vocabulary has, or null. */
  static String first(List<String> vocabulary, String... tokens) {
    return Stream.of(tokens).filter(vocabulary::contains).findFirst().orElse(null);
  }

  /** Returns entries and added tokens in the order of their ids, which have no gaps. */
  static List<String> vocabulary(JsonObject entries, List<JsonObject> added)
      throws FormatException {
    var tokens = new HashMap<Integer, String>();
    for (String token : entries.names()) {
      put(tokens, entries.whole(token, 0), token, entries);
    }
    for (JsonObject token : added) {
      put(tokens, token.whole("id", 0), token.string("content"), token);
    }
    var vocabulary = new ArrayList<String>(tokens.size());
    for (int id = 0; id < tokens.size() && tokens.containsKey(id); id++) {
      vocabulary.add(tokens.get(id));
    }
    if (tokens.isEmpty() || vocabulary.size() < tokens.size()) {
      throw entries.error(
          "ids of %d tokens must be 0 to %d but %s"
              .formatted(
                  tokens.size(),
                  tokens.size() - 1,
                  tokens.isEmpty()
                      ? "there are none"
                      : "the last is " + Collections.max(tokens.keySet())));
    }
    return vocabulary;
  }

  private static void put(Map<Integer, String> tokens, int id, String token, JsonObject where)
      throws FormatException {
    String other = tokens.putIfAbsent(id, token);
    if (other != null && !other.equals(token)) {
      throw where.error(
          "id %d is that of both %s and %s"
              .formatted(id, Json.describe(other), Json.describe(token)));
    }
  }

  private static TokenizerConfig.Normalization normalization(JsonObject json)
      throws FormatException {
    return new TokenizerConfig.Normalization(
        json.flag("clean_text", true),
        json.flag("handle_chinese_chars", true),
        json.has("strip_accents") ? (Boolean) json.flag("strip_accents", true) : null,
        json.flag("lowercase", true));
  }

  private static List<TokenizerConfig.Added> added(List<JsonObject> tokens) throws FormatException {
    var added = new ArrayList<TokenizerConfig.Added>();
    for (JsonObject token : tokens) {
      added.add(added(token));
    }
    return added;
  }

  static TokenizerConfig.Added added(JsonObject token) throws FormatException {
    return new TokenizerConfig.Added(
        token.string("content"),
        token.flag("single_word", false),
        token.flag("lstrip", false),
        token.flag("rstrip", false),
        token.flag("normalized", false));
  }
}
