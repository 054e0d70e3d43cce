package io.github.starling.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a BERT encoder under their Hugging Face names.
 *
 * <p>Dense weights have shape (out, in): y = x·Wᵀ + b.
 */
final class BertTensors {
  static final String WORDS = "embeddings.word_embeddings.weight";
  static final String POSITIONS = "embeddings.position_embeddings.weight";
  static final String TYPES = "embeddings.token_type_embeddings.weight";
  static final String EMBEDDING_NORM = "embeddings.LayerNorm";
  static final String QUERY = "attention.self.query";
  static final String INTERMEDIATE = "intermediate.dense";

  /** Only some models have it: tanh of a dense layer on the first token. */
  static final String POOLER = "pooler.dense";

  private BertTensors() {}

  /**
   * Returns the name of a part of a layer, such as {@code encoder.layer.0.attention.self.query}.
   */
  static String layer(int layer, String part) {
    return "encoder.layer." + layer + "." + part;
  }

  /** Returns every tensor that an encoder needs, with its shape, in the order of the model. */
  static Map<String, List<Long>> shapes(EncoderConfig config) {
    long d = config.hiddenSize();
    long wide = config.intermediateSize();
    var shapes = new LinkedHashMap<String, List<Long>>();
    shapes.put(WORDS, List.of((long) config.vocabularySize(), d));
    shapes.put(POSITIONS, List.of((long) config.firstPosition() + config.maxPositions(), d));
    if (config.typeVocabularySize() > 0) {
      shapes.put(TYPES, List.of((long) config.typeVocabularySize(), d));
    }
    norm(shapes, EMBEDDING_NORM, d);
    for (int i = 0; i < config.layers(); i++) {
      dense(shapes, layer(i, QUERY), d, d);
      dense(shapes, layer(i, "attention.self.key"), d, d);
      dense(shapes, layer(i, "attention.self.value"), d, d);
      dense(shapes, layer(i, "attention.output.dense"), d, d);
      norm(shapes, layer(i, "attention.output.LayerNorm"), d);
      dense(shapes, layer(i, INTERMEDIATE), wide, d);
      dense(shapes, layer(i, "output.dense"), d, wide);
      norm(shapes, layer(i, "output.LayerNorm"), d);
    }
    return shapes;
  }

  static void dense(Map<String, List<Long>> shapes, String name, long out, long in) {
    shapes.put(name + ".weight", List.of(out, in));
    shapes.put(name + ".bias", List.of(out));
  }

  static void norm(Map<String, List<Long>> shapes, String name, long d) {
    shapes.put(name + ".weight", List.of(d));
    shapes.put(name + ".bias", List.of(d));
  }
}
