package io.github.starling.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A Moonshine in two quantised ONNX graphs.
 *
 * <p>Sizes come from the shapes of the weights, heads and rotation from the constants of the
 * encoder's operations. What no graph says is as in the published models.
 */
final class MoonshineGraph {
  /** How long the published models' transcripts may be; it does not shape the graph. */
  private static final int MAX_POSITIONS = 194;

  private final QuantizedGraph encoder;
  private final QuantizedGraph decoder;
  private final MoonshineConfig config;

  /**
   * Recognises the model.
   *
   * @throws FormatException if a graph is of another model or something cannot be found
   */
  MoonshineGraph(OnnxFile encoderFile, OnnxFile decoderFile) throws FormatException {
    encoder = new QuantizedGraph(new OnnxGraph(encoderFile));
    decoder = new QuantizedGraph(new OnnxGraph(decoderFile));
    var tokens = decoder.weight(MoonshineTensors.TOKENS).integers();
    int hidden = size(decoder, tokens, 1);
    int encoderLayers = layers(encoder, MoonshineTensors.ENCODER);
    var operations = new MoonshineOperations(encoder.graph());
    config =
        new MoonshineConfig(
            size(decoder, tokens, 0),
            hidden,
            encoderLayers,
            layers(decoder, MoonshineTensors.DECODER),
            operations.heads(encoderLayers, hidden),
            size(encoder, encoder.product("/layers.0/mlp/fc1").integers(), 1),
            operations.rotaryChannels(),
            operations.ropeTheta(),
            MAX_POSITIONS,
            MoonshineConfig.USUAL_START,
            MoonshineConfig.USUAL_END);
    if (config.rotaryChannels() > config.headSize()) {
      throw encoder.error(
          "%d channels rotate but a head has only %d"
              .formatted(config.rotaryChannels(), config.headSize()));
    }
  }

  MoonshineConfig config() {
    return config;
  }

  /**
   * Returns every weight under its Hugging Face name, to be dequantised when its turn comes.
   *
   * @throws FormatException if one is missing or has another shape than the sizes call for
   */
  List<SafetensorsWriter.Part> parts() throws FormatException {
    var parts = new ArrayList<SafetensorsWriter.Part>();
    for (var entry : MoonshineTensors.shapes(config).entrySet()) {
      String name = entry.getKey();
      var shape = entry.getValue();
      var content =
          switch (shape.size()) {
            case 3 -> quantized(encoder, name, shape);
            case 2 ->
                name.equals(MoonshineTensors.TOKENS)
                    ? quantized(decoder, name, shape)
                    : product(name, shape);
            default ->
                name.startsWith(MoonshineTensors.GROUP_NORM)
                    ? groupNorm(name, shape)
                    : floats(name, shape);
          };
      parts.add(new SafetensorsWriter.Part(name, DType.F32, shape, content));
    }
    return parts;
  }

  private SafetensorsWriter.Content quantized(QuantizedGraph graph, String name, List<Long> shape)
      throws FormatException {
    var weight = graph.weight(onnxName(name));
    graph.check(name, weight.integers().shape(), shape);
    return weight::floats;
  }

  private SafetensorsWriter.Content product(String name, List<Long> shape) throws FormatException {
    var graph = graphOf(name);
    var weight = graph.product(layerName(name.substring(0, name.lastIndexOf('.'))));
    graph.check(name, weight.integers().shape().reversed(), shape);
    return weight::transposed;
  }

  private SafetensorsWriter.Content floats(String name, List<Long> shape) throws FormatException {
    var graph = graphOf(name);
    var tensor = graph.floats(onnxName(name));
    graph.check(name, tensor.shape(), shape);
    return tensor::floats;
  }

  /** The scale and shift of the group norm have no names, but their operations do. */
  private SafetensorsWriter.Content groupNorm(String name, List<Long> shape)
      throws FormatException {
    var tensor =
        name.endsWith("weight")
            ? encoder.operand("/groupnorm/Reshape_1_output_0", "Mul")
            : encoder.operand("/groupnorm/Mul_output_0", "Add");
    encoder.check(name, tensor.shape(), List.of(shape.getFirst(), 1L));
    return tensor::floats;
  }

  private QuantizedGraph graphOf(String name) {
    return name.startsWith(MoonshineTensors.ENCODER) ? encoder : decoder;
  }

  /** The encoder was exported by itself, the decoder as a part of the whole model. */
  private static String onnxName(String name) {
    return name.startsWith(MoonshineTensors.ENCODER)
        ? name.substring(MoonshineTensors.ENCODER.length())
        : name.replace("mlp.fc1", "mlp.up_proj").replace("mlp.fc2", "mlp.down_proj");
  }

  /** Returns what the values of a layer are named after, such as /layers.0/self_attn/q_proj. */
  private static String layerName(String name) {
    String path = onnxName(name).replace("o_proj", "dense").replace('.', '/');
    return "/" + path.replace("layers/", "layers.");
  }

  private static int layers(QuantizedGraph graph, String prefix) throws FormatException {
    int layers = 0;
    while (graph.hasProduct(layerName(prefix + "layers." + layers + ".self_attn.q_proj"))) {
      layers++;
    }
    if (layers == 0) {
      graph.product(layerName(prefix + "layers.0.self_attn.q_proj")); // says what is missing
    }
    return layers;
  }

  private static int size(QuantizedGraph graph, StoredTensor tensor, int dimension)
      throws FormatException {
    long size = tensor.shape().size() == 2 ? tensor.shape().get(dimension) : 0;
    if (size < 1 || size > Integer.MAX_VALUE / 2) {
      throw graph.error("tensor %s cannot have shape %s".formatted(tensor.name(), tensor.shape()));
    }
    return (int) size;
  }
}
