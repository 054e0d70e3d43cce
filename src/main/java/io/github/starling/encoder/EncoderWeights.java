package io.github.starling.encoder;

import io.github.starling.kernel.LayerNorm;
import io.github.starling.model.FormatException;
import io.github.starling.model.ModelFolder;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.Dense;
import io.github.starling.transformer.LayerWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of an encoder.
 *
 * @param words word embeddings, shape (vocabulary, d), where the file has them
 * @param places sum of type and position embeddings, shape (types · positions, d), type by type
 * @param norm layer norm of the embeddings
 * @param layers weights of each layer
 * @param pooler dense layer of BERT's pooler, null if the model has none
 */
record EncoderWeights(
    Matrix words, Matrix places, LayerNorm norm, List<LayerWeights> layers, Dense pooler) {
  static final String POOLER = "pooler.dense";

  /**
   * Reads the weights.
   *
   * @param arena owner of what is converted; the folder's must live as long
   */
  static EncoderWeights load(ModelFolder folder, Arena arena) throws FormatException {
    var layers = new ArrayList<LayerWeights>();
    for (int i = 0; i < folder.config().layers(); i++) {
      layers.add(loadLayer(folder, arena, i));
    }
    return new EncoderWeights(
        folder.tensor("embeddings.word_embeddings.weight").matrix(arena),
        loadPlaces(folder, arena),
        loadNorm(folder, "embeddings.LayerNorm"),
        List.copyOf(layers),
        folder.hasTensor(POOLER + ".weight") ? Dense.load(folder, arena, POOLER) : null);
  }

  private static LayerWeights loadLayer(ModelFolder folder, Arena arena, int index)
      throws FormatException {
    String layer = "encoder.layer." + index + ".";
    String self = layer + "attention.self.";
    return new LayerWeights(
        Dense.load(folder, arena, self + "query", self + "key", self + "value"),
        Dense.load(folder, arena, layer + "attention.output.dense"),
        loadNorm(folder, layer + "attention.output.LayerNorm"),
        Dense.load(folder, arena, layer + "intermediate.dense"),
        folder.config().activation(),
        Dense.load(folder, arena, layer + "output.dense"),
        loadNorm(folder, layer + "output.LayerNorm"));
  }

  private static Matrix loadPlaces(ModelFolder folder, Arena arena) throws FormatException {
    var config = folder.config();
    int d = config.hiddenSize();
    try (var scratch = Arena.ofConfined()) {
      float[][] positions =
          folder.tensor("embeddings.position_embeddings.weight").matrix(scratch).toArray();
      float[][] types =
          config.typeVocabularySize() == 0
              ? new float[1][d]
              : folder.tensor("embeddings.token_type_embeddings.weight").matrix(scratch).toArray();
      var places = Matrix.allocate(arena, types.length * config.maxPositions(), d);
      var sum = new float[d];
      for (int place = 0; place < places.rows(); place++) {
        float[] type = types[place / config.maxPositions()];
        float[] position = positions[config.firstPosition() + place % config.maxPositions()];
        for (int c = 0; c < d; c++) {
          sum[c] = type[c] + position[c];
        }
        MemorySegment.copy(sum, 0, places.data(), Matrix.FLOAT, places.byteOffset(place), d);
      }
      return places;
    }
  }

  /** Reads a layer norm. */
  static LayerNorm loadNorm(ModelFolder folder, String name) throws FormatException {
    return new LayerNorm(
        folder.row(name + ".weight"),
        folder.row(name + ".bias"),
        (float) folder.config().layerNormEpsilon());
  }
}
