package io.github.starling.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a Moonshine under their Hugging Face names.
 *
 * <p>Dense weights have shape (out, in), those of convolutions (out, in, kernel). The product that
 * makes the logits has the weights of the token embeddings.
 */
final class MoonshineTensors {
  static final String ENCODER = "model.encoder.";
  static final String DECODER = "model.decoder.";
  static final String TOKENS = DECODER + "embed_tokens.weight";
  static final String GROUP_NORM = ENCODER + "groupnorm";

  private static final List<String> PROJECTIONS = List.of("q_proj", "k_proj", "v_proj", "o_proj");

  private MoonshineTensors() {}

  /** Returns every tensor that a model needs, with its shape, in the order of the model. */
  static Map<String, List<Long>> shapes(MoonshineConfig config) {
    long d = config.hiddenSize();
    var shapes = new LinkedHashMap<String, List<Long>>();
    shapes.put(ENCODER + "conv1.weight", List.of(d, 1L, 127L));
    BertTensors.norm(shapes, GROUP_NORM, d);
    shapes.put(ENCODER + "conv2.weight", List.of(2 * d, d, 7L));
    shapes.put(ENCODER + "conv2.bias", List.of(2 * d));
    shapes.put(ENCODER + "conv3.weight", List.of(d, 2 * d, 3L));
    shapes.put(ENCODER + "conv3.bias", List.of(d));
    for (int i = 0; i < config.encoderLayers(); i++) {
      encoderLayer(shapes, ENCODER + "layers." + i + ".", config);
    }
    shapes.put(ENCODER + "layer_norm.weight", List.of(d));
    shapes.put(TOKENS, List.of((long) config.vocabularySize(), d));
    for (int i = 0; i < config.decoderLayers(); i++) {
      decoderLayer(shapes, DECODER + "layers." + i + ".", config);
    }
    shapes.put(DECODER + "norm.weight", List.of(d));
    return shapes;
  }

  private static void encoderLayer(
      Map<String, List<Long>> shapes, String layer, MoonshineConfig config) {
    long d = config.hiddenSize();
    long wide = config.intermediateSize();
    shapes.put(layer + "input_layernorm.weight", List.of(d));
    attention(shapes, layer + "self_attn.", d);
    shapes.put(layer + "post_attention_layernorm.weight", List.of(d));
    BertTensors.dense(shapes, layer + "mlp.fc1", wide, d);
    BertTensors.dense(shapes, layer + "mlp.fc2", d, wide);
  }

  private static void decoderLayer(
      Map<String, List<Long>> shapes, String layer, MoonshineConfig config) {
    long d = config.hiddenSize();
    long wide = config.intermediateSize();
    shapes.put(layer + "input_layernorm.weight", List.of(d));
    attention(shapes, layer + "self_attn.", d);
    shapes.put(layer + "post_attention_layernorm.weight", List.of(d));
    attention(shapes, layer + "encoder_attn.", d);
    shapes.put(layer + "final_layernorm.weight", List.of(d));
    // its first half is multiplied with the SiLU of its second half
    BertTensors.dense(shapes, layer + "mlp.fc1", 2 * wide, d);
    BertTensors.dense(shapes, layer + "mlp.fc2", d, wide);
  }

  private static void attention(Map<String, List<Long>> shapes, String name, long d) {
    for (String projection : PROJECTIONS) {
      shapes.put(name + projection + ".weight", List.of(d, d));
    }
  }
}
