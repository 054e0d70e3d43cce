package io.github.starling.evaluation;

import java.util.Map;

/**
 * What is evaluated, apart from the attention.
 *
 * @param task its name, such as qa
 * @param data the name of what is read
 * @param model the name of the model
 * @param options numbers and words that change the outcome, by name
 */
public record Setup(String task, String data, String model, Map<String, Object> options) {
  /** Copies the options. */
  public Setup {
    options = Map.copyOf(options);
  }
}
