package io.github.starling.model;

import io.github.starling.tensor.Matrix;

/**
 * What the operations of a Moonshine encoder say that no weight does.
 *
 * @param graph the encoder's
 */
record MoonshineOperations(OnnxGraph graph) {
  /** Frequencies that differ by more are not powers of one number. */
  private static final double TOLERANCE = 1e-5;

  /** Returns how many heads the queries of every layer are cut into. */
  int heads(int layers, int hidden) throws FormatException {
    int heads = 0;
    for (int i = 0; i < layers; i++) {
      String queries = "/layers.%d/self_attn/q_proj/MatMul_output_0".formatted(i);
      int found = graph.heads(queries, hidden);
      if (i > 0 && found != heads) {
        throw graph.error("layer %d has %d heads but layer 0 has %d".formatted(i, found, heads));
      }
      heads = found;
    }
    return heads;
  }

  /** Returns how many channels of a head rotate. */
  int rotaryChannels() throws FormatException {
    return 2 * frequencies().length;
  }

  /** Returns θ of frequencies that are θ^(−j / pairs). */
  double ropeTheta() throws FormatException {
    float[] frequencies = frequencies();
    int pairs = frequencies.length;
    // of one pair the frequency is 1 whatever θ is
    double theta =
        pairs == 1
            ? MoonshineConfig.USUAL_THETA
            : Math.rint(Math.pow(frequencies[1], -pairs)); // float32 says 9999.998
    boolean isNumber = theta >= 1 && theta <= Double.MAX_VALUE;
    for (int j = 0; j < pairs; j++) {
      double wanted = Math.pow(theta, -(double) j / pairs);
      if (!isNumber || !(Math.abs(frequencies[j] - wanted) <= TOLERANCE * wanted)) {
        throw graph.error(
            "pair %d of the rotation turns by %s but by the first two it must be %s"
                .formatted(j, frequencies[j], wanted));
      }
    }
    return theta;
  }

  /** Positions are multiplied with a constant of shape (1, pairs, 1). */
  private float[] frequencies() throws FormatException {
    for (OnnxNode node : graph.nodes("MatMul")) {
      var tensor = graph.constant(node.input(0));
      boolean isColumn =
          tensor != null
              && tensor.dtype() == DType.F32
              && tensor.shape().size() == 3
              && tensor.elements() > 0
              && tensor.shape().get(1) == tensor.elements();
      if (isColumn) {
        return tensor.data().toArray(Matrix.FLOAT);
      }
    }
    throw graph.error("positions are not multiplied with frequencies: not a Moonshine encoder");
  }
}
