package io.github.starling.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a BERT-family encoder, as {@code config.json} gives it.
 *
 * @param vocabularySize rows of the word embeddings
 * @param hiddenSize width d of every token, a multiple of {@code heads}
 * @param layers number of encoder layers
 * @param heads attention heads of each layer, d / heads wide
 * @param intermediateSize width between the two feed-forward products
 * @param maxPositions rows of the position embeddings: the longest sequence
 * @param typeVocabularySize rows of the token type embeddings
 * @param layerNormEpsilon ε that layer norm adds to the variance
 * @param activation non-linearity of the feed-forward
 */
public record EncoderConfig(
    int vocabularySize,
    int hiddenSize,
    int layers,
    int heads,
    int intermediateSize,
    int maxPositions,
    int typeVocabularySize,
    double layerNormEpsilon,
    Activation activation) {

  static final String FILE = "config.json";

  /** Returns the width of a head. */
  public int headSize() {
    return hiddenSize / heads;
  }

  /** Reads a {@code config.json}. */
  static EncoderConfig of(JsonObject json) throws FormatException {
    checkArchitecture(json);
    int hidden = json.whole("hidden_size", 1);
    int heads = json.whole("num_attention_heads", 1);
    if (hidden % heads != 0) {
      throw json.error("hidden_size %d is no multiple of %d heads".formatted(hidden, heads));
    }
    double epsilon = json.number("layer_norm_eps");
    if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
      throw json.error("layer_norm_eps must be positive but is " + epsilon);
    }
    String activationName = json.string("hidden_act");
    var activation = Activation.ofConfigName(activationName);
    if (activation == null) {
      throw json.error(
          "hidden_act %s is not supported: gelu and gelu_new are"
              .formatted(Json.describe(activationName)));
    }
    return new EncoderConfig(
        json.whole("vocab_size", 1),
        hidden,
        json.whole("num_hidden_layers", 1),
        heads,
        json.whole("intermediate_size", 1),
        json.whole("max_position_embeddings", 1),
        json.whole("type_vocab_size", 1),
        epsilon,
        activation);
  }

  private static void checkArchitecture(JsonObject json) throws FormatException {
    String type = json.string("model_type");
    if (!type.equals("bert")) {
      throw json.error("model_type %s is not supported: bert is".formatted(Json.describe(type)));
    }
    String positions =
        json.has("position_embedding_type") ? json.string("position_embedding_type") : "absolute";
    if (!positions.equals("absolute")) {
      throw json.error(
          "position_embedding_type %s is not supported: absolute is"
              .formatted(Json.describe(positions)));
    }
  }

  /** Returns the content of a {@code config.json} that others read the same. */
  Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("architectures", List.of("BertModel"));
    json.put("model_type", "bert");
    json.put("vocab_size", vocabularySize);
    json.put("hidden_size", hiddenSize);
    json.put("num_hidden_layers", layers);
    json.put("num_attention_heads", heads);
    json.put("intermediate_size", intermediateSize);
    json.put("hidden_act", activation.configName());
    json.put("max_position_embeddings", maxPositions);
    json.put("type_vocab_size", typeVocabularySize);
    json.put("layer_norm_eps", layerNormEpsilon);
    json.put("position_embedding_type", "absolute");
    return json;
  }
}
