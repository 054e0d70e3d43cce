package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Llama's byte-pair tokenizer in Hugging Face's {@code tokenizer.json}.
 *
 * <p>In a piece, U+2581 stands for a space, and {@code <0x0A>} is the piece of a byte.
 */
final class PieceTokenizer {
  private static final String SPACE = "▁";
  private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>");

  private PieceTokenizer() {}

  /**
   * Reads the pieces in the order of their ids.
   *
   * @throws FormatException if the file is damaged or of another kind of tokenizer
   * @throws IOException if it is missing or cannot be read
   */
  static List<String> read(Path path) throws IOException {
    var json = JsonObject.read(path);
    var model = json.object("model");
    TokenizerJson.requireType(model, "BPE");
    if (!model.flag("byte_fallback", false)) {
      throw model.error("model.byte_fallback must be true: the pieces of bytes are needed");
    }
    var added = json.has("added_tokens") ? json.objects("added_tokens") : List.<JsonObject>of();
    return TokenizerJson.vocabulary(model.object("vocab"), added);
  }

  /**
   * Checks that there is an embedding for every piece, and a piece for the tokens that frame a
   * transcript.
   *
   * @param file where the pieces are from, for messages
   */
  static void check(Path file, List<String> pieces, MoonshineConfig config) throws FormatException {
    int least = Math.max(config.startToken(), config.endToken()) + 1;
    if (pieces.size() < least || pieces.size() > config.vocabularySize()) {
      throw new FormatException(
          file,
          0,
          "%d pieces are in it but the model calls for %d to %d"
              .formatted(pieces.size(), least, config.vocabularySize()));
    }
  }

  /** Returns the content of a {@code tokenizer.json}. */
  static Map<String, Object> json(PieceLiterals literals) {
    var json = new LinkedHashMap<String, Object>();
    json.put("version", "1.0");
    json.put("truncation", null);
    json.put("padding", null);
    json.put("added_tokens", addedTokens(literals.pieces()));
    json.put("normalizer", normalizer());
    json.put("pre_tokenizer", null);
    json.put("post_processor", null);
    json.put("decoder", decoder());
    json.put("model", model(literals));
    return json;
  }

  private static List<Object> addedTokens(List<String> pieces) {
    var tokens = new ArrayList<>();
    for (String piece : SPECIAL) {
      var token = new LinkedHashMap<String, Object>();
      token.put("id", pieces.indexOf(piece));
      token.put("content", piece);
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
      tokens.add(token);
    }
    return tokens;
  }

  private static Map<String, Object> normalizer() {
    return sequence(
        "normalizers", List.of(part("Prepend", "prepend", SPACE), replacement(" ", SPACE)));
  }

  private static Map<String, Object> decoder() {
    var strip = part("Strip", "content", " ");
    strip.put("start", 1);
    strip.put("stop", 0);
    return sequence(
        "decoders",
        List.of(
            replacement(SPACE, " "),
            Map.of("type", "ByteFallback"),
            Map.of("type", "Fuse"),
            strip));
  }

  private static Map<String, Object> model(PieceLiterals literals) {
    var vocabulary = new LinkedHashMap<String, Object>();
    for (String piece : literals.pieces()) {
      vocabulary.put(piece, vocabulary.size());
    }
    var model = part("BPE", "dropout", null);
    model.put("unk_token", SPECIAL.getFirst());
    model.put("continuing_subword_prefix", null);
    model.put("end_of_word_suffix", null);
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    model.put("ignore_merges", false);
    model.put("vocab", vocabulary);
    model.put("merges", literals.merges());
    return model;
  }

  private static Map<String, Object> replacement(String from, String to) {
    var json = part("Replace", "pattern", Map.of("String", from));
    json.put("content", to);
    return json;
  }

  private static Map<String, Object> part(String type, String member, Object value) {
    var json = new LinkedHashMap<String, Object>();
    json.put("type", type);
    json.put(member, value);
    return json;
  }

  private static Map<String, Object> sequence(String member, List<Map<String, Object>> parts) {
    return part("Sequence", member, parts);
  }
}
