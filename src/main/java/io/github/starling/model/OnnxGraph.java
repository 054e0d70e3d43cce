package io.github.starling.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Who makes and who reads each value of an ONNX graph. */
final class OnnxGraph {
  private final OnnxFile file;
  private final Map<String, OnnxNode> makers = new HashMap<>();
  private final Map<String, List<OnnxNode>> readers = new HashMap<>();

  OnnxGraph(OnnxFile file) {
    this.file = file;
    for (OnnxNode node : file.nodes()) {
      node.outputs().forEach(output -> makers.put(output, node));
      node.inputs().forEach(in -> readers.computeIfAbsent(in, _ -> new ArrayList<>(1)).add(node));
    }
  }

  /** Returns the node that makes a value if its operation is the one given, else null. */
  OnnxNode maker(String value, String operation) {
    OnnxNode node = makers.get(value);
    return node != null && node.operation().equals(operation) ? node : null;
  }

  /** Returns the nodes that read a value. */
  List<OnnxNode> readers(String value) {
    return readers.getOrDefault(value, List.of());
  }

  /** Returns the nodes that have an operation, in file order. */
  List<OnnxNode> nodes(String operation) {
    return file.nodes().stream().filter(node -> node.operation().equals(operation)).toList();
  }

  /** Tells whether any node has this operation. */
  boolean uses(String operation) {
    return !nodes(operation).isEmpty();
  }

  /** Returns the tensor behind a value that does not depend on the input, or null. */
  StoredTensor constant(String value) {
    String name = value;
    // exporters alias equal weights by Identity; the count ends a cycle in a hostile graph
    for (int hops = 0; hops <= makers.size(); hops++) {
      StoredTensor initializer = file.initializers().get(name);
      if (initializer != null) {
        return initializer;
      }
      OnnxNode node = makers.get(name);
      if (node == null) {
        return null;
      }
      if (node.operation().equals("Constant")) {
        return node.attributes().get("value") instanceof StoredTensor tensor ? tensor : null;
      }
      if (!node.operation().equals("Identity")) {
        return null;
      }
      name = node.input(0);
    }
    return null;
  }

  /**
   * Returns the heads that a value is cut into: shape (batch, n, d) becomes (batch, n, heads, d /
   * heads).
   *
   * @param hidden the columns d
   * @throws FormatException if the value is not cut so
   */
  int heads(String queries, int hidden) throws FormatException {
    for (OnnxNode node : readers(queries)) {
      List<Long> shape = node.operation().equals("Reshape") ? shape(node.input(1)) : List.of();
      if (shape.size() < 3) {
        continue;
      }
      long size = shape.getLast();
      long heads = shape.get(shape.size() - 2);
      heads = heads < 1 && size > 0 ? hidden / size : heads;
      size = size < 1 && heads > 0 ? hidden / heads : size;
      if (heads > 0 && heads <= hidden && size <= hidden && heads * size == hidden) {
        return (int) heads;
      }
    }
    throw error(queries + " is not reshaped to heads whose sizes add up to " + hidden + " columns");
  }

  /** Returns the dimensions of a shape value; −1 where they depend on the input. */
  private List<Long> shape(String value) {
    var shape = new ArrayList<Long>();
    OnnxNode concat = maker(value, "Concat");
    for (String part : concat == null ? List.of(value) : concat.inputs()) {
      var constant = constant(part);
      if (constant != null && constant.dtype() == DType.I64) {
        for (long dimension : constant.longs()) {
          shape.add(dimension);
        }
      } else {
        shape.add(-1L);
      }
    }
    return shape;
  }

  /** Returns the input of a node with two that is not the one given, or null. */
  static String otherInput(OnnxNode node, String input) {
    if (node.inputs().size() != 2 || !node.inputs().contains(input)) {
      return null;
    }
    return node.input(0).equals(input) ? node.input(1) : node.input(0);
  }

  /** Returns the nodes between a value and the matrix products that depend on it. */
  List<OnnxNode> untilProduct(String value) {
    var found = new ArrayList<OnnxNode>();
    var seen = new HashSet<OnnxNode>();
    var values = new ArrayList<>(List.of(value));
    while (!values.isEmpty()) {
      for (OnnxNode node : readers(values.removeLast())) {
        boolean isProduct = node.operation().equals("MatMul") || node.operation().equals("Gemm");
        if (!isProduct && seen.add(node)) {
          found.add(node);
          values.addAll(node.outputs());
        }
      }
    }
    return found;
  }

  /** Returns a fault of the graph as a whole. */
  FormatException error(String problem) {
    return new FormatException(file.path(), 0, problem);
  }
}
