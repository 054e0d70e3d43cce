package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a WordPiece tokenizer from Hugging Face's {@code tokenizer.json}.
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
    // files of the library's first versions leave the type out
    requireType(model, "WordPiece", model.has("type") || !model.has("continuing_subword_prefix"));
    var normalizer = json.object("normalizer");
    requireType(normalizer, "BertNormalizer", true);
    requireType(json.object("pre_tokenizer"), "BertPreTokenizer", true);

    var added = json.has("added_tokens") ? json.objects("added_tokens") : List.<JsonObject>of();
    List<String> vocabulary = vocabulary(model, added);
    var frame = frame(json.object("post_processor"));
    var config =
        new TokenizerConfig(
            vocabulary,
            normalization(normalizer),
            model.string("unk_token"),
            frame.getFirst(),
            frame.getLast(),
            vocabulary.contains("[PAD]") ? "[PAD]" : null,
            vocabulary.contains("[MASK]") ? "[MASK]" : null,
            added(added),
            model.string("continuing_subword_prefix"),
            model.whole("max_input_chars_per_word", 1));
    for (String token : List.of(config.unknown(), config.classification(), config.separator())) {
      if (!vocabulary.contains(token)) {
        throw json.error("the vocabulary has no " + Json.describe(token));
      }
    }
    return config;
  }

  private static void requireType(JsonObject part, String wanted, boolean mustHave)
      throws FormatException {
    if (mustHave && !part.string("type").equals(wanted)) {
      throw part.error(
          "%s type %s is not supported: %s is"
              .formatted(part.name(), Json.describe(part.string("type")), wanted));
    }
  }

  private static List<String> vocabulary(JsonObject model, List<JsonObject> added)
      throws FormatException {
    var entries = model.object("vocab");
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
      added.add(
          new TokenizerConfig.Added(
              token.string("content"),
              token.flag("single_word", false),
              token.flag("lstrip", false),
              token.flag("rstrip", false),
              token.flag("normalized", false)));
    }
    return added;
  }

  /** Returns the tokens that open and close a sequence. */
  private static List<String> frame(JsonObject postProcessor) throws FormatException {
    requireType(postProcessor, "TemplateProcessing", true);
    var single = postProcessor.objects("single");
    boolean isFramed =
        single.size() == 3
            && single.get(0).has("SpecialToken")
            && single.get(1).has("Sequence")
            && single.get(2).has("SpecialToken");
    if (!isFramed) {
      throw postProcessor.error("post_processor.single must be one token, the sequence, one token");
    }
    return List.of(
        single.getFirst().object("SpecialToken").string("id"),
        single.getLast().object("SpecialToken").string("id"));
  }
}
