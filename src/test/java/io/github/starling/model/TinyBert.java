package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A BERT of two layers, width 4 and two heads, whose graph can be written in several ways. */
final class TinyBert {
  static final int WIDTH = 4;
  static final int WIDE = 6;
  static final List<String> TOKENS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a");

  /** What stands before the names. */
  String prefix = "";

  /** Erf, Tanh, Gelu or another operation. */
  String activation = "Erf";

  /** LayerNormalization instead of its parts. */
  boolean isNormFused = false;

  /** Gemm with weights (out, in) that keep their names, instead of MatMul and Add. */
  boolean isGemm = false;

  /** Weights under their own names, transposed by the graph. */
  boolean isTransposedByGraph = false;

  /** The last two dimensions of the shape to which queries of layer 1 are cut. */
  long[] cut = {2, 2};

  float epsilon = 1e-12f;

  private OnnxBuilder graph;
  private float next;

  byte[] build() {
    graph = new OnnxBuilder();
    next = 0;
    weight("embeddings.word_embeddings.weight", 6, WIDTH);
    weight("embeddings.position_embeddings.weight", 8, WIDTH);
    weight("embeddings.token_type_embeddings.weight", 2, WIDTH);
    norm("embeddings.LayerNorm", "x");
    for (int i = 0; i < 2; i++) {
      String layer = "encoder.layer." + i + ".";
      String query = dense(layer + "attention.self.query", WIDTH, WIDTH);
      cut(query, i == 1 ? cut : new long[] {2, 2});
      dense(layer + "attention.self.key", WIDTH, WIDTH);
      dense(layer + "attention.self.value", WIDTH, WIDTH);
      dense(layer + "attention.output.dense", WIDTH, WIDTH);
      norm(layer + "attention.output.LayerNorm", "x");
      String wide = dense(layer + "intermediate.dense", WIDE, WIDTH);
      activate(wide, layer);
      dense(layer + "output.dense", WIDTH, WIDE);
      norm(layer + "output.LayerNorm", "x");
    }
    return graph.build();
  }

  Path write(Path folder) throws IOException {
    Files.write(folder.resolve("tiny-tokenizer.json"), Json.file(tokenizer()));
    return Files.write(folder.resolve("tiny.onnx"), build());
  }

  static Map<String, Object> tokenizer() {
    var vocabulary = new LinkedHashMap<String, Object>();
    for (String token : TOKENS) {
      vocabulary.put(token, vocabulary.size());
    }
    var model = new LinkedHashMap<String, Object>();
    model.put("type", "WordPiece");
    model.put("unk_token", "[UNK]");
    model.put("continuing_subword_prefix", "##");
    model.put("max_input_chars_per_word", 100);
    model.put("vocab", vocabulary);
    var json = new LinkedHashMap<String, Object>();
    json.put("added_tokens", List.of(Map.of("id", 4, "content", "[MASK]", "lstrip", true)));
    json.put("normalizer", new LinkedHashMap<>(Map.of("type", "BertNormalizer")));
    json.put("pre_tokenizer", new LinkedHashMap<>(Map.of("type", "BertPreTokenizer")));
    json.put(
        "post_processor",
        new LinkedHashMap<>(
            Map.of(
                "type",
                "TemplateProcessing",
                "single",
                List.of(
                    special("[CLS]"), Map.of("Sequence", Map.of("id", "A")), special("[SEP]")))));
    json.put("model", model);
    return json;
  }

  private static Map<String, Object> special(String token) {
    return Map.of("SpecialToken", Map.of("id", token, "type_id", 0));
  }

  /** Each weight has other values: 0, 1, 2, … through the whole model. */
  private void weight(String name, int... shape) {
    long elements = 1;
    var dimensions = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      dimensions[i] = shape[i];
      elements *= shape[i];
    }
    var values = new float[(int) elements];
    for (int i = 0; i < values.length; i++) {
      values[i] = next++;
    }
    graph.floats((name.startsWith("onnx::") ? "" : prefix) + name, values, dimensions);
  }

  private String dense(String name, int out, int in) {
    weight(name + ".bias", out);
    String bias = prefix + name + ".bias";
    String sum = "/" + name + "/Add";
    if (isGemm) {
      weight(name + ".weight", out, in);
      var inputs = List.of("x", prefix + name + ".weight", bias);
      graph.node("Gemm", inputs, sum, OnnxBuilder.attribute("transB", 1));
      return sum;
    }
    String weight = "onnx::MatMul_" + (int) next;
    if (isTransposedByGraph) {
      weight(name + ".weight", out, in);
      graph.node("Transpose", List.of(prefix + name + ".weight"), weight);
    } else {
      weight(weight, in, out);
    }
    graph.node("MatMul", List.of("x", weight), "/" + name + "/MatMul");
    graph.node("Add", List.of(bias, "/" + name + "/MatMul"), sum);
    return sum;
  }

  private void cut(String query, long[] dimensions) {
    graph.node("Shape", List.of(query), query + "/shape");
    graph.integers(query + "/heads", dimensions[0]);
    graph.integers(query + "/size", dimensions[1]);
    var parts = List.of(query + "/b", query + "/n", query + "/heads", query + "/size");
    graph.node("Concat", parts, query + "/cut");
    graph.node("Reshape", List.of(query, query + "/cut"), query + "/reshaped");
  }

  private void norm(String name, String input) {
    weight(name + ".weight", WIDTH);
    weight(name + ".bias", WIDTH);
    String weight = prefix + name + ".weight";
    String bias = prefix + name + ".bias";
    if (isNormFused) {
      var attribute = OnnxBuilder.attribute("epsilon", epsilon);
      graph.node("LayerNormalization", List.of(input, weight, bias), name + "/out", attribute);
      return;
    }
    graph.node("Sub", List.of(input, name + "/mean"), name + "/centred");
    graph.constant(name + "/epsilon", epsilon);
    graph.node("Add", List.of(name + "/variance", name + "/epsilon"), name + "/sum");
    graph.node("Sqrt", List.of(name + "/sum"), name + "/root");
    graph.node("Div", List.of(name + "/centred", name + "/root"), name + "/normed");
    graph.node("Mul", List.of(name + "/normed", weight), name + "/scaled");
    graph.node("Add", List.of(name + "/scaled", bias), name + "/out");
  }

  private void activate(String input, String layer) {
    switch (activation) {
      case "Erf" -> {
        graph.constant(layer + "root2", 1.4142135f);
        graph.node("Div", List.of(input, layer + "root2"), layer + "div");
        graph.node("Erf", List.of(layer + "div"), layer + "erf");
        graph.node("Mul", List.of(input, layer + "erf"), layer + "active");
      }
      case "Tanh" -> {
        graph.constant(layer + "three", 3f);
        graph.constant(layer + "cubic", 0.044715f);
        graph.node("Pow", List.of(input, layer + "three"), layer + "cube");
        graph.node("Mul", List.of(layer + "cube", layer + "cubic"), layer + "mul");
        graph.node("Add", List.of(input, layer + "mul"), layer + "add");
        graph.node("Tanh", List.of(layer + "add"), layer + "tanh");
        graph.node("Mul", List.of(input, layer + "tanh"), layer + "active");
      }
      case "Gelu" ->
          graph.node(
              "Gelu",
              List.of(input),
              layer + "active",
              OnnxBuilder.attribute("approximate", "tanh"));
      default -> graph.node(activation, List.of(input), layer + "active");
    }
    graph.node("MatMul", List.of(layer + "active", "nothing"), layer + "end");
  }
}
