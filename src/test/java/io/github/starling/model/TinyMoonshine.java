package io.github.starling.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A pair of ONNX graphs that is laid out like the published Moonshine but has only what an import
 * reads: the weights, the products, and the operations that tell heads and rotation.
 */
public final class TinyMoonshine {
  static final int WIDTH = 12;
  static final int WIDE = 10;
  static final int ENCODER_LAYERS = 2;
  static final int VOCABULARY = 290;

  /** Two merges lead from letters to the last piece. */
  static final List<String> PIECES = pieces();

  static final List<String> MERGES = List.of("a b", "▁ ab");

  /** What the import must write, under the names of Hugging Face. */
  final Map<String, float[]> expected = new LinkedHashMap<>();

  float[] frequencies = {1, 0.01f};
  int[] heads = {2, 2};

  /** Name of a tensor that is left out. */
  String leftOut = "";

  /** Gives the second branch of the decoder weights of its own. */
  boolean isBranchOther;

  /** Gives the first product of the encoder a scale for each channel. */
  boolean isScaledByChannel;

  private final Random random = new Random(7);
  private int anonymous = 100;

  private static List<String> pieces() {
    var pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int i = 0; i < 256; i++) {
      pieces.add("<0x%02X>".formatted(i));
    }
    pieces.addAll(List.of("a", "b", "c", "▁", "é", "ab", "▁ab"));
    return List.copyOf(pieces);
  }

  /** Writes the graphs and a script with the vocabulary; returns the folder. */
  public Path write(Path folder) throws IOException {
    writeGraphs(folder);
    Files.writeString(folder.resolve("llama-tokenizer.js"), script("const llama_vocab_base64 = "));
    return folder;
  }

  void writeGraphs(Path folder) throws IOException {
    Files.write(folder.resolve("encoder_model.onnx"), encoder());
    Files.write(folder.resolve("decoder_model_merged.onnx"), decoder());
  }

  /** Returns the source of a tokenizer with the vocabulary as a literal. */
  static String script(String declaration) {
    byte[] lines = String.join("\n", PIECES).getBytes(StandardCharsets.UTF_8);
    var pairs = ByteBuffer.allocate(4 * MERGES.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (String merge : MERGES) {
      for (String piece : merge.split(" ")) {
        pairs.putShort((short) PIECES.indexOf(piece));
      }
    }
    return "/* é */ %s\"%s\"\n\nconst llama_merges_binary = \"%s\";"
        .formatted(declaration, base64(lines), base64(pairs.array()));
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  byte[] encoder() {
    var graph = new OnnxBuilder();
    String to = "model.encoder.";
    convolution(graph, "conv1", WIDTH, 1, 127);
    convolution(graph, "conv2", 2 * WIDTH, WIDTH, 7);
    floats(graph, "conv2.bias", to + "conv2.bias", 2 * WIDTH);
    convolution(graph, "conv3", WIDTH, 2 * WIDTH, 3);
    floats(graph, "conv3.bias", to + "conv3.bias", WIDTH);
    groupNorm(graph);
    graph.floats("frequencies", frequencies, 1, frequencies.length, 1);
    graph.node("MatMul", List.of("frequencies", "positions"), "angles");
    for (int i = 0; i < ENCODER_LAYERS; i++) {
      String layer = "layers." + i;
      String queries = attention(graph, graph, "/" + layer + "/self_attn", to + layer);
      graph.integers("shape" + i, 0, -1, heads[i], WIDTH / heads[i]);
      graph.node("Reshape", List.of(queries, "shape" + i), "split" + i);
      for (String norm : List.of("input_layernorm", "post_attention_layernorm")) {
        String name = "." + norm + ".weight";
        floats(graph, layer + name, to + layer + name, WIDTH);
      }
      product(graph, graph, "/" + layer + "/mlp/fc1", to + layer + ".mlp.fc1", WIDTH, WIDE);
      floats(graph, layer + ".mlp.fc1.bias", to + layer + ".mlp.fc1.bias", WIDE);
      product(graph, graph, "/" + layer + "/mlp/fc2", to + layer + ".mlp.fc2", WIDE, WIDTH);
      floats(graph, layer + ".mlp.fc2.bias", to + layer + ".mlp.fc2.bias", WIDTH);
    }
    floats(graph, "layer_norm.weight", to + "layer_norm.weight", WIDTH);
    return graph.build();
  }

  private void groupNorm(OnnxBuilder graph) {
    String normed = "/groupnorm/Reshape_1_output_0";
    float[] scale = floats("model.encoder.groupnorm.weight", WIDTH);
    float[] shift = floats("model.encoder.groupnorm.bias", WIDTH);
    graph.floats("onnx::Mul_88", scale, WIDTH, 1).floats("onnx::Add_89", shift, WIDTH, 1);
    graph.node("Mul", List.of(normed, "onnx::Mul_88"), "/groupnorm/Mul_output_0");
    graph.node("Add", List.of("/groupnorm/Mul_output_0", "onnx::Add_89"), "normed");
  }

  /** Weights are the main graph's, the products those of the branches of an If. */
  byte[] decoder() {
    var graph = new OnnxBuilder();
    var first = new OnnxBuilder();
    String layer = "model.decoder.layers.0";
    String path = "/model/decoder/layers.0";
    embeddings(graph);
    attention(graph, first, path + "/self_attn", layer);
    attention(graph, first, path + "/encoder_attn", layer);
    for (String norm : List.of("input", "post_attention", "final")) {
      String name = layer + "." + norm + "_layernorm.weight";
      floats(graph, name + "_merged_0", name, WIDTH);
    }
    product(graph, first, path + "/mlp/up_proj", layer + ".mlp.fc1", WIDTH, 2 * WIDE);
    String bias = ".bias_merged_0";
    floats(graph, layer + ".mlp.up_proj" + bias, layer + ".mlp.fc1.bias", 2 * WIDE);
    String weight = product(graph, first, path + "/mlp/down_proj", layer + ".mlp.fc2", WIDE, WIDTH);
    floats(graph, layer + ".mlp.down_proj" + bias, layer + ".mlp.fc2.bias", WIDTH);
    floats(graph, "model.decoder.norm.weight_merged_0", "model.decoder.norm.weight", WIDTH);
    var second = new OnnxBuilder();
    multiply(second, path + "/mlp/down_proj", isBranchOther ? "other" : weight);
    graph.node(
        "If",
        List.of("use_cache_branch"),
        "logits",
        second.asAttribute("then_branch"),
        first.asAttribute("else_branch"));
    return graph.build();
  }

  private void embeddings(OnnxBuilder graph) {
    String name = "model.decoder.embed_tokens.weight";
    byte[] q = quantized(graph, name + "_merged_0", 2, VOCABULARY, WIDTH);
    expected.put(name, dequantized(graph, name + "_merged_0", q));
  }

  /** Adds the products of an attention layer; returns the name of the queries. */
  private String attention(OnnxBuilder weights, OnnxBuilder graph, String path, String layer) {
    String to = layer + "." + path.substring(path.lastIndexOf('/') + 1);
    for (String projection : List.of("q_proj", "k_proj", "v_proj")) {
      product(weights, graph, path + "/" + projection, to + "." + projection, WIDTH, WIDTH);
    }
    product(weights, graph, path + "/dense", to + ".o_proj", WIDTH, WIDTH);
    return path + "/q_proj/MatMul_output_0";
  }

  /** Adds a product; returns the name of its weight. */
  private String product(
      OnnxBuilder weights, OnnxBuilder graph, String path, String to, int in, int out) {
    String name = "onnx::MatMul_" + anonymous++ + (weights == graph ? "" : "_merged_0");
    byte[] q = quantized(weights, name, 2, in, out);
    float[] stored = dequantized(weights, name, q);
    var upright = new float[stored.length];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        upright[o * in + i] = stored[i * out + o];
      }
    }
    expected.put(to + ".weight", upright);
    multiply(graph, path, name);
    return name;
  }

  private static void multiply(OnnxBuilder graph, String path, String weight) {
    var inputs = List.of("x_quantized", weight + "_quantized", "x_zero", weight + "_zero_point");
    graph.node("MatMulInteger", inputs, path + "/MatMul_output_0_output_quantized");
  }

  private float[] dequantized(OnnxBuilder graph, String name, byte[] q) {
    float scale = random.nextFloat();
    int zero = random.nextInt(256);
    if (isScaledByChannel) {
      isScaledByChannel = false;
      graph.floats(name + "_scale", new float[] {scale, scale}, 2);
    } else if (!leftOut.equals(name + "_scale")) {
      graph.scalar(name + "_scale", scale);
    }
    graph.scalar(name + "_zero_point", zero);
    var values = new float[q.length];
    for (int i = 0; i < q.length; i++) {
      values[i] = scale * ((q[i] & 0xFF) - zero);
    }
    return values;
  }

  /** A convolution's integers are signed, and its zero point is a float to be added. */
  private void convolution(OnnxBuilder graph, String name, long out, long in, long kernel) {
    byte[] q = quantized(graph, name + ".weight", 3, out, in, kernel);
    float scale = random.nextFloat();
    float shift = random.nextFloat() - 0.5f;
    graph.floats(name + ".weight_scale", new float[] {scale}, 1);
    graph.floats(name + ".weight_zero_point", new float[] {shift}, 1);
    var values = new float[q.length];
    for (int i = 0; i < q.length; i++) {
      values[i] = q[i] * scale + shift;
    }
    expected.put("model.encoder." + name + ".weight", values);
  }

  private byte[] quantized(OnnxBuilder graph, String name, int type, long... shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    var q = new byte[(int) elements];
    random.nextBytes(q);
    if (!leftOut.equals(name + "_quantized")) {
      graph.initializer(OnnxBuilder.raw(name + "_quantized", type, q, shape));
    }
    return q;
  }

  private void floats(OnnxBuilder graph, String name, String to, int n) {
    float[] values = floats(to, n);
    if (!leftOut.equals(name)) {
      graph.floats(name, values, n);
    }
  }

  private float[] floats(String to, int n) {
    var values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat();
    }
    expected.put(to, values);
    return values;
  }
}
