package io.github.starling.bench.peer;

import io.github.starling.bench.peer.OnnxGraph.Attribute;
import io.github.starling.model.FormatException;
import io.github.starling.model.ModelFolder;
import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A BERT-family encoder as a graph of ONNX Runtime's own fused operators, the graph that its
 * optimiser for transformers ends with: one node for all of a layer's attention, one for bias and
 * GELU, one for bias, residual and layer norm.
 *
 * <p>Inputs {@code ids} and {@code mask}, both int32 of shape (batch, n); output {@code tokens},
 * shape (batch, n, d).
 */
public final class OnnxBert {
  private final OnnxGraph graph = new OnnxGraph();
  private final ModelFolder folder;
  private final Arena arena;

  private OnnxBert(ModelFolder folder, Arena arena) {
    this.folder = folder;
    this.arena = arena;
  }

  /** Writes the graph of a model with GELU by erf. */
  public static void write(ModelFolder folder, Path file) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var bert = new OnnxBert(folder, arena);
      bert.build();
      try (var out = Files.newOutputStream(file)) {
        bert.graph.write(out);
      }
    }
  }

  private void build() throws FormatException {
    var config = folder.config();
    graph.integerInput("ids", -1, -1);
    graph.integerInput("mask", -1, -1);
    graph.output("tokens", -1, -1, config.hiddenSize());
    embed();
    for (int i = 0; i < config.layers(); i++) {
      layer(i, i == 0 ? "embedded" : "tokens" + (i - 1), last(i) ? "tokens" : "tokens" + i);
    }
  }

  private boolean last(int layer) {
    return layer == folder.config().layers() - 1;
  }

  /** Folds the only type that is used into the positions, as {@code Encoder} does. */
  private void embed() throws FormatException {
    var positions = matrix("embeddings.position_embeddings.weight");
    var types = matrix("embeddings.token_type_embeddings.weight");
    var places = Matrix.allocate(arena, positions.rows(), positions.columns());
    for (int p = 0; p < places.rows(); p++) {
      for (int c = 0; c < places.columns(); c++) {
        places.set(p, c, positions.get(p, c) + types.get(0, c));
      }
    }
    weights("words", matrix("embeddings.word_embeddings.weight"));
    weights("places", places);
    vector("embeddings.LayerNorm.weight");
    vector("embeddings.LayerNorm.bias");
    graph.node(
        OnnxGraph.MICROSOFT,
        "EmbedLayerNormalization",
        List.of(
            "ids",
            "",
            "words",
            "places",
            "",
            "embeddings.LayerNorm.weight",
            "embeddings.LayerNorm.bias",
            "mask"),
        List.of("embedded", "lengths"),
        epsilon());
  }

  private void layer(int index, String in, String out) throws FormatException {
    String layer = "encoder.layer." + index + ".";
    projections(layer + "attention.self.");
    String context = layer + "context";
    graph.node(
        OnnxGraph.MICROSOFT,
        "Attention",
        List.of(in, layer + "attention.self.weights", layer + "attention.self.biases", "lengths"),
        List.of(context),
        new Attribute.Whole("num_heads", folder.config().heads()));
    String attended = layer + "attended";
    dense(layer + "attention.output.dense", context);
    addAndNormalize(
        layer + "attention.output.dense", in, layer + "attention.output.LayerNorm", attended);
    dense(layer + "intermediate.dense", attended);
    vector(layer + "intermediate.dense.bias");
    graph.node(
        OnnxGraph.MICROSOFT,
        "BiasGelu",
        List.of(layer + "intermediate.dense", layer + "intermediate.dense.bias"),
        List.of(layer + "wide"));
    dense(layer + "output.dense", layer + "wide");
    addAndNormalize(layer + "output.dense", attended, layer + "output.LayerNorm", out);
  }

  private void projections(String self) throws FormatException {
    int d = folder.config().hiddenSize();
    var weights = Matrix.allocate(arena, 3 * d, d);
    var biases = Matrix.allocate(arena, 1, 3 * d);
    int part = 0;
    for (String name : List.of("query", "key", "value")) {
      var w = matrix(self + name + ".weight");
      var b = matrix(self + name + ".bias");
      for (int r = 0; r < d; r++) {
        w.copyRow(r, weights, part * d + r);
      }
      b.copyRow(0, biases.columns(part * d, d), 0);
      part++;
    }
    graph.transposed(self + "weights", weights);
    graph.weights(self + "biases", biases, 3L * d);
  }

  private void dense(String name, String in) throws FormatException {
    graph.transposed(name + ".weight", matrix(name + ".weight"));
    graph.node("", "MatMul", List.of(in, name + ".weight"), List.of(name));
  }

  private void addAndNormalize(String dense, String residual, String norm, String out)
      throws FormatException {
    vector(dense + ".bias");
    vector(norm + ".weight");
    vector(norm + ".bias");
    graph.node(
        OnnxGraph.MICROSOFT,
        "SkipLayerNormalization",
        List.of(dense, residual, norm + ".weight", norm + ".bias", dense + ".bias"),
        List.of(out),
        epsilon());
  }

  private Attribute epsilon() {
    return new Attribute.Real("epsilon", (float) folder.config().layerNormEpsilon());
  }

  private void weights(String name, Matrix values) {
    graph.weights(name, values, values.rows(), values.columns());
  }

  private void vector(String name) throws FormatException {
    var values = matrix(name);
    graph.weights(name, values, values.columns());
  }

  private Matrix matrix(String name) throws FormatException {
    return folder.tensor(name).matrix(arena);
  }
}
