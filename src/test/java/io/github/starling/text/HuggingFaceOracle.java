package io.github.starling.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Hugging Face's own tokenizer, from the Rust library in DJL's jar, without the network.
 *
 * <p>Truncation and padding are off. BERT's is made from the {@code tokenizer.json} of
 * all-MiniLM-L6-v2 on the class path and what a test wants changed.
 */
public final class HuggingFaceOracle implements AutoCloseable {
  private static final String TOKENIZER_JSON = "/all-minilm-l6-v2-tokenizer.json";

  private final HuggingFaceTokenizer tokenizer;

  private HuggingFaceOracle(JsonObject json) {
    // Nothing may be fetched or reported; the native library is unpacked below target.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ENGINE_CACHE_DIR", Path.of("target", "djl").toAbsolutePath().toString());
    var bytes = new ByteArrayInputStream(json.toString().getBytes(StandardCharsets.UTF_8));
    try {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              bytes, Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the tokenizer that a whole {@code tokenizer.json} describes. */
  public static HuggingFaceOracle of(JsonObject json) {
    return new HuggingFaceOracle(json);
  }

  /** Returns the tokenizer of all-MiniLM-L6-v2, an uncased BERT. */
  public static HuggingFaceOracle miniLm() {
    return new HuggingFaceOracle(tokenizerJson());
  }

  /** Returns MiniLM's tokenizer with another normalisation. */
  public static HuggingFaceOracle with(Normalization normalization) {
    return with(normalization, vocabulary(), addedTokens());
  }

  /** Returns a tokenizer with MiniLM's special tokens, which the vocabulary must have. */
  public static HuggingFaceOracle with(
      Normalization normalization, List<String> vocabulary, List<AddedToken> added) {
    var json = tokenizerJson();
    var normalizer = json.getAsJsonObject("normalizer");
    normalizer.addProperty("clean_text", normalization.cleanText());
    normalizer.addProperty("handle_chinese_chars", normalization.handleChineseChars());
    normalizer.addProperty("strip_accents", normalization.stripAccents());
    normalizer.addProperty("lowercase", normalization.lowercase());
    var ids = new JsonObject();
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.addProperty(vocabulary.get(id), id);
    }
    json.getAsJsonObject("model").add("vocab", ids);
    json.add("added_tokens", toJson(added, vocabulary));
    var template = json.getAsJsonObject("post_processor").getAsJsonObject("special_tokens");
    for (String token : List.of("[CLS]", "[SEP]")) {
      var templateIds = new JsonArray();
      templateIds.add(vocabulary.indexOf(token));
      template.getAsJsonObject(token).add("ids", templateIds);
    }
    return new HuggingFaceOracle(json);
  }

  /** Returns {@code added_tokens}; those that the vocabulary lacks get the next ids. */
  static JsonArray toJson(List<AddedToken> added, List<String> vocabulary) {
    var array = new JsonArray();
    int next = vocabulary.size();
    for (var token : added) {
      int id = vocabulary.indexOf(token.content());
      var json = new JsonObject();
      json.addProperty("id", id < 0 ? next++ : id);
      json.addProperty("content", token.content());
      json.addProperty("single_word", token.singleWord());
      json.addProperty("lstrip", token.leftStrip());
      json.addProperty("rstrip", token.rightStrip());
      json.addProperty("normalized", token.normalized());
      json.addProperty("special", true);
      array.add(json);
    }
    return array;
  }

  private static JsonObject tokenizerJson() {
    try (var in = HuggingFaceOracle.class.getResourceAsStream(TOKENIZER_JSON)) {
      var json =
          new Gson().fromJson(new InputStreamReader(in, StandardCharsets.UTF_8), JsonObject.class);
      json.add("truncation", JsonNull.INSTANCE);
      json.add("padding", JsonNull.INSTANCE);
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns MiniLM's vocabulary, in the order of ids. */
  public static List<String> vocabulary() {
    var ids = tokenizerJson().getAsJsonObject("model").getAsJsonObject("vocab");
    var tokens = new String[ids.size()];
    ids.asMap().forEach((token, id) -> tokens[id.getAsInt()] = token);
    return List.of(tokens);
  }

  /** Returns MiniLM's added tokens. */
  public static List<AddedToken> addedTokens() {
    var tokens = new ArrayList<AddedToken>();
    for (var element : tokenizerJson().getAsJsonArray("added_tokens")) {
      var json = element.getAsJsonObject();
      tokens.add(
          new AddedToken(
              json.get("content").getAsString(),
              json.get("single_word").getAsBoolean(),
              json.get("lstrip").getAsBoolean(),
              json.get("rstrip").getAsBoolean(),
              json.get("normalized").getAsBoolean()));
    }
    return tokens;
  }

  /** Returns the ids of a text in its frame. */
  public int[] encode(String text) {
    return ids(tokenizer.encode(wellFormed(text), true, false));
  }

  /** Returns the ids of many texts in their frames. */
  public int[][] encode(List<String> texts) {
    var wellFormed = texts.stream().map(HuggingFaceOracle::wellFormed).toList();
    return Arrays.stream(tokenizer.batchEncode(wellFormed, true, false))
        .map(HuggingFaceOracle::ids)
        .toArray(int[][]::new);
  }

  /** Returns the ids of a text without a frame. */
  public int[] encodeWithoutSpecials(String text) {
    return ids(tokenizer.encode(wellFormed(text), false, false));
  }

  /** Returns the ids of a text that goes to the native library as it is, lone surrogates too. */
  public int[] encodeRaw(String text) {
    return ids(tokenizer.encode(text, true, false));
  }

  /** Returns the text of ids; special tokens are left out. */
  public String decode(int... ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
  }

  /** Returns first and last + 1 UTF-16 unit of each token, of the frame 0 to 0. */
  public int[][] offsets(String text) {
    var spans = tokenizer.encode(text, true, false).getCharTokenSpans();
    return IntStream.range(0, spans.length)
        .mapToObj(
            i ->
                spans[i] == null
                    ? new int[] {0, 0}
                    : new int[] {
                      text.offsetByCodePoints(0, spans[i].getStart()),
                      text.offsetByCodePoints(0, spans[i].getEnd())
                    })
        .toArray(int[][]::new);
  }

  /** Replaces lone surrogates by U+FFFD, as the JDK's UTF-16 coders do. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.UTF_16LE);
  }

  private static int[] ids(Encoding encoding) {
    return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
