package io.github.starling.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a BERT-family encoder, as {@code config.json} gives it.
 *
 * @param type the family, which decides the names of tensors
 * @param vocabularySize rows of the word embeddings
 * @param hiddenSize width d of every token, a multiple of {@code heads}
 * @param layers number of encoder layers
 * @param heads attention heads of each layer, d / heads wide
 * @param intermediateSize width between the two feed-forward products
 * @param maxPositions the longest sequence
 * @param firstPosition row of the position embeddings that the first token takes: 0, or in RoBERTa
 *     the one after the padding's id
 * @param typeVocabularySize rows of the token type embeddings, 0 if there are none
 * @param layerNormEpsilon ε that layer norm adds to the variance
 * @param activation non-linearity of the feed-forward
 */
public record EncoderConfig(
    ModelType type,
    int vocabularySize,
    int hiddenSize,
    int layers,
    int heads,
    int intermediateSize,
    int maxPositions,
    int firstPosition,
    int typeVocabularySize,
    double layerNormEpsilon,
    Activation activation) {

  static final String FILE = "config.json";

  /** Its config does not say it. */
  private static final double DISTILBERT_EPSILON = 1e-12;

  /** Describes a BERT. */
  EncoderConfig(
      int vocabularySize,
      int hiddenSize,
      int layers,
      int heads,
      int intermediateSize,
      int maxPositions,
      int typeVocabularySize,
      double layerNormEpsilon,
      Activation activation) {
    this(
        ModelType.BERT,
        vocabularySize,
        hiddenSize,
        layers,
        heads,
        intermediateSize,
        maxPositions,
        0,
        typeVocabularySize,
        layerNormEpsilon,
        activation);
  }

  /** Returns the width of a head. */
  public int headSize() {
    return hiddenSize / heads;
  }

  /** Reads a {@code config.json}. */
  static EncoderConfig of(JsonObject json) throws FormatException {
    var type = type(json);
    boolean isDistil = type == ModelType.DISTILBERT;
    String hiddenKey = isDistil ? "dim" : "hidden_size";
    int hidden = json.whole(hiddenKey, 1);
    int heads = json.whole(isDistil ? "n_heads" : "num_attention_heads", 1);
    if (hidden % heads != 0) {
      throw json.error("%s %d is no multiple of %d heads".formatted(hiddenKey, hidden, heads));
    }
    long first = type == ModelType.ROBERTA ? padding(json) + 1L : 0;
    int rows = json.whole("max_position_embeddings", 1);
    if (rows <= first) {
      throw json.error(
          "max_position_embeddings %d leaves no position: the first is %d".formatted(rows, first));
    }
    return new EncoderConfig(
        type,
        json.whole("vocab_size", 1),
        hidden,
        json.whole(isDistil ? "n_layers" : "num_hidden_layers", 1),
        heads,
        json.whole(isDistil ? "hidden_dim" : "intermediate_size", 1),
        (int) (rows - first),
        (int) first,
        isDistil ? 0 : json.whole("type_vocab_size", 1),
        isDistil ? DISTILBERT_EPSILON : epsilon(json),
        activation(json, isDistil ? "activation" : "hidden_act"));
  }

  private static ModelType type(JsonObject json) throws FormatException {
    String name = json.string("model_type");
    var type = ModelType.ofConfigName(name);
    if (type == null) {
      throw json.error(
          "model_type %s is not supported: %s are"
              .formatted(Json.describe(name), ModelType.names()));
    }
    String positions =
        json.has("position_embedding_type") ? json.string("position_embedding_type") : "absolute";
    if (!positions.equals("absolute")) {
      throw json.error(
          "position_embedding_type %s is not supported: absolute is"
              .formatted(Json.describe(positions)));
    }
    return type;
  }

  /** RoBERTa counts positions from the padding's id on, which is 1 where nothing else is said. */
  private static int padding(JsonObject json) throws FormatException {
    return json.has("pad_token_id") ? json.whole("pad_token_id", 0) : 1;
  }

  private static double epsilon(JsonObject json) throws FormatException {
    double epsilon = json.number("layer_norm_eps");
    if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
      throw json.error("layer_norm_eps must be positive but is " + epsilon);
    }
    return epsilon;
  }

  /** Reads an activation. */
  static Activation activation(JsonObject json, String key) throws FormatException {
    String name = json.string(key);
    var activation = Activation.ofConfigName(name);
    if (activation == null) {
      throw json.error(
          "%s %s is not supported: gelu and gelu_new are".formatted(key, Json.describe(name)));
    }
    return activation;
  }

  /** Returns the content of a {@code config.json} for a BERT, that others read the same. */
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
