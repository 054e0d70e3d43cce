package io.github.starling.speech;

import io.github.starling.kernel.LayerNorm;
import io.github.starling.model.Activation;
import io.github.starling.model.FormatException;
import io.github.starling.model.MoonshineConfig;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.transformer.Dense;
import io.github.starling.transformer.LayerWeights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** Reads the weights of Moonshine's layers. */
final class SpeechWeights {
  private SpeechWeights() {}

  /**
   * Reads the layers of the encoder, each with the norm of the next, the last with the final one.
   *
   * @param arena owner of what is converted; the folder's must live as long
   */
  static List<LayerWeights> encoderLayers(MoonshineFolder folder, Arena arena)
      throws FormatException {
    var layers = new ArrayList<LayerWeights>();
    int count = folder.config().encoderLayers();
    for (int i = 0; i < count; i++) {
      String layer = encoderLayer(i);
      String self = layer + "self_attn.";
      layers.add(
          new LayerWeights(
              Dense.loadUnbiased(folder, arena, self + "q_proj", self + "k_proj", self + "v_proj"),
              Dense.loadUnbiased(folder, arena, self + "o_proj"),
              norm(folder, layer + "post_attention_layernorm"),
              Dense.load(folder, arena, layer + "mlp.fc1"),
              Activation.GELU_ERF,
              Dense.load(folder, arena, layer + "mlp.fc2"),
              i + 1 < count
                  ? encoderNorm(folder, i + 1)
                  : norm(folder, "model.encoder.layer_norm")));
    }
    return layers;
  }

  /** Reads the norm before a layer of the encoder. */
  static LayerNorm encoderNorm(MoonshineFolder folder, int layer) throws FormatException {
    return norm(folder, encoderLayer(layer) + "input_layernorm");
  }

  private static String encoderLayer(int index) {
    return "model.encoder.layers." + index + ".";
  }

  /** Reads a layer norm, which has no bias. */
  static LayerNorm norm(MoonshineFolder folder, String name) throws FormatException {
    float[] gain = folder.row(name + ".weight");
    return new LayerNorm(gain, new float[gain.length], (float) MoonshineConfig.NORM_EPSILON);
  }
}
