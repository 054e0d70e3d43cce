package io.github.starling.bench.peer;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import io.github.starling.attention.Head;
import io.github.starling.bench.data.DataFolder;
import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;

/** PyTorch's fused attention, scaled_dot_product_attention, of heads of one length. */
public final class TorchAttention implements AutoCloseable {
  private static final String ENGINE = "PyTorch";

  private final ParameterStore noParameters = new ParameterStore();
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), ENGINE);
  private final Model model = Model.newInstance("attention", Device.cpu(), ENGINE);
  private final List<Head> heads;
  private final NDList input;

  /** Loads PyTorch and copies queries, keys and values, shape (1, heads, n, dk) each. */
  public TorchAttention(List<Head> heads, int threads) throws IOException, MalformedModelException {
    JniUtils.setNumThreads(threads);
    model.load(DataFolder.path("."), "attention");
    this.heads = heads;
    input = new NDList(array(Head::query), array(Head::key), array(Head::value));
  }

  private NDArray array(Function<Head, Matrix> part) {
    var first = part.apply(heads.getFirst());
    int size = first.rows() * first.columns();
    var values = new float[heads.size() * size];
    for (int h = 0; h < heads.size(); h++) {
      var matrix = part.apply(heads.get(h));
      var floats = matrix.data().asSlice(matrix.byteOffset(0), 4L * size).asByteBuffer();
      floats.order(ByteOrder.nativeOrder()).asFloatBuffer().get(values, h * size, size);
    }
    return manager.create(values, new Shape(1, heads.size(), first.rows(), first.columns()));
  }

  /** Computes attention and drops the result. */
  public void run() {
    try (NDList output = forward()) {
      assert output.size() == 1;
    }
  }

  /** Computes attention into the heads' outputs. */
  public void runInto() {
    try (NDList output = forward()) {
      float[] values = output.singletonOrThrow().toFloatArray();
      int at = 0;
      for (var head : heads) {
        for (int r = 0; r < head.output().rows(); r++) {
          for (int c = 0; c < head.output().columns(); c++) {
            head.output().set(r, c, values[at++]);
          }
        }
      }
    }
  }

  private NDList forward() {
    return model.getBlock().forward(noParameters, input, false);
  }

  @Override
  public void close() {
    model.close();
    manager.close();
  }
}
