package io.github.starling.speech;

import io.github.starling.model.MoonshineConfig;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * Moonshine in double precision, after its formulas (arXiv:2410.15608), without caches and without
 * anything that is shared with the fast code but the reading of tensors.
 */
public final class NaiveMoonshine {
  private final MoonshineFolder folder;
  private final MoonshineConfig config;
  private final Arena arena;

  public NaiveMoonshine(MoonshineFolder folder, Arena arena) {
    this.folder = folder;
    this.arena = arena;
    config = folder.config();
  }

  private double[] tensor(String name) throws IOException {
    var floats = folder.tensor("model." + name).floats(arena);
    var values = new double[(int) (floats.byteSize() / 4)];
    Arrays.setAll(values, i -> floats.getAtIndex(Matrix.FLOAT, i));
    return values;
  }

  private double[] bias(String name, int outputs) throws IOException {
    return folder.hasTensor("model." + name + ".bias")
        ? tensor(name + ".bias")
        : new double[outputs];
  }

  /** Returns the frames before the layers, shape (n, d). */
  double[][] front(float[] samples) throws IOException {
    var x = new double[samples.length][1];
    for (int t = 0; t < samples.length; t++) {
      x[t][0] = samples[t];
    }
    x = convolve(x, "encoder.conv1", 127, 64);
    double sum = 0;
    double square = 0;
    int count = x.length * x[0].length;
    for (double[] row : x) {
      for (int c = 0; c < row.length; c++) {
        row[c] = Math.tanh(row[c]);
        sum += row[c];
      }
    }
    double mean = sum / count;
    for (double[] row : x) {
      for (double value : row) {
        square += (value - mean) * (value - mean);
      }
    }
    double deviation = Math.sqrt(square / count + 1e-5);
    double[] gain = tensor("encoder.groupnorm.weight");
    double[] shift = tensor("encoder.groupnorm.bias");
    for (double[] row : x) {
      for (int c = 0; c < row.length; c++) {
        row[c] = (row[c] - mean) / deviation * gain[c] + shift[c];
      }
    }
    return gelu(convolve(gelu(convolve(x, "encoder.conv2", 7, 3)), "encoder.conv3", 3, 2));
  }

  /** Returns the output of the encoder, shape (n, d). */
  public double[][] encode(float[] samples) throws IOException {
    var x = front(samples);
    for (int l = 0; l < config.encoderLayers(); l++) {
      String layer = "encoder.layers." + l + ".";
      var h = norm(x, layer + "input_layernorm");
      add(x, attend(h, h, layer + "self_attn", true, false));
      h = norm(x, layer + "post_attention_layernorm");
      add(x, dense(gelu(dense(h, layer + "mlp.fc1")), layer + "mlp.fc2"));
    }
    return norm(x, "encoder.layer_norm");
  }

  /** Returns the logits after the last of some tokens. */
  double[] logits(double[][] frames, int[] tokens) throws IOException {
    int d = config.hiddenSize();
    double[] embeddings = tensor("decoder.embed_tokens.weight");
    var x = new double[tokens.length][];
    for (int t = 0; t < x.length; t++) {
      x[t] = Arrays.copyOfRange(embeddings, tokens[t] * d, (tokens[t] + 1) * d);
    }
    for (int l = 0; l < config.decoderLayers(); l++) {
      String layer = "decoder.layers." + l + ".";
      var h = norm(x, layer + "input_layernorm");
      add(x, attend(h, h, layer + "self_attn", true, true));
      h = norm(x, layer + "post_attention_layernorm");
      add(x, attend(h, frames, layer + "encoder_attn", false, false));
      var wide = dense(norm(x, layer + "final_layernorm"), layer + "mlp.fc1");
      int f = config.intermediateSize();
      var gated = new double[wide.length][f];
      for (int t = 0; t < gated.length; t++) {
        for (int c = 0; c < f; c++) {
          double gate = wide[t][f + c];
          gated[t][c] = wide[t][c] * gate / (1 + Math.exp(-gate));
        }
      }
      add(x, dense(gated, layer + "mlp.fc2"));
    }
    double[] last = norm(x, "decoder.norm")[x.length - 1];
    var logits = new double[config.vocabularySize()];
    for (int v = 0; v < logits.length; v++) {
      for (int c = 0; c < d; c++) {
        logits[v] += last[c] * embeddings[v * d + c];
      }
    }
    return logits;
  }

  private double[][] convolve(double[][] x, String name, int width, int stride) throws IOException {
    double[] w = tensor(name + ".weight");
    int in = x[0].length;
    int out = w.length / in / width;
    double[] b = bias(name, out);
    var y = new double[(x.length - width) / stride + 1][out];
    for (int t = 0; t < y.length; t++) {
      for (int o = 0; o < out; o++) {
        double sum = b[o];
        for (int c = 0; c < in; c++) {
          for (int k = 0; k < width; k++) {
            sum += x[t * stride + k][c] * w[(o * in + c) * width + k];
          }
        }
        y[t][o] = sum;
      }
    }
    return y;
  }

  private double[][] attend(
      double[][] from, double[][] to, String name, boolean turns, boolean isCausal)
      throws IOException {
    var q = dense(from, name + ".q_proj");
    var k = dense(to, name + ".k_proj");
    var v = dense(to, name + ".v_proj");
    if (turns) {
      turn(q);
      turn(k);
    }
    int dk = config.headSize();
    var out = new double[q.length][config.hiddenSize()];
    for (int head = 0; head < config.hiddenSize(); head += dk) {
      for (int i = 0; i < q.length; i++) {
        var weights = new double[isCausal ? i + 1 : k.length];
        double total = 0;
        for (int t = 0; t < weights.length; t++) {
          double dot = 0;
          for (int c = head; c < head + dk; c++) {
            dot += q[i][c] * k[t][c];
          }
          weights[t] = Math.exp(dot / Math.sqrt(dk));
          total += weights[t];
        }
        for (int t = 0; t < weights.length; t++) {
          for (int c = head; c < head + dk; c++) {
            out[i][c] += weights[t] / total * v[t][c];
          }
        }
      }
    }
    return dense(out, name + ".o_proj");
  }

  /** Angles are products of floats, as the model's are. */
  private void turn(double[][] x) {
    int channels = config.rotaryChannels();
    for (int p = 0; p < x.length; p++) {
      for (int head = 0; head < x[p].length; head += config.headSize()) {
        for (int j = 0; j < channels / 2; j++) {
          float theta = (float) Math.pow(config.ropeTheta(), -2.0 * j / channels);
          double cos = Math.cos(p * theta);
          double sin = Math.sin(p * theta);
          double even = x[p][head + 2 * j];
          double odd = x[p][head + 2 * j + 1];
          x[p][head + 2 * j] = even * cos - odd * sin;
          x[p][head + 2 * j + 1] = odd * cos + even * sin;
        }
      }
    }
  }

  private double[][] dense(double[][] x, String name) throws IOException {
    double[] w = tensor(name + ".weight");
    int in = x[0].length;
    int out = w.length / in;
    double[] b = bias(name, out);
    var y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        y[t][o] = b[o];
        for (int c = 0; c < in; c++) {
          y[t][o] += x[t][c] * w[o * in + c];
        }
      }
    }
    return y;
  }

  private double[][] norm(double[][] x, String name) throws IOException {
    double[] gain = tensor(name + ".weight");
    var y = new double[x.length][gain.length];
    for (int t = 0; t < x.length; t++) {
      double mean = Arrays.stream(x[t]).average().orElseThrow();
      double variance =
          Arrays.stream(x[t]).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
      for (int c = 0; c < gain.length; c++) {
        y[t][c] = (x[t][c] - mean) / Math.sqrt(variance + 1e-5) * gain[c];
      }
    }
    return y;
  }

  private static double[][] gelu(double[][] x) {
    for (double[] row : x) {
      for (int c = 0; c < row.length; c++) {
        row[c] = 0.5 * row[c] * (1 + erf(row[c] / Math.sqrt(2)));
      }
    }
    return x;
  }

  /** Adds up the series 2/√π · Σ (−1)ᵏ z²ᵏ⁺¹ / (k!·(2k + 1)), which any |z| below 5 is fit for. */
  private static double erf(double z) {
    if (Math.abs(z) >= 5) {
      return Math.signum(z);
    }
    double term = z;
    double sum = z;
    for (int k = 1; k < 200; k++) {
      term *= -z * z / k;
      sum += term / (2 * k + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private static void add(double[][] x, double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int c = 0; c < x[t].length; c++) {
        x[t][c] += y[t][c];
      }
    }
  }
}
