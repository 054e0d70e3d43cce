package io.github.starling.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Moonshine in ONNX Runtime, by the 8-bit graphs that its authors publish: the likeliest token
 * after those before, whose keys and values go from one step to the next as the runtime's tensors.
 */
public final class OnnxMoonshine implements AutoCloseable {
  private static final int RATE = 16_000;
  private static final double TOKENS_A_SECOND = 6.5;
  private static final int START = 1;
  private static final int END = 2;
  private static final String PAST = "past_key_values.";
  private static final String PRESENT = "present.";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession encoder;
  private final OrtSession decoder;

  /** What the first step gets for keys and values: none. */
  private final Map<String, OnnxTensor> nothing = new HashMap<>();

  /**
   * What was said.
   *
   * @param tokens without start and end
   * @param encoderNanos samples to frames
   * @param decoderNanos frames to tokens
   */
  public record Transcript(int[] tokens, long encoderNanos, long decoderNanos) {}

  /**
   * Opens the graphs.
   *
   * @param graphs a folder with {@code encoder_model.onnx} and {@code decoder_model_merged.onnx}
   */
  public OnnxMoonshine(Path graphs, int threads) throws OrtException {
    encoder = OnnxSessions.open(graphs.resolve("encoder_model.onnx").toString(), threads);
    decoder = OnnxSessions.open(graphs.resolve("decoder_model_merged.onnx").toString(), threads);
    for (var input : decoder.getInputInfo().entrySet()) {
      if (input.getKey().startsWith(PAST)) {
        long[] declared = ((TensorInfo) input.getValue().getInfo()).getShape();
        long[] shape = {0, declared[1], 1, declared[3]};
        nothing.put(
            input.getKey(),
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(new float[0]), shape));
      }
    }
  }

  /** Transcribes a clip of mono samples at 16 kHz. */
  public Transcript transcribe(float[] samples) throws OrtException {
    long start = System.nanoTime();
    String input = encoder.getInputNames().iterator().next();
    long[] shape = {1, samples.length};
    try (var sound = OnnxTensor.createTensor(environment, FloatBuffer.wrap(samples), shape);
        var encoded = encoder.run(Map.of(input, sound))) {
      long middle = System.nanoTime();
      int limit = (int) (TOKENS_A_SECOND * samples.length / RATE);
      int[] tokens = decode((OnnxTensor) encoded.get(0), Math.max(1, limit));
      return new Transcript(tokens, middle - start, System.nanoTime() - middle);
    }
  }

  private int[] decode(OnnxTensor frames, int limit) throws OrtException {
    var tokens = new int[limit];
    int count = 0;
    var past = new HashMap<>(nothing);
    OrtSession.Result first = null; // owns the keys and values of the frames
    OrtSession.Result last = null; // owns those of the tokens so far
    try {
      int token = START;
      while (count < limit) {
        var result = step(frames, token, past, first != null);
        for (String name : nothing.keySet()) {
          if (first == null || name.contains(".decoder.")) {
            past.put(name, tensor(result, PRESENT + name.substring(PAST.length())));
          }
        }
        if (last != first) {
          last.close();
        }
        first = first == null ? result : first;
        last = result;
        token = likeliest(tensor(result, "logits").getFloatBuffer());
        if (token == END) {
          break;
        }
        tokens[count++] = token;
      }
      return Arrays.copyOf(tokens, count);
    } finally {
      if (last != first) {
        last.close();
      }
      if (first != null) {
        first.close();
      }
    }
  }

  private OrtSession.Result step(
      OnnxTensor frames, int token, Map<String, OnnxTensor> past, boolean isLater)
      throws OrtException {
    var inputs = new HashMap<>(past);
    long[] shape = {1, 1};
    try (var id = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {token}), shape);
        var branch = OnnxTensor.createTensor(environment, new boolean[] {isLater})) {
      inputs.put("input_ids", id);
      inputs.put("encoder_hidden_states", frames);
      inputs.put("use_cache_branch", branch);
      return decoder.run(inputs);
    }
  }

  private static OnnxTensor tensor(OrtSession.Result result, String name) {
    return (OnnxTensor) result.get(name).orElseThrow();
  }

  private static int likeliest(FloatBuffer logits) {
    int best = 0;
    for (int token = 1; token < logits.limit(); token++) {
      if (logits.get(token) > logits.get(best)) {
        best = token;
      }
    }
    return best;
  }

  @Override
  public void close() throws OrtException {
    nothing.values().forEach(OnnxTensor::close);
    decoder.close();
    encoder.close();
  }
}
