package io.github.starling.encoder;

import io.github.starling.model.ModelType;

/**
 * What the checkpoints of each family call the same weights, copied from those of Hugging Face.
 *
 * <p>The first dense layer of a classifier stands where BERT has its pooler.
 */
final class FamilyNames {
  /** BERT, RoBERTa and DistilBERT; N is the layer. */
  private static final String TABLE =
      """
      embeddings.word_embeddings | embeddings.word_embeddings | embeddings.word_embeddings
      embeddings.position_embeddings | embeddings.position_embeddings | embeddings.position_embeddings
      embeddings.token_type_embeddings | embeddings.token_type_embeddings | -
      embeddings.LayerNorm | embeddings.LayerNorm | embeddings.LayerNorm
      encoder.layer.N.attention.self.query | encoder.layer.N.attention.self.query | transformer.layer.N.attention.q_lin
      encoder.layer.N.attention.self.key | encoder.layer.N.attention.self.key | transformer.layer.N.attention.k_lin
      encoder.layer.N.attention.self.value | encoder.layer.N.attention.self.value | transformer.layer.N.attention.v_lin
      encoder.layer.N.attention.output.dense | encoder.layer.N.attention.output.dense | transformer.layer.N.attention.out_lin
      encoder.layer.N.attention.output.LayerNorm | encoder.layer.N.attention.output.LayerNorm | transformer.layer.N.sa_layer_norm
      encoder.layer.N.intermediate.dense | encoder.layer.N.intermediate.dense | transformer.layer.N.ffn.lin1
      encoder.layer.N.output.dense | encoder.layer.N.output.dense | transformer.layer.N.ffn.lin2
      encoder.layer.N.output.LayerNorm | encoder.layer.N.output.LayerNorm | transformer.layer.N.output_layer_norm
      pooler.dense | classifier.dense | pre_classifier
      classifier | classifier.out_proj | classifier
      qa_outputs | qa_outputs | qa_outputs
      cls.predictions.transform.dense | lm_head.dense | vocab_transform
      cls.predictions.transform.LayerNorm | lm_head.layer_norm | vocab_layer_norm
      cls.predictions.decoder | lm_head.decoder | vocab_projector
      cls.predictions | lm_head | vocab_projector
      """;

  private FamilyNames() {}

  /**
   * Returns what the files of a family call a tensor.
   *
   * @param name what BERT calls it, without {@code bert.}
   */
  static String of(ModelType type, String name) {
    int dot = name.lastIndexOf('.');
    String layer = name.replaceAll("^encoder\\.layer\\.(\\d+)\\..*|.*", "$1");
    String part = name.substring(0, dot).replace("layer." + layer + ".", "layer.N.");
    return TABLE
            .lines()
            .map(line -> line.split(" \\| "))
            .filter(row -> row[0].equals(part))
            .findFirst()
            .orElseThrow()[type.ordinal()]
            .replace(".N.", "." + layer + ".")
        + name.substring(dot);
  }

  /** Tells whether a tensor is the encoder's, so that models with a head put the family before. */
  static boolean isOfEncoder(String name) {
    return name.matches("(embeddings|encoder|transformer|pooler)\\..*");
  }
}
