package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.LANES;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * A dense layer's weights and bias in the panels that {@link MicroKernel} reads, packed once.
 *
 * <p>Takes as much heap memory as the weights themselves, rounded up to whole panels.
 */
public final class PackedWeights {
  private final int inputs;
  private final int outputs;
  final float[] panels;
  final float[] bias;

  private PackedWeights(int inputs, int outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    int padded = MicroKernel.padColumns(outputs);
    panels = new float[Math.multiplyExact(padded, Panels.padDepth(inputs))];
    bias = new float[padded];
  }

  /**
   * Packs weights as Hugging Face stores them.
   *
   * @param weights shape (outputs, inputs)
   * @param bias shape (1, outputs)
   * @throws IllegalArgumentException if the shapes do not fit each other
   */
  public static PackedWeights pack(Matrix weights, Matrix bias) {
    if (bias.rows() != 1 || bias.columns() != weights.rows()) {
      throw new IllegalArgumentException(
          "weights of shape %s need a bias of shape (1, %d), not %s"
              .formatted(weights.shape(), weights.rows(), bias.shape()));
    }
    var packed = new PackedWeights(weights.columns(), weights.rows());
    MemorySegment.copy(
        bias.data(), Matrix.FLOAT, bias.byteOffset(0), packed.bias, 0, weights.rows());
    int depth = Panels.padDepth(weights.columns());
    var staged = new float[MicroKernel.WIDE * depth];
    var scratch = new float[LANES * LANES];
    // Panel by panel, so that no copy of the whole is made.
    for (int from = 0; from < weights.rows(); from += MicroKernel.WIDE) {
      int count = Math.min(MicroKernel.WIDE, weights.rows() - from);
      for (int r = 0; r < count; r++) {
        Panels.copyRow(weights, from + r, 0, weights.columns(), staged, r * depth);
      }
      Panels.packKeys(staged, count, weights.columns(), packed.panels, from * depth, scratch);
    }
    return packed;
  }

  /** Returns the columns of what the layer takes. */
  public int inputs() {
    return inputs;
  }

  /** Returns the columns of what the layer gives. */
  public int outputs() {
    return outputs;
  }
}
