package io.github.starling.model;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX graph as ONNX Runtime's dynamic quantisation leaves it.
 *
 * <p>A weight becomes three: {@code NAME_quantized}, {@code NAME_scale} and {@code
 * NAME_zero_point}. Those of products have lost their names to the exporter ({@code
 * onnx::MatMul_1493}); which layer one belongs to stands in the name of what the product makes.
 */
final class QuantizedGraph {
  private static final String QUANTIZED = "_quantized";

  /** What a weight's name ends with when two graphs that share it were made the branches of one. */
  private static final String MERGED = "_merged_0";

  private final OnnxGraph graph;
  private final Map<String, OnnxNode> products = new HashMap<>();

  QuantizedGraph(OnnxGraph graph) throws FormatException {
    this.graph = graph;
    for (OnnxNode node : graph.nodes("MatMulInteger")) {
      String output = node.outputs().isEmpty() ? "" : node.outputs().getFirst();
      int end = output.indexOf("/MatMul_");
      if (end < 0 || !node.input(1).endsWith(QUANTIZED)) {
        continue;
      }
      // branches of an If repeat the layers, with the same weights
      OnnxNode other = products.putIfAbsent(output.substring(0, end), node);
      if (other != null && !other.input(1).equals(node.input(1))) {
        throw graph.error(
            "product %s has two weights: %s and %s"
                .formatted(output, other.input(1), node.input(1)));
      }
    }
  }

  OnnxGraph graph() {
    return graph;
  }

  /** Tells whether a layer has a product, such as {@code /layers.0/self_attn/q_proj}. */
  boolean hasProduct(String layer) {
    return products.containsKey(layer);
  }

  /**
   * Returns the weight of a layer's product, shape (in, out).
   *
   * @throws FormatException if there is none or it is not quantised as said above
   */
  QuantizedTensor product(String layer) throws FormatException {
    OnnxNode node = products.get(layer);
    if (node == null) {
      throw graph.error(
          "no MatMulInteger makes %s: only graphs that ONNX Runtime has quantised dynamically are"
                  .formatted(layer)
              + " supported");
    }
    String name = node.input(1);
    return quantized(name.substring(0, name.length() - QUANTIZED.length()));
  }

  /**
   * Returns a weight that has kept its name.
   *
   * @throws FormatException if there is none or it is not quantised as said above
   */
  QuantizedTensor weight(String name) throws FormatException {
    return quantized(graph.constant(name + MERGED + QUANTIZED) != null ? name + MERGED : name);
  }

  private QuantizedTensor quantized(String name) throws FormatException {
    var integers = required(name + QUANTIZED);
    if (!isBytes(integers)) {
      throw graph.error(
          "tensor %s is of %s but U8 or I8 is needed".formatted(integers.name(), integers.dtype()));
    }
    float scale = scalar(name + "_scale");
    String zeroName = name + "_zero_point";
    float zero = scalar(zeroName);
    boolean isInteger = isBytes(required(zeroName));
    return new QuantizedTensor(integers, scale, isInteger ? (int) zero : 0, isInteger ? 0 : zero);
  }

  private static boolean isBytes(StoredTensor tensor) {
    return tensor.dtype() == DType.U8 || tensor.dtype() == DType.I8;
  }

  private float scalar(String name) throws FormatException {
    var tensor = required(name);
    boolean isReadable = isBytes(tensor) || tensor.dtype() == DType.F32;
    if (tensor.elements() != 1 || !isReadable) {
      throw graph.error(
          "tensor %s must be one F32, U8 or I8 but is %s %s: one scale for each channel is not"
                  .formatted(name, tensor.dtype(), tensor.shape())
              + " supported");
    }
    float value =
        tensor.dtype() == DType.F32
            ? tensor.data().get(Matrix.FLOAT, 0)
            : QuantizedTensor.integer(tensor.dtype(), tensor.data().get(ValueLayout.JAVA_BYTE, 0));
    if (!Float.isFinite(value)) {
      throw graph.error("tensor " + name + " must be finite but is " + value);
    }
    return value;
  }

  /**
   * Returns a tensor that is not quantised.
   *
   * @throws FormatException if there is none or it is not of F32
   */
  StoredTensor floats(String name) throws FormatException {
    var tensor = required(graph.constant(name + MERGED) != null ? name + MERGED : name);
    return requireFloats(tensor);
  }

  /**
   * Returns the constant operand of the operation that reads a value and another.
   *
   * @throws FormatException if no such operation reads it
   */
  StoredTensor operand(String value, String operation) throws FormatException {
    for (OnnxNode node : graph.readers(value)) {
      String other = OnnxGraph.otherInput(node, value);
      if (node.operation().equals(operation) && other != null && graph.constant(other) != null) {
        return requireFloats(graph.constant(other));
      }
    }
    throw graph.error("no %s of %s and a constant".formatted(operation, value));
  }

  private StoredTensor requireFloats(StoredTensor tensor) throws FormatException {
    if (tensor.dtype() != DType.F32) {
      throw graph.error(
          "tensor %s must be of F32 but is of %s".formatted(tensor.name(), tensor.dtype()));
    }
    return tensor;
  }

  private StoredTensor required(String name) throws FormatException {
    var tensor = graph.constant(name);
    if (tensor == null) {
      throw graph.error("no tensor is named " + name);
    }
    return tensor;
  }

  /**
   * Checks a shape.
   *
   * @throws FormatException if it is another
   */
  void check(String name, List<Long> found, List<Long> wanted) throws FormatException {
    if (!found.equals(wanted)) {
      throw graph.error("tensor %s must have shape %s but has %s".formatted(name, wanted, found));
    }
  }

  /** Returns a fault of the graph as a whole. */
  FormatException error(String problem) {
    return graph.error(problem);
  }
}
