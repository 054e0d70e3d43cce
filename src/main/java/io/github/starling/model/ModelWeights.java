package io.github.starling.model;

import java.util.List;

/**
 * The weights of a model under any of the names that Hugging Face's files give them.
 *
 * <p>Models with a task's head on top put the name of their family before the names of the encoder;
 * those converted from TensorFlow call the weight and bias of layer norm gamma and beta.
 */
record ModelWeights(Safetensors file, ModelType type) {
  /** Returns the name that the file uses for a tensor of BERT, or null if it has no such tensor. */
  String find(String bertName) {
    String name = type.nameOf(bertName);
    String older =
        name.replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta");
    for (String candidate : List.of(name, type.prefix() + name, older, type.prefix() + older)) {
      if (file.names().contains(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /**
   * Returns a tensor.
   *
   * @throws FormatException if there is none
   */
  StoredTensor tensor(String name) throws FormatException {
    String found = find(name);
    return file.tensor(found == null ? type.nameOf(name) : found);
  }

  /**
   * Checks that every tensor of an encoder is there.
   *
   * @throws FormatException if one is missing or has another shape or type than the config calls
   *     for
   */
  void check(EncoderConfig config) throws FormatException {
    if (config.layers() > file.names().size()) { // before a list of all names is made
      throw file.error(
          "config.json calls for %d layers but there are only %d tensors"
              .formatted(config.layers(), file.names().size()));
    }
    for (var entry : BertTensors.shapes(config).entrySet()) {
      check(entry.getKey(), entry.getValue());
    }
  }

  /**
   * Checks a tensor.
   *
   * @throws FormatException if there is none, or it has another shape or is not of floats
   */
  void check(String name, List<Long> shape) throws FormatException {
    file.check(tensor(name), shape);
  }
}
