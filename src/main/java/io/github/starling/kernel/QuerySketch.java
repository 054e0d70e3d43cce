package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Queries in the eight directions in which the keys of their head tell them apart best.
 *
 * <pre>
 * sample   S: 64 centred keys at golden-ratio steps
 * basis    Y ← orthonormal(Sᵀ S Y), from Y = Sᵀ R, R fixed signs: power iteration
 * sketch   z = q Sᵀ W with W = orthonormal(S Y): of q·k, k any sampled key, the part that these
 *          eight directions hold
 * </pre>
 *
 * <p>‖z − z′‖ is, but for the directions left out, how differently q and q′ score the keys, which
 * is the distance that clusters should have; ‖q − q′‖ counts directions that no key has. 2·dk·8
 * flop a query.
 */
public final class QuerySketch {
  /** Directions that are kept. */
  public static final int DIMENSIONS = 8;

  private static final int SAMPLES = 64;

  /** A row of {@link #DIMENSIONS} floats and, with wider vectors, zeros behind. */
  private static final int STRIDE = Math.max(DIMENSIONS, LANES);

  /** R, shape (S, STRIDE): mixes all sampled keys, so that equally strong directions all count. */
  private static final float[] SIGNS = signs();

  private static final int UNROLL = 4;
  private static final int BLOCK = 8 * ROWS;

  private final int dk;
  private final int depth;
  private final int padded = MicroKernel.padColumns(DIMENSIONS);
  private final int[] positions = new int[SAMPLES];
  private final float[] sample;
  private final float[] basis;
  private final float[] image = new float[SAMPLES * STRIDE];
  private final float[] panel;

  /** Memory of one thread. */
  public static final class Scratch {
    private final float[] queries;
    private final float[] products;

    private Scratch(int dk, int padded) {
      queries = new float[BLOCK * dk];
      products = new float[BLOCK * padded];
    }
  }

  /** Allocates for queries of dk columns. */
  public QuerySketch(int dk) {
    this.dk = dk;
    depth = Panels.padDepth(dk);
    sample = new float[SAMPLES * depth];
    basis = new float[depth * STRIDE];
    panel = new float[depth * padded];
  }

  private static float[] signs() {
    var signs = new float[SAMPLES * STRIDE];
    for (int s = 0; s < SAMPLES; s++) {
      for (int a = 0; a < DIMENSIONS; a++) {
        signs[s * STRIDE + a] = sign(s, a);
      }
    }
    return signs;
  }

  /** Returns +1 or −1: bit 8a + 7 of (s + 1) · ⌊2⁶⁴ / 1.618…⌋. */
  private static float sign(int sample, int direction) {
    long bits = (sample + 1) * 0x9E3779B97F4A7C15L;
    return (bits >>> (8 * direction + 7) & 1) == 0 ? 1 : -1;
  }

  /** Returns memory for a thread that projects. */
  public Scratch scratch() {
    return new Scratch(dk, padded);
  }

  /** Returns how many floats lie between the starts of adjacent sketches. */
  public static int stride() {
    return STRIDE;
  }

  /** Finds the directions. */
  public void prepare(KeyTable keys) {
    int samples = Math.min(SAMPLES, keys.rows());
    for (int s = 0; s < samples; s++) {
      positions[s] = GoldenSteps.position(s, samples, keys.rows());
    }
    Arrays.fill(sample, 0f); // fewer samples than there is room for count as zeros
    Panels.gatherRows(keys.keys().data(), depth, positions, 0, samples, sample);
    System.arraycopy(SIGNS, 0, image, 0, image.length);
    multiply(sample, 1, depth, depth, image, SAMPLES, basis); // Y
    multiply(sample, depth, 1, SAMPLES, basis, depth, image); // S Y
    multiply(sample, 1, depth, depth, image, SAMPLES, basis); // Sᵀ S Y
    orthonormalize(basis, depth);
    multiply(sample, depth, 1, SAMPLES, basis, depth, image);
    orthonormalize(image, SAMPLES); // W
    multiply(sample, 1, depth, depth, image, SAMPLES, basis); // Sᵀ W
    for (int d = 0; d < depth; d++) {
      System.arraycopy(basis, d * STRIDE, panel, d * padded, DIMENSIONS);
    }
  }

  /**
   * Computes out = A·B for a narrow B.
   *
   * @param a shape (rows, depth), its elements {@code rowStride} and {@code columnStride} apart
   * @param rows a multiple of four
   * @param b shape (depth, STRIDE)
   * @param out shape (rows, STRIDE)
   */
  private static void multiply(
      float[] a, int rowStride, int columnStride, int rows, float[] b, int depth, float[] out) {
    for (int r = 0; r < rows; r += UNROLL) {
      for (int c = 0; c < STRIDE; c += LANES) {
        var s0 = FloatVector.zero(FLOATS);
        var s1 = s0;
        var s2 = s0;
        var s3 = s0;
        for (int k = 0; k < depth; k++) {
          int at = r * rowStride + k * columnStride;
          var x = FloatVector.fromArray(FLOATS, b, k * STRIDE + c);
          s0 = x.fma(FloatVector.broadcast(FLOATS, a[at]), s0);
          s1 = x.fma(FloatVector.broadcast(FLOATS, a[at + rowStride]), s1);
          s2 = x.fma(FloatVector.broadcast(FLOATS, a[at + 2 * rowStride]), s2);
          s3 = x.fma(FloatVector.broadcast(FLOATS, a[at + 3 * rowStride]), s3);
        }
        s0.intoArray(out, r * STRIDE + c);
        s1.intoArray(out, (r + 1) * STRIDE + c);
        s2.intoArray(out, (r + 2) * STRIDE + c);
        s3.intoArray(out, (r + 3) * STRIDE + c);
      }
    }
  }

  /**
   * Makes columns orthonormal by modified Gram-Schmidt; one that depends on others becomes zero.
   */
  private static void orthonormalize(float[] columns, int rows) {
    for (int a = 0; a < DIMENSIONS; a++) {
      double before = square(columns, rows, a, a);
      for (int b = 0; b < a; b++) {
        float common = (float) square(columns, rows, a, b);
        for (int r = 0; r < rows; r++) {
          columns[r * STRIDE + a] -= common * columns[r * STRIDE + b];
        }
      }
      double square = square(columns, rows, a, a);
      float scale = square > 1e-10 * before ? (float) (1 / Math.sqrt(square)) : 0;
      for (int r = 0; r < rows; r++) {
        columns[r * STRIDE + a] *= scale;
      }
    }
  }

  private static double square(float[] columns, int rows, int a, int b) {
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      sum += columns[r * STRIDE + a] * columns[r * STRIDE + b];
    }
    return sum;
  }

  /**
   * Sketches queries.
   *
   * @param q shape (n, dk)
   * @param first the first query
   * @param count how many
   * @param sketches out, shape (n, {@link #stride})
   */
  public void project(Matrix q, int first, int count, float[] sketches, Scratch own) {
    for (int from = 0; from < count; from += BLOCK) {
      int rows = Math.min(BLOCK, count - from);
      Panels.packRows(q, first + from, rows, 1, own.queries);
      for (int r = 0; r < rows; r += ROWS) {
        MicroKernel.multiply(
            own.queries, r * dk, dk, panel, 0, dk, padded, own.products, r * padded, padded);
      }
      Panels.copyColumns(own.products, padded, rows, STRIDE, sketches, (first + from) * STRIDE);
    }
  }
}
