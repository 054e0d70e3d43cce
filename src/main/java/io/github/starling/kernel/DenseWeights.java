package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A dense layer's weights and bias: as they lie, and packed once they have met enough rows.
 *
 * <p>Packing costs about what {@link DirectProduct} takes for some tens of rows, and as much heap
 * memory as the weights themselves, rounded up to whole panels. A program that embeds one sentence
 * needs neither. The results are the same, bit for bit.
 */
public final class DenseWeights {
  /** Rows that meet the weights, all calls together, before packing pays. */
  static final int FEW_ROWS = 64;

  /** Depth of which a panel is packed at once, in the nearest cache. */
  private static final int PACK_DEPTH = 128;

  private final List<Matrix> parts;
  private final int inputs;
  private final int outputs;
  private final float[] bias;
  private float[] panels;
  private ByteWeights bytes;
  private int rowsMet;

  /**
   * Takes weights as Hugging Face stores them.
   *
   * @param parts shapes (outputs, inputs), one below the other; used in place from now on
   * @param biases shape (1, outputs) for each part, copied
   * @throws IllegalArgumentException if there is no part, or the shapes do not fit each other
   */
  public DenseWeights(List<Matrix> parts, List<Matrix> biases) {
    check(parts, biases);
    this.parts = List.copyOf(parts);
    inputs = parts.getFirst().columns();
    outputs = parts.stream().mapToInt(Matrix::rows).reduce(0, Math::addExact);
    bias = new float[outputs];
    int at = 0;
    for (var b : biases) {
      MemorySegment.copy(b.data(), Matrix.FLOAT, b.byteOffset(0), bias, at, b.columns());
      at += b.columns();
    }
  }

  /** Takes the weights and bias of a single layer. */
  public DenseWeights(Matrix weights, Matrix bias) {
    this(List.of(weights), List.of(bias));
  }

  private static void check(List<Matrix> parts, List<Matrix> biases) {
    if (parts.isEmpty() || parts.size() != biases.size()) {
      throw new IllegalArgumentException(
          "%d parts of weights with %d biases".formatted(parts.size(), biases.size()));
    }
    for (int i = 0; i < parts.size(); i++) {
      var part = parts.get(i);
      var b = biases.get(i);
      if (part.columns() != parts.getFirst().columns()) {
        throw new IllegalArgumentException(
            "weights of shape %s cannot lie below weights of shape %s"
                .formatted(part.shape(), parts.getFirst().shape()));
      }
      if (b.rows() != 1 || b.columns() != part.rows()) {
        throw new IllegalArgumentException(
            "weights of shape %s need a bias of shape (1, %d), not %s"
                .formatted(part.shape(), part.rows(), b.shape()));
      }
    }
  }

  /**
   * Packs the weights at once, with a byte for each if they have at most 256 evenly spaced values:
   * for layers that meet few rows at a time, many times. Changes no bit of any result.
   */
  public synchronized void compress() {
    bytes = ByteWeights.of(parts);
  }

  /** Returns the weights as bytes, or null. */
  synchronized ByteWeights bytes() {
    return bytes;
  }

  /** Returns the columns of what the layer takes. */
  public int inputs() {
    return inputs;
  }

  /** Returns the columns of what the layer gives. */
  public int outputs() {
    return outputs;
  }

  /** Copies the bias of adjacent outputs. */
  void copyBias(int first, int count, float[] to, int at) {
    System.arraycopy(bias, first, to, at, count);
  }

  /**
   * Returns the panels for a product with some rows, or null while they are not worth packing.
   *
   * @param workers share the packing
   * @return panels [padDepth(inputs)][{@link MicroKernel#panelWidth}]
   */
  synchronized float[] panels(int rows, Workers workers) {
    rowsMet = Math.min(FEW_ROWS + 1, rowsMet + Math.min(rows, FEW_ROWS + 1));
    if (panels == null && rowsMet > FEW_ROWS) {
      var packed = new float[Math.multiplyExact(MicroKernel.padColumns(outputs), panelDepth())];
      workers.forEach(
          Math.ceilDiv(outputs, MicroKernel.WIDE), (item, worker) -> packPanel(item, packed));
      panels = packed;
    }
    return panels;
  }

  /** Returns the depth of a panel. */
  int panelDepth() {
    return MicroKernel.padDepth(inputs);
  }

  /** Plain loops: a kernel of vectors would take longer to warm up than this takes. */
  private void packPanel(int item, float[] packed) {
    int from = item * MicroKernel.WIDE; // only the last panel may be narrow
    int width = MicroKernel.panelWidth(from, MicroKernel.padColumns(outputs));
    int count = Math.min(width, outputs - from);
    var staged = new float[count * inputs];
    copyRows(from, count, 0, inputs, staged);
    for (int k = 0; k < inputs; k += PACK_DEPTH) {
      int end = Math.min(k + PACK_DEPTH, inputs);
      for (int row = 0; row < count; row++) {
        spread(staged, row * inputs, k, end, packed, from * panelDepth() + row, width);
      }
    }
  }

  private static void spread(
      float[] from, int at, int k, int end, float[] to, int toAt, int stride) {
    for (int i = k; i < end; i++) {
      to[toAt + i * stride] = from[at + i];
    }
  }

  /**
   * Copies part of adjacent rows.
   *
   * @param first the first output
   * @param k the first input to copy
   * @param depth how many
   * @param to shape (count, depth), dense
   */
  void copyRows(int first, int count, int k, int depth, float[] to) {
    int row = first;
    int done = 0;
    for (var part : parts) {
      for (; row < part.rows() && done < count; row++, done++) {
        long from = part.byteOffset(row) + 4L * k;
        MemorySegment.copy(part.data(), Matrix.FLOAT, from, to, done * depth, depth);
      }
      row -= part.rows();
    }
  }
}
