package io.github.starling.model;

/** What Google's checkpoints call the tensors of BERT. */
final class CheckpointNames {
  /** How the name of a dense weight ends; it has shape (in, out). */
  static final String KERNEL = "/kernel";

  private CheckpointNames() {}

  /**
   * Returns a tensor's name in a checkpoint.
   *
   * @param name its Hugging Face name, such as {@code bert.encoder.layer.0.output.dense.weight}
   * @return such as {@code bert/encoder/layer_0/output/dense/kernel}
   */
  static String of(String name) {
    int dot = name.lastIndexOf('.');
    String stem =
        name.substring(0, dot).replace("encoder.layer.", "encoder.layer_").replace('.', '/');
    boolean isWeight = name.endsWith(".weight");
    return switch (stem.substring(stem.lastIndexOf('/') + 1)) {
      case "word_embeddings", "position_embeddings", "token_type_embeddings" -> stem;
      case "LayerNorm" -> stem + (isWeight ? "/gamma" : "/beta");
      case "predictions", "seq_relationship" ->
          stem + (isWeight ? "/output_weights" : "/output_bias");
      default -> stem + (isWeight ? KERNEL : "/bias");
    };
  }
}
