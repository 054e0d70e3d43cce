package io.github.starling.model;

import java.util.List;
import java.util.Map;

/**
 * One operation of an ONNX graph.
 *
 * @param operation what it does, such as {@code MatMul}
 * @param inputs names of the values it reads; an optional one that is absent is empty
 * @param outputs names of the values it makes
 * @param attributes settings by name: a {@code Long}, {@code Float}, {@code String}, {@link
 *     StoredTensor} or {@code List<Long>}; others are left out
 */
public record OnnxNode(
    String operation, List<String> inputs, List<String> outputs, Map<String, Object> attributes) {
  /** Copies the lists. */
  public OnnxNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Map.copyOf(attributes);
  }

  /** Returns an input's name, or an empty one if there are fewer inputs. */
  public String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }
}
