package io.github.starling.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a Moonshine speech recogniser, as {@code config.json} gives it.
 *
 * <p>Jeffries et al., Moonshine: Speech Recognition for Live Transcription and Voice Commands,
 * arXiv:2410.15608. Encoder and decoder are of one width and have as many heads; keys and values
 * have as many as queries.
 *
 * @param vocabularySize rows of the token embeddings
 * @param hiddenSize width d of every frame and token, a multiple of {@code heads}
 * @param encoderLayers number of encoder layers
 * @param decoderLayers number of decoder layers
 * @param heads attention heads of each layer, d / heads wide
 * @param intermediateSize width f between the two feed-forward products; the decoder's first makes
 *     2f, half of them gates
 * @param rotaryChannels the first channels of each head, an even number, that rotate with the
 *     position in pairs (2j, 2j + 1)
 * @param ropeTheta pair j turns by position · ropeTheta^(−2j / rotaryChannels)
 * @param maxPositions the most tokens that the decoder is meant for
 * @param startToken the token that comes before a transcript
 * @param endToken the token that ends a transcript
 */
public record MoonshineConfig(
    int vocabularySize,
    int hiddenSize,
    int encoderLayers,
    int decoderLayers,
    int heads,
    int intermediateSize,
    int rotaryChannels,
    double ropeTheta,
    int maxPositions,
    int startToken,
    int endToken) {

  /** What layer norm and group norm add to the variance; no config says it. */
  public static final double NORM_EPSILON = 1e-5;

  static final String TYPE = "moonshine";
  static final double USUAL_THETA = 10_000;
  static final int USUAL_START = 1;
  static final int USUAL_END = 2;

  private static final String HEADS = "encoder_num_attention_heads";
  private static final String FACTOR = "partial_rotary_factor";

  /** Returns the width of a head. */
  public int headSize() {
    return hiddenSize / heads;
  }

  /**
   * Reads a {@code config.json}.
   *
   * @throws FormatException if it is of another model, or asks for what is not supported
   */
  static MoonshineConfig of(JsonObject json) throws FormatException {
    require(json, "model_type", "", TYPE);
    require(json, "encoder_hidden_act", "gelu", "gelu");
    require(json, "decoder_hidden_act", "silu", "silu");
    requireFlag(json, "attention_bias", false);
    requireFlag(json, "tie_word_embeddings", true);
    int vocabulary = json.whole("vocab_size", 1);
    int hidden = json.whole("hidden_size", 1);
    int heads = heads(json, hidden);
    var rope = rope(json);
    return new MoonshineConfig(
        vocabulary,
        hidden,
        json.whole("encoder_num_hidden_layers", 1),
        json.whole("decoder_num_hidden_layers", 1),
        heads,
        json.whole("intermediate_size", 1),
        rotaryChannels(rope, hidden / heads),
        theta(rope),
        json.whole("max_position_embeddings", 1),
        token(json, "decoder_start_token_id", USUAL_START, vocabulary),
        token(json, "eos_token_id", USUAL_END, vocabulary));
  }

  private static void require(JsonObject json, String member, String otherwise, String wanted)
      throws FormatException {
    String found = json.has(member) ? json.string(member) : otherwise;
    if (!found.equals(wanted)) {
      throw json.error(
          "%s %s is not supported: %s is".formatted(member, Json.describe(found), wanted));
    }
  }

  private static void requireFlag(JsonObject json, String member, boolean wanted)
      throws FormatException {
    if (json.flag(member, wanted) != wanted) {
      throw json.error("%s %s is not supported: %s is".formatted(member, !wanted, wanted));
    }
  }

  private static int heads(JsonObject json, int hidden) throws FormatException {
    int heads = json.whole(HEADS, 1);
    if (hidden % heads != 0) {
      throw json.error("hidden_size %d is no multiple of %d heads".formatted(hidden, heads));
    }
    for (String member :
        List.of(
            "decoder_num_attention_heads",
            "encoder_num_key_value_heads",
            "decoder_num_key_value_heads")) {
      int other = json.has(member) ? json.whole(member, 1) : heads;
      if (other != heads) {
        throw json.error(
            "%s %d is not supported: it must be %s, which is %d"
                .formatted(member, other, HEADS, heads));
      }
    }
    return heads;
  }

  /** Newer versions of Hugging Face's library gather what is about rotation in one object. */
  private static JsonObject rope(JsonObject json) throws FormatException {
    var rope = json.has("rope_parameters") ? json.object("rope_parameters") : json;
    require(rope, "rope_type", "default", "default");
    if (json.has("rope_scaling")) {
      throw json.error("rope_scaling is not supported: null is");
    }
    return rope;
  }

  private static int rotaryChannels(JsonObject rope, int headSize) throws FormatException {
    double factor = rope.has(FACTOR) ? rope.number(FACTOR) : 1;
    double channels = Math.floor(headSize * factor);
    if (!(factor > 0 && factor <= 1) || channels % 2 != 0 || channels == 0) {
      throw rope.error(
          "%s %s turns %.0f of %d channels of a head: an even number of them is needed"
              .formatted(FACTOR, factor, channels, headSize));
    }
    return (int) channels;
  }

  private static double theta(JsonObject rope) throws FormatException {
    double theta = rope.has("rope_theta") ? rope.number("rope_theta") : USUAL_THETA;
    if (!(theta > 0) || Double.isInfinite(theta)) {
      throw rope.error("rope_theta must be positive but is " + theta);
    }
    return theta;
  }

  private static int token(JsonObject json, String member, int otherwise, int vocabulary)
      throws FormatException {
    int token = json.has(member) ? json.whole(member, 0) : otherwise;
    if (token >= vocabulary) {
      throw json.error(
          "%s is %d but vocab_size is %d, so that there is no such token"
              .formatted(member, token, vocabulary));
    }
    return token;
  }

  /** Returns the content of a {@code config.json} that Hugging Face's library reads the same. */
  Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("architectures", List.of("MoonshineForConditionalGeneration"));
    json.put("model_type", TYPE);
    json.put("vocab_size", vocabularySize);
    json.put("hidden_size", hiddenSize);
    json.put("intermediate_size", intermediateSize);
    json.put("encoder_num_hidden_layers", encoderLayers);
    json.put("decoder_num_hidden_layers", decoderLayers);
    for (String part : List.of("encoder", "decoder")) {
      json.put(part + "_num_attention_heads", heads);
      json.put(part + "_num_key_value_heads", heads);
    }
    json.put("encoder_hidden_act", "gelu");
    json.put("decoder_hidden_act", "silu");
    json.put("max_position_embeddings", maxPositions);
    json.put(FACTOR, rotaryFactor());
    json.put("rope_theta", ropeTheta);
    json.put("rope_scaling", null);
    json.put("attention_bias", false);
    json.put("is_encoder_decoder", true);
    json.put("tie_word_embeddings", true);
    json.putAll(tokensJson());
    json.put("torch_dtype", "float32");
    return json;
  }

  /** Returns the content of a {@code generation_config.json}. */
  Map<String, Object> generationJson() {
    var json = tokensJson();
    json.put("max_length", maxPositions);
    return json;
  }

  private Map<String, Object> tokensJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("bos_token_id", startToken);
    json.put("decoder_start_token_id", startToken);
    json.put("eos_token_id", endToken);
    return json;
  }

  /** Returns the fewest decimals that leave so many channels when the product is cut down. */
  private double rotaryFactor() {
    for (double unit = 10; ; unit *= 10) {
      double factor = Math.ceil(unit * rotaryChannels / headSize()) / unit;
      if (Math.floor(headSize() * factor) == rotaryChannels) {
        return factor;
      }
    }
  }
}
