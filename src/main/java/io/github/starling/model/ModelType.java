package io.github.starling.model;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A family of encoders with BERT's layers, under the name that {@code model_type} gives it.
 *
 * <p>Code asks for tensors by BERT's names; a family knows what they are called in its files.
 */
public enum ModelType {
  /** Devlin et al., arXiv:1810.04805; also MiniLM, E5 and BGE. */
  BERT("bert"),

  /** Liu et al., arXiv:1907.11692: no token types, positions that begin after the padding's. */
  ROBERTA(
      "roberta",
      "cls.predictions.transform.dense",
      "lm_head.dense",
      "cls.predictions.transform.LayerNorm",
      "lm_head.layer_norm",
      "cls.predictions",
      "lm_head"),

  /** Sanh et al., arXiv:1910.01108: no token types, no pooler. */
  DISTILBERT(
      "distilbert",
      "encoder.layer.",
      "transformer.layer.",
      "attention.self.query",
      "attention.q_lin",
      "attention.self.key",
      "attention.k_lin",
      "attention.self.value",
      "attention.v_lin",
      "attention.output.dense",
      "attention.out_lin",
      "attention.output.LayerNorm",
      "sa_layer_norm",
      "intermediate.dense",
      "ffn.lin1",
      ".output.dense",
      ".ffn.lin2",
      ".output.LayerNorm",
      ".output_layer_norm",
      "cls.predictions.transform.dense",
      "vocab_transform",
      "cls.predictions.transform.LayerNorm",
      "vocab_layer_norm",
      "cls.predictions.decoder",
      "vocab_projector",
      "cls.predictions.bias",
      "vocab_projector.bias");

  private final String configName;
  private final String[] renames;

  /** Takes what to replace in BERT's names, each followed by the replacement, in order. */
  ModelType(String configName, String... renames) {
    this.configName = configName;
    this.renames = renames;
  }

  /** Returns the name that {@code model_type} of a {@code config.json} gives it. */
  public String configName() {
    return configName;
  }

  /** Returns what models with a task's head put before the names of the encoder. */
  String prefix() {
    return configName + ".";
  }

  /** Returns what the files of this family call a tensor of BERT. */
  public String nameOf(String bertName) {
    String name = bertName;
    for (int i = 0; i < renames.length; i += 2) {
      name = name.replace(renames[i], renames[i + 1]);
    }
    return name;
  }

  /** Returns the family of a config's name, or null if it is another. */
  static ModelType ofConfigName(String name) {
    return Arrays.stream(values()).filter(t -> t.configName.equals(name)).findFirst().orElse(null);
  }

  /** Returns the names of all families, for messages. */
  static String names() {
    return Arrays.stream(values()).map(ModelType::configName).collect(Collectors.joining(", "));
  }
}
