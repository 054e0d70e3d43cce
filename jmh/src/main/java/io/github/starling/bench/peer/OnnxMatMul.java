package io.github.starling.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.starling.tensor.Matrix;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime's MatMul with constant weights, from and to memory that stays where it is. */
public final class OnnxMatMul implements AutoCloseable {
  private final OrtSession session;
  private final OnnxTensor input;
  private final OnnxTensor output;

  /**
   * Makes a session.
   *
   * @param a shape (rows, inputs), dense
   * @param weights shape (outputs, inputs)
   * @param out shape (rows, outputs), dense
   */
  public OnnxMatMul(Matrix a, Matrix weights, Matrix out, int threads) throws OrtException {
    var graph = new OnnxGraph();
    graph.input("a", a.rows(), a.columns());
    graph.transposed("weights", weights);
    graph.node("", "MatMul", List.of("a", "weights"), List.of("out"));
    graph.output("out", out.rows(), out.columns());
    session = OnnxSessions.open(graph.model(), threads);
    input = tensor(a);
    output = tensor(out);
  }

  private static OnnxTensor tensor(Matrix matrix) throws OrtException {
    var floats = matrix.data().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(), floats, new long[] {matrix.rows(), matrix.columns()});
  }

  /** Computes out = a·weightsᵀ. */
  public void run() throws OrtException {
    session.run(Map.of("a", input), Set.of(), Map.of("out", output)).close();
  }

  @Override
  public void close() throws OrtException {
    input.close();
    output.close();
    session.close();
  }
}
