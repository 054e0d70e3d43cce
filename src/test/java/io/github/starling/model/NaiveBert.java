package io.github.starling.model;

import java.lang.foreign.Arena;

/**
 * A BERT forward pass in double precision, after its formulas, to tell whether the weights of a
 * folder are the model's.
 */
public final class NaiveBert {
  private final EncoderConfig config;
  private final Weights weights;

  /** Finds weights. */
  @FunctionalInterface
  public interface Weights {
    /** Returns the weights that a BERT calls so, shape (rows, columns), one row for a vector. */
    float[][] of(String name) throws Exception;
  }

  /** Takes the weights of any family under BERT's names. */
  public NaiveBert(EncoderConfig config, Weights weights) {
    this.config = config;
    this.weights = weights;
  }

  /**
   * Reads the weights of a folder.
   *
   * @param arena owner of the folder's mapping
   */
  public NaiveBert(ModelFolder folder, Arena arena) {
    this(folder.config(), name -> folder.tensor(name).matrix(arena).toArray());
  }

  /** Returns the last hidden state of a single text, shape (n, d). */
  public double[][] run(int[] ids) throws Exception {
    return run(ids, new int[ids.length]);
  }

  /** Returns the last hidden state of tokens of several types, shape (n, d). */
  public double[][] run(int[] ids, int[] tokenTypes) throws Exception {
    int d = config.hiddenSize();
    var words = weights.of("embeddings.word_embeddings.weight");
    var positions = weights.of("embeddings.position_embeddings.weight");
    var types =
        config.typeVocabularySize() == 0
            ? new float[1][d]
            : weights.of("embeddings.token_type_embeddings.weight");
    var x = new double[ids.length][d];
    for (int i = 0; i < ids.length; i++) {
      for (int j = 0; j < d; j++) {
        x[i][j] =
            words[ids[i]][j] + positions[config.firstPosition() + i][j] + types[tokenTypes[i]][j];
      }
    }
    norm(x, "embeddings.LayerNorm");
    for (int layer = 0; layer < config.layers(); layer++) {
      String name = "encoder.layer." + layer + ".";
      var attended = attention(x, name + "attention.self.");
      x = sum(x, dense(attended, name + "attention.output.dense"));
      norm(x, name + "attention.output.LayerNorm");
      var wide = dense(x, name + "intermediate.dense");
      for (double[] row : wide) {
        for (int j = 0; j < row.length; j++) {
          row[j] = gelu(row[j], config.activation());
        }
      }
      x = sum(x, dense(wide, name + "output.dense"));
      norm(x, name + "output.LayerNorm");
    }
    return x;
  }

  private double[][] attention(double[][] x, String name) throws Exception {
    var q = dense(x, name + "query");
    var k = dense(x, name + "key");
    var v = dense(x, name + "value");
    int n = x.length;
    int size = config.headSize();
    var out = new double[n][x[0].length];
    for (int h = 0; h < config.heads(); h++) {
      for (int i = 0; i < n; i++) {
        var shares = new double[n];
        double total = 0;
        for (int t = 0; t < n; t++) {
          for (int j = h * size; j < (h + 1) * size; j++) {
            shares[t] += q[i][j] * k[t][j];
          }
          shares[t] = Math.exp(shares[t] / Math.sqrt(size));
          total += shares[t];
        }
        for (int t = 0; t < n; t++) {
          for (int j = h * size; j < (h + 1) * size; j++) {
            out[i][j] += shares[t] / total * v[t][j];
          }
        }
      }
    }
    return out;
  }

  /** Returns x·Wᵀ + b, shape (n, out). */
  public double[][] dense(double[][] x, String name) throws Exception {
    var w = weights.of(name + ".weight");
    var b = weights.of(name + ".bias")[0];
    var y = new double[x.length][w.length];
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < w.length; o++) {
        y[i][o] = b[o];
        for (int j = 0; j < x[i].length; j++) {
          y[i][o] += x[i][j] * w[o][j];
        }
      }
    }
    return y;
  }

  /** Replaces x by its layer norm. */
  public void norm(double[][] x, String name) throws Exception {
    var gain = weights.of(name + ".weight")[0];
    var bias = weights.of(name + ".bias")[0];
    for (double[] row : x) {
      double mean = 0;
      double variance = 0;
      for (double value : row) {
        mean += value / row.length;
      }
      for (double value : row) {
        variance += (value - mean) * (value - mean) / row.length;
      }
      double root = Math.sqrt(variance + config.layerNormEpsilon());
      for (int j = 0; j < row.length; j++) {
        row[j] = (row[j] - mean) / root * gain[j] + bias[j];
      }
    }
  }

  private static double[][] sum(double[][] a, double[][] b) {
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        b[i][j] += a[i][j];
      }
    }
    return b;
  }

  /** Returns x·Φ(x) or its approximation. */
  public static double gelu(double x, Activation activation) {
    if (activation == Activation.GELU_TANH) {
      return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }
    return x / 2 * (1 + erf(x / Math.sqrt(2)));
  }

  /** Maclaurin series; beyond 5 the error function is 1 to twelve digits. */
  private static double erf(double x) {
    if (Math.abs(x) > 5) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 120; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }
}
