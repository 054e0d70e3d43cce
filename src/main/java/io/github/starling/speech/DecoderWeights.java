package io.github.starling.speech;

import io.github.starling.kernel.DenseWeights;
import io.github.starling.kernel.LayerNorm;
import io.github.starling.model.FormatException;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.Dense;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of Moonshine's decoder.
 *
 * @param tokens embeddings, shape (vocabulary, d)
 * @param logits the embeddings once more, as the last product, without a bias
 * @param layers weights of each layer
 * @param norm after the last layer
 */
record DecoderWeights(Matrix tokens, Dense logits, List<Layer> layers, LayerNorm norm) {
  /**
   * The weights of one layer.
   *
   * @param norm before the attention to earlier tokens
   * @param projections of queries, keys and values: out = 3d, in = d
   * @param output projection of the attention, (d, d)
   * @param crossNorm before the attention to the frames
   * @param crossQuery projection of its queries, (d, d)
   * @param crossKey projection of its keys, (d, d)
   * @param crossValue projection of its values, (d, d)
   * @param crossOutput projection of the attention, (d, d)
   * @param feedNorm before the feed-forward
   * @param widen first feed-forward product, (2f, d); its second half are gates
   * @param narrow second feed-forward product, (d, f)
   */
  record Layer(
      LayerNorm norm,
      Dense projections,
      Dense output,
      LayerNorm crossNorm,
      Dense crossQuery,
      Matrix crossKey,
      Matrix crossValue,
      Dense crossOutput,
      LayerNorm feedNorm,
      Dense widen,
      Dense narrow) {

    /** A token meets all weights, so reading them is what takes the time. */
    private void compress() {
      for (var dense : List.of(projections, output, crossQuery, crossOutput, widen, narrow)) {
        dense.weights().compress();
      }
    }

    private static Layer load(MoonshineFolder folder, Arena arena, int index)
        throws FormatException {
      String layer = "model.decoder.layers." + index + ".";
      String self = layer + "self_attn.";
      String cross = layer + "encoder_attn.";
      return new Layer(
          SpeechWeights.norm(folder, layer + "input_layernorm"),
          Dense.loadUnbiased(folder, arena, self + "q_proj", self + "k_proj", self + "v_proj"),
          Dense.loadUnbiased(folder, arena, self + "o_proj"),
          SpeechWeights.norm(folder, layer + "post_attention_layernorm"),
          Dense.loadUnbiased(folder, arena, cross + "q_proj"),
          folder.tensor(cross + "k_proj.weight").matrix(arena),
          folder.tensor(cross + "v_proj.weight").matrix(arena),
          Dense.loadUnbiased(folder, arena, cross + "o_proj"),
          SpeechWeights.norm(folder, layer + "final_layernorm"),
          Dense.load(folder, arena, layer + "mlp.fc1"),
          Dense.load(folder, arena, layer + "mlp.fc2"));
    }
  }

  /**
   * Reads the weights.
   *
   * @param arena owner of what is converted; the folder's must live as long
   */
  static DecoderWeights load(MoonshineFolder folder, Arena arena) throws FormatException {
    var layers = new ArrayList<Layer>();
    for (int i = 0; i < folder.config().decoderLayers(); i++) {
      layers.add(Layer.load(folder, arena, i));
    }
    var tokens = folder.tensor("model.decoder.embed_tokens.weight").matrix(arena);
    var weights =
        new DecoderWeights(
            tokens,
            new Dense(new DenseWeights(tokens, Matrix.allocate(arena, 1, tokens.rows()))),
            layers,
            SpeechWeights.norm(folder, "model.decoder.norm"));
    weights.logits.weights().compress();
    weights.layers.forEach(Layer::compress);
    return weights;
  }
}
