package io.github.starling.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.starling.bench.data.DataFolder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A BERT-family encoder in ONNX Runtime: the graph of {@link OnnxBert}, or one as PyTorch exports
 * it.
 */
public final class OnnxEncoder implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final boolean exported;

  /**
   * The inputs of one run.
   *
   * @param inputs by name, each of shape (batch, longest)
   */
  public record Batch(Map<String, OnnxTensor> inputs) {}

  /** Opens a graph of the data folder, without its {@code .onnx}. */
  public OnnxEncoder(String name, int threads) throws OrtException {
    session = OnnxSessions.open(DataFolder.path(name + ".onnx").toString(), threads);
    exported = session.getInputNames().contains("input_ids");
  }

  /**
   * Puts texts of like lengths together and pads them to the longest.
   *
   * @param texts ids of each
   * @param tokens the most that a batch may have, padding included, unless it is one text
   */
  public List<Batch> batches(List<int[]> texts, int tokens) throws OrtException {
    var sorted = new ArrayList<>(texts);
    sorted.sort(Comparator.comparingInt(ids -> ids.length));
    var batches = new ArrayList<Batch>();
    for (int from = 0; from < sorted.size(); ) {
      int to = from + 1;
      while (to < sorted.size() && (to + 1 - from) * sorted.get(to).length <= tokens) {
        to++;
      }
      batches.add(batch(sorted.subList(from, to)));
      from = to;
    }
    return batches;
  }

  private Batch batch(List<int[]> texts) throws OrtException {
    int longest = texts.getLast().length;
    var ids = new int[texts.size() * longest];
    var mask = new int[ids.length];
    for (int t = 0; t < texts.size(); t++) {
      int[] text = texts.get(t);
      System.arraycopy(text, 0, ids, t * longest, text.length);
      Arrays.fill(mask, t * longest, t * longest + text.length, 1);
    }
    var shape = new long[] {texts.size(), longest};
    var inputs = new HashMap<String, OnnxTensor>();
    if (exported) {
      inputs.put("input_ids", longs(ids, shape));
      inputs.put("attention_mask", longs(mask, shape));
      inputs.put("token_type_ids", longs(new int[ids.length], shape));
    } else {
      inputs.put("ids", OnnxTensor.createTensor(environment, IntBuffer.wrap(ids), shape));
      inputs.put("mask", OnnxTensor.createTensor(environment, IntBuffer.wrap(mask), shape));
    }
    return new Batch(inputs);
  }

  private OnnxTensor longs(int[] values, long[] shape) throws OrtException {
    long[] wide = Arrays.stream(values).asLongStream().toArray();
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(wide), shape);
  }

  /** Encodes batches and drops what comes out. */
  public void run(List<Batch> batches) throws OrtException {
    for (var batch : batches) {
      session.run(batch.inputs()).close();
    }
  }

  /** Encodes one text, shape (n, d). */
  public float[][] encode(int[] ids) throws OrtException {
    try (var result = session.run(batch(List.of(ids)).inputs())) {
      return ((float[][][]) result.get(0).getValue())[0];
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
