package io.github.starling.model;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A dense layer of an ONNX graph, found through the name of its bias.
 *
 * <p>Exporters fold the transposition of y = x·Wᵀ + b into the weight, which loses its name on the
 * way ({@code onnx::MatMul_787}, shape (in, out)). The bias keeps its name, and is added to the
 * product.
 *
 * @param output name of the value x·Wᵀ + b
 * @param weight the weight as the file has it
 * @param isTransposed whether the weight has shape (in, out)
 */
record DenseLayer(String output, StoredTensor weight, boolean isTransposed) {
  /**
   * Finds a layer.
   *
   * @param bias name of the bias in the graph
   * @throws FormatException if the bias is not added to a product with a float weight
   */
  static DenseLayer find(OnnxGraph graph, String bias) throws FormatException {
    for (OnnxNode node : graph.readers(bias)) {
      DenseLayer layer =
          switch (node.operation()) {
            case "Gemm" -> ofGemm(graph, node, bias);
            case "Add" -> ofSum(graph, node, bias);
            default -> null;
          };
      if (layer != null) {
        return layer;
      }
    }
    List<String> operations = graph.readers(bias).stream().map(OnnxNode::operation).toList();
    throw graph.error(
        "bias %s is not added to a float matrix product (%s): quantised and fused graphs are not"
                .formatted(
                    bias, operations.isEmpty() ? "nothing reads it" : "read by " + operations)
            + " supported");
  }

  private static DenseLayer ofSum(OnnxGraph graph, OnnxNode sum, String bias) {
    OnnxNode product = graph.maker(OnnxGraph.otherInput(sum, bias), "MatMul");
    if (product == null) {
      return null;
    }
    return of(graph, sum, product.input(1), true);
  }

  private static DenseLayer ofGemm(OnnxGraph graph, OnnxNode gemm, String bias) {
    boolean isPlain =
        gemm.input(2).equals(bias)
            && gemm.attributes().getOrDefault("alpha", 1f).equals(1f)
            && gemm.attributes().getOrDefault("beta", 1f).equals(1f)
            && gemm.attributes().getOrDefault("transA", 0L).equals(0L);
    boolean isTransposed = gemm.attributes().getOrDefault("transB", 0L).equals(0L);
    return isPlain ? of(graph, gemm, gemm.input(1), isTransposed) : null;
  }

  private static DenseLayer of(
      OnnxGraph graph, OnnxNode node, String weight, boolean isTransposed) {
    OnnxNode transpose = graph.maker(weight, "Transpose");
    var tensor = graph.constant(transpose == null ? weight : transpose.input(0));
    if (tensor == null || tensor.shape().size() != 2 || node.outputs().isEmpty()) {
      return null;
    }
    return new DenseLayer(node.outputs().getFirst(), tensor, isTransposed == (transpose == null));
  }

  /** Returns the shape (out, in) that the weight has once it is upright. */
  List<Long> shape() {
    return isTransposed ? weight.shape().reversed() : weight.shape();
  }

  /**
   * Returns the weight upright.
   *
   * @param arena owner of what must be copied
   * @return float32, shape (out, in)
   */
  MemorySegment upright(Arena arena) {
    var floats = weight.floats(arena);
    if (!isTransposed) {
      return floats;
    }
    int rows = weight.dimension(0);
    int columns = weight.dimension(1);
    return Transposition.of(new Matrix(floats, 0, rows, columns, columns), arena).data();
  }
}
