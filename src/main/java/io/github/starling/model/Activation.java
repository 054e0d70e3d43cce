package io.github.starling.model;

import io.github.starling.kernel.Gelu;
import io.github.starling.tensor.Matrix;

/** The non-linearity between the two feed-forward products. */
public enum Activation {
  /** x·Φ(x) with the error function: x/2·(1 + erf(x/√2)). */
  GELU_ERF("gelu"),

  /** The tanh approximation: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
  GELU_TANH("gelu_new");

  private final String configName;

  Activation(String configName) {
    this.configName = configName;
  }

  /** Returns the name that {@code hidden_act} of a {@code config.json} gives it. */
  public String configName() {
    return configName;
  }

  /**
   * Applies it to each element, in place.
   *
   * @param values shape (rows, columns)
   */
  public void apply(Matrix values) {
    switch (this) {
      case GELU_ERF -> Gelu.erf(values);
      case GELU_TANH -> Gelu.tanh(values);
    }
  }

  /** Returns the activation of a config name, or null if it is another. */
  static Activation ofConfigName(String name) {
    return switch (name) {
      case "gelu", "gelu_python" -> GELU_ERF;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> GELU_TANH;
      default -> null;
    };
  }
}
