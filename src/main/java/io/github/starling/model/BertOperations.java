package io.github.starling.model;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the operations of a BERT graph say that no weight does.
 *
 * <p>The heads come from the shape to which queries are cut, layer norm's ε from the constant that
 * is added to the variance, the activation from the operations between the two feed-forward
 * products. What cannot be found, or differs between layers, is an error.
 *
 * @param prefix what stands before the names of the weights
 * @param layers number of encoder layers, ≥ 1
 */
record BertOperations(OnnxGraph graph, String prefix, int layers) {
  /** The factor of x³ in the tanh approximation of GELU. */
  private static final double TANH_GELU_CUBIC = 0.044715;

  /** Returns how many heads queries of so many columns are cut into. */
  int heads(int hidden) throws FormatException {
    int heads = 0;
    for (int i = 0; i < layers; i++) {
      String bias = prefix + BertTensors.layer(i, BertTensors.QUERY) + ".bias";
      int found = graph.heads(DenseLayer.find(graph, bias).output(), hidden);
      if (i > 0 && found != heads) {
        throw graph.error("layer %d has %d heads but layer 0 has %d".formatted(i, found, heads));
      }
      heads = found;
    }
    return heads;
  }

  /** Returns the ε of every layer norm. */
  double epsilon() throws FormatException {
    double epsilon = epsilonOf(BertTensors.EMBEDDING_NORM);
    for (int i = 0; i < layers; i++) {
      for (String part : List.of("attention.output.LayerNorm", "output.LayerNorm")) {
        double found = epsilonOf(BertTensors.layer(i, part));
        if (found != epsilon) {
          throw graph.error(
              "layer norms differ: %s has ε %s but %s has %s"
                  .formatted(
                      BertTensors.layer(i, part), found, BertTensors.EMBEDDING_NORM, epsilon));
        }
      }
    }
    return epsilon;
  }

  private double epsilonOf(String norm) throws FormatException {
    String weight = prefix + norm + ".weight";
    for (OnnxNode node : graph.readers(weight)) {
      Float epsilon = null;
      if (node.operation().equals("LayerNormalization")) {
        // the operator's own default
        epsilon = node.attributes().getOrDefault("epsilon", 1e-5f) instanceof Float f ? f : null;
      } else if (node.operation().equals("Mul")) {
        epsilon = addedToVariance(OnnxGraph.otherInput(node, weight));
      }
      if (epsilon != null && epsilon > 0) {
        // the shortest decimal of the float: 1.0E-12, not 9.999999960041972E-13
        return Double.parseDouble(epsilon.toString());
      }
    }
    throw graph.error("layer norm " + norm + " has no ε: nothing is added to its variance");
  }

  /** Follows (x − mean) / √(variance + ε) back to ε; null if the value is made otherwise. */
  private Float addedToVariance(String normalized) {
    OnnxNode division = graph.maker(normalized, "Div");
    OnnxNode root = division == null ? null : graph.maker(division.input(1), "Sqrt");
    OnnxNode sum = root == null ? null : graph.maker(root.input(0), "Add");
    if (sum != null) {
      for (String input : sum.inputs()) {
        Float scalar = scalar(input);
        if (scalar != null) {
          return scalar;
        }
      }
    }
    return null;
  }

  private Float scalar(String value) {
    var constant = graph.constant(value);
    if (constant == null || constant.elements() != 1 || !constant.dtype().isFloat()) {
      return null;
    }
    try (var arena = Arena.ofConfined()) {
      return constant.floats(arena).get(Matrix.FLOAT, 0);
    }
  }

  /** Returns the activation of every feed-forward. */
  Activation activation() throws FormatException {
    Activation activation = null;
    for (int i = 0; i < layers; i++) {
      String bias = prefix + BertTensors.layer(i, BertTensors.INTERMEDIATE) + ".bias";
      var found = activationOf(graph.untilProduct(DenseLayer.find(graph, bias).output()));
      if (activation != null && found != activation) {
        throw graph.error(
            "layer %d has activation %s but layer 0 has %s".formatted(i, found, activation));
      }
      activation = found;
    }
    return activation;
  }

  private Activation activationOf(List<OnnxNode> nodes) throws FormatException {
    var operations = new TreeSet<String>();
    boolean hasCubic = false;
    for (OnnxNode node : nodes) {
      operations.add(node.operation());
      for (String input : node.inputs()) {
        Float scalar = scalar(input);
        hasCubic |= scalar != null && Math.abs(scalar - TANH_GELU_CUBIC) < 1e-4;
      }
    }
    if (operations.equals(Set.of("Gelu"))) {
      Map<String, Object> attributes = nodes.getFirst().attributes();
      return "tanh".equals(attributes.get("approximate"))
          ? Activation.GELU_TANH
          : Activation.GELU_ERF;
    }
    if (operations.contains("Erf") && Set.of("Erf", "Div", "Mul", "Add").containsAll(operations)) {
      return Activation.GELU_ERF;
    }
    if (operations.contains("Tanh")
        && hasCubic
        && Set.of("Tanh", "Pow", "Mul", "Add", "Cast").containsAll(operations)) {
      return Activation.GELU_TANH;
    }
    throw graph.error(
        "the activation made of " + operations + " is not supported: GELU by Erf or Tanh is");
  }
}
