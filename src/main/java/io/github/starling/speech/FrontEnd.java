package io.github.starling.speech;

import io.github.starling.kernel.DenseWeights;
import io.github.starling.kernel.GroupNorm;
import io.github.starling.kernel.MatrixProduct;
import io.github.starling.kernel.RowBlocks;
import io.github.starling.kernel.Tanh;
import io.github.starling.kernel.Workers;
import io.github.starling.model.Activation;
import io.github.starling.model.FormatException;
import io.github.starling.model.MoonshineConfig;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.GrowingMatrix;
import io.github.starling.transformer.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The front end of Moonshine: samples to frames.
 *
 * <p>Jeffries et al., arXiv:2410.15608 §3.1:
 *
 * <pre>
 * samples (N) ─ conv 127 / 64, tanh ─ group norm over the clip ─ (a, d)
 *             ─ conv 7 / 3, gelu ─ (b, 2d) ─ conv 3 / 2, gelu ─ (n, d)
 * </pre>
 *
 * <p>Rows are times and columns channels, so the window of a convolution is adjacent floats: the
 * windows are a matrix whose rows overlap, and a convolution is a product with it. O(N·d²).
 */
final class FrontEnd implements AutoCloseable {
  private static final Convolution FIRST = new Convolution(127, 64, false);
  private static final Convolution SECOND = new Convolution(7, 3, true);
  private static final Convolution THIRD = new Convolution(3, 2, true);

  private final DenseWeights first;
  private final DenseWeights second;
  private final DenseWeights third;
  private final GroupNorm norm;
  private final GrowingMatrix sampleRows = new GrowingMatrix(1);
  private final GrowingMatrix firstRows;
  private final GrowingMatrix secondRows;

  /** A window of times, how far it moves, and whether something is added to its product. */
  private record Convolution(int width, int stride, boolean isBiased) {
    int outputs(int times) {
      return times < width ? 0 : (times - width) / stride + 1;
    }

    /** Views the windows of (times, channels), shape (outputs, width · channels). */
    Matrix windows(Matrix x) {
      int channels = x.columns();
      return new Matrix(x.data(), 0, outputs(x.rows()), width * channels, (long) stride * channels);
    }

    /** Reads weights of shape (out, channels, width), which windows need time by time. */
    DenseWeights load(MoonshineFolder folder, Arena arena, String name) throws FormatException {
      var tensor = folder.tensor(name + ".weight");
      int out = tensor.dimension(0);
      int channels = tensor.dimension(1);
      var weights = Matrix.allocate(arena, out, channels * width);
      var row = new float[channels * width];
      try (var scratch = Arena.ofConfined()) {
        var floats = tensor.floats(scratch);
        for (int o = 0; o < out; o++) {
          for (int i = 0; i < row.length; i++) {
            long from = (long) o * row.length + i;
            row[i % width * channels + i / width] = floats.getAtIndex(Matrix.FLOAT, from);
          }
          MemorySegment.copy(
              row, 0, weights.data(), Matrix.FLOAT, weights.byteOffset(o), row.length);
        }
      }
      return new DenseWeights(
          weights,
          isBiased ? folder.tensor(name + ".bias").matrix(arena) : Matrix.allocate(arena, 1, out));
    }
  }

  /** Reads the weights; the folder's arena must live as long. */
  FrontEnd(MoonshineFolder folder, Arena arena) throws FormatException {
    String encoder = "model.encoder.";
    first = FIRST.load(folder, arena, encoder + "conv1");
    second = SECOND.load(folder, arena, encoder + "conv2");
    third = THIRD.load(folder, arena, encoder + "conv3");
    norm =
        new GroupNorm(
            folder.row(encoder + "groupnorm.weight"),
            folder.row(encoder + "groupnorm.bias"),
            (float) MoonshineConfig.NORM_EPSILON);
    firstRows = new GrowingMatrix(first.outputs());
    secondRows = new GrowingMatrix(second.outputs());
  }

  /** Returns how many frames a clip has. */
  static int frames(int samples) {
    return THIRD.outputs(SECOND.outputs(FIRST.outputs(samples)));
  }

  /**
   * Computes the frames of a clip.
   *
   * @param samples at 16 kHz
   * @param out shape (frames, d)
   */
  void run(float[] samples, Matrix out, Workspace work) {
    var product = work.product();
    var input = sampleRows.rows(samples.length);
    MemorySegment.copy(samples, 0, input.data(), Matrix.FLOAT, 0, samples.length);
    var a = convolve(FIRST, input, first, firstRows, product);
    RowBlocks.forEach(a, work.workers(), Tanh::apply);
    norm.normalize(a, work.workers());
    var b = convolve(SECOND, a, second, secondRows, product);
    gelu(b, work.workers());
    product.multiply(THIRD.windows(b), third, out);
    gelu(out, work.workers());
  }

  private static Matrix convolve(
      Convolution shape,
      Matrix x,
      DenseWeights weights,
      GrowingMatrix rows,
      MatrixProduct product) {
    var windows = shape.windows(x);
    var out = rows.rows(windows.rows());
    product.multiply(windows, weights, out);
    return out;
  }

  private static void gelu(Matrix x, Workers workers) {
    RowBlocks.forEach(x, workers, Activation.GELU_ERF::apply);
  }

  @Override
  public void close() {
    sampleRows.close();
    firstRows.close();
    secondRows.close();
  }
}
