package io.github.starling.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A BERT encoder in an ONNX graph.
 *
 * <p>Sizes come from the shapes of the named weights; what has no weight is read off the operations
 * ({@link BertOperations}). Nothing is assumed: what cannot be found is an error.
 */
final class BertGraph {
  private final OnnxGraph graph;
  private final String prefix;
  private final EncoderConfig config;

  /**
   * Recognises the encoder.
   *
   * @throws FormatException if the graph is of another model or something cannot be found
   */
  BertGraph(OnnxFile file) throws FormatException {
    graph = new OnnxGraph(file);
    prefix = prefix(file);
    if (graph.uses("CumSum")) {
      throw graph.error(
          "positions are counted from the tokens, as in RoBERTa: only BERT is supported");
    }
    var words = required(BertTensors.WORDS, 2);
    int layers = 0;
    while (tensor(BertTensors.layer(layers, BertTensors.QUERY) + ".bias") != null) {
      layers++;
    }
    if (layers == 0) {
      throw graph.error(
          "no tensor is named " + prefix + BertTensors.layer(0, BertTensors.QUERY) + ".bias");
    }
    int hidden = words.dimension(1);
    var operations = new BertOperations(graph, prefix, layers);
    config =
        new EncoderConfig(
            words.dimension(0),
            hidden,
            layers,
            operations.heads(hidden),
            required(BertTensors.layer(0, BertTensors.INTERMEDIATE) + ".bias", 1).dimension(0),
            required(BertTensors.POSITIONS, 2).dimension(0),
            required(BertTensors.TYPES, 2).dimension(0),
            operations.epsilon(),
            operations.activation());
  }

  EncoderConfig config() {
    return config;
  }

  /**
   * Returns every weight under its Hugging Face name, to be read when its turn comes.
   *
   * @throws FormatException if one is missing or has another shape than the sizes call for
   */
  List<SafetensorsWriter.Part> parts() throws FormatException {
    var shapes = BertTensors.shapes(config);
    if (tensor(BertTensors.POOLER + ".bias") != null) {
      long d = config.hiddenSize();
      shapes.put(BertTensors.POOLER + ".weight", List.of(d, d));
      shapes.put(BertTensors.POOLER + ".bias", List.of(d));
    }
    var parts = new ArrayList<SafetensorsWriter.Part>();
    for (var entry : shapes.entrySet()) {
      parts.add(part(entry.getKey(), entry.getValue()));
    }
    return parts;
  }

  private SafetensorsWriter.Part part(String name, List<Long> shape) throws FormatException {
    String bias = name.replace(".weight", ".bias");
    boolean isDense =
        name.endsWith(".weight") && shape.size() == 2 && !name.startsWith("embeddings.");
    List<Long> found;
    SafetensorsWriter.Content content;
    DType dtype;
    if (isDense) {
      var layer = DenseLayer.find(graph, prefix + bias);
      found = layer.shape();
      dtype = layer.weight().dtype();
      content = layer::upright;
    } else {
      var tensor = required(name, shape.size());
      found = tensor.shape();
      dtype = tensor.dtype();
      content = tensor::floats;
    }
    if (!found.equals(shape)) {
      throw graph.error(
          "tensor %s must have shape %s but has %s".formatted(prefix + name, shape, found));
    }
    if (!dtype.isFloat()) {
      throw graph.error("tensor " + prefix + name + " must be of floats but is of " + dtype);
    }
    return new SafetensorsWriter.Part(name, DType.F32, shape, content);
  }

  /** What wrappers such as sentence-transformers put before the names. */
  private String prefix(OnnxFile file) throws FormatException {
    for (String name : file.initializers().keySet()) {
      if (name.endsWith(BertTensors.WORDS)) {
        return name.substring(0, name.length() - BertTensors.WORDS.length());
      }
    }
    throw graph.error(
        "no tensor is named " + BertTensors.WORDS + ": not a BERT encoder, or its names are lost");
  }

  private StoredTensor tensor(String name) {
    return graph.constant(prefix + name);
  }

  private StoredTensor required(String name, int dimensions) throws FormatException {
    var tensor = tensor(name);
    if (tensor == null) {
      throw graph.error("no tensor is named " + prefix + name);
    }
    boolean isSane = tensor.shape().size() == dimensions;
    for (long dimension : tensor.shape()) {
      isSane &= dimension >= 1 && dimension <= Integer.MAX_VALUE;
    }
    if (!isSane) {
      throw graph.error(
          "tensor %s cannot have shape %s: %d dimensions of at least 1 are needed"
              .formatted(prefix + name, tensor.shape(), dimensions));
    }
    return tensor;
  }
}
