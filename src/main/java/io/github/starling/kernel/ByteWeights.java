package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.INTS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import io.github.starling.tensor.Matrix;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Panels of weights with a byte for each, which become floats block by block in the nearest cache.
 *
 * <pre>
 * int    four adjacent steps of the depth of one column, the first in the lowest byte
 * float  step of the column · (byte + lowest of the column)
 * </pre>
 *
 * <p>A product of few rows waits for its weights to arrive from memory: a quarter of the bytes
 * takes a fraction of the time. The floats are the same as without, bit for bit, see {@link
 * EvenSpacing}.
 */
final class ByteWeights {
  private static final int STEPS = InterleavedKernel.STEPS;

  private final int panelDepth;
  private final int[] packed;
  private final float[] steps;
  private final float[] lowest;

  private ByteWeights(int inputs, int outputs) {
    int padded = MicroKernel.padColumns(outputs);
    panelDepth = MicroKernel.padDepth(inputs);
    packed = new int[Math.multiplyExact(padded, panelDepth / STEPS)];
    steps = new float[padded];
    lowest = new float[padded];
  }

  /**
   * Packs weights.
   *
   * @param parts shapes (outputs, inputs), one below the other
   * @return null if those of a part are not evenly spaced
   */
  static ByteWeights of(List<Matrix> parts) {
    int outputs = parts.stream().mapToInt(Matrix::rows).reduce(0, Math::addExact);
    var bytes = new ByteWeights(parts.getFirst().columns(), outputs);
    int column = 0;
    for (var part : parts) {
      var spacing = EvenSpacing.of(part);
      if (spacing == null) {
        return null;
      }
      for (int r = 0; r < part.rows(); r++) {
        bytes.pack(part, r, spacing, column++);
      }
    }
    return bytes;
  }

  private void pack(Matrix part, int row, EvenSpacing spacing, int column) {
    steps[column] = spacing.step();
    lowest[column] = spacing.lowest();
    int from = column / MicroKernel.WIDE * MicroKernel.WIDE;
    int width = MicroKernel.panelWidth(from, steps.length);
    int at = from * (panelDepth / STEPS) + column - from;
    for (int k = 0; k < part.columns(); k++) {
      int shift = Byte.SIZE * (k % STEPS);
      packed[at + k / STEPS * width] |= spacing.index(part.get(row, k)) << shift;
    }
  }

  /**
   * Writes part of a panel as floats.
   *
   * @param column the panel's first
   * @param k first step of the depth, a multiple of four
   * @param depth likewise
   * @param width of the panel
   * @param out takes shape (depth, width)
   */
  void expand(int column, int k, int depth, int width, float[] out) {
    int at = column * (panelDepth / STEPS) + k / STEPS * width;
    for (int c = 0; c < width; c += LANES) {
      expand(packed, at + c, depth / STEPS, width, steps, lowest, column + c, out, c);
    }
  }

  /** The arguments are those of a loop over one vector of columns; an object would be allocated. */
  private static void expand(
      int[] packed,
      int at,
      int count,
      int width,
      float[] steps,
      float[] lowest,
      int column,
      float[] out,
      int to) {
    var step = FloatVector.fromArray(FLOATS, steps, column);
    var low = FloatVector.fromArray(FLOATS, lowest, column);
    for (int i = 0; i < count; i++) {
      var four = IntVector.fromArray(INTS, packed, at + i * width);
      int row = to + i * STEPS * width;
      value(four.and(255), low, step).intoArray(out, row);
      value(four.lanewise(LSHR, 8).and(255), low, step).intoArray(out, row + width);
      value(four.lanewise(LSHR, 16).and(255), low, step).intoArray(out, row + 2 * width);
      value(four.lanewise(LSHR, 24), low, step).intoArray(out, row + 3 * width);
    }
  }

  /**
   * Computes one panel of a single row: c = a·B.
   *
   * @param a the row from step k on, shape (depth)
   * @param column the panel's first
   * @param k first step of the depth, a multiple of four
   * @param depth likewise
   * @param c takes shape (width)
   */
  void multiplyRow(float[] a, int column, int k, int depth, int width, float[] c) {
    int at = column * (panelDepth / STEPS) + k / STEPS * width;
    for (int j = 0; j < width; j += 2 * LANES) {
      multiplyTwo(a, packed, at + j, depth / 2, width, steps, lowest, column + j, c, j);
    }
  }

  /**
   * Two vectors of columns: a sum for each hides half of the latency of a FMA, and the conversion
   * of the bytes the rest. Half an int at a time: C2 boxes what a loop has beyond forty operations.
   * The order of the sums is that of {@link MicroKernel}.
   */
  private static void multiplyTwo(
      float[] a,
      int[] packed,
      int at,
      int pairs,
      int width,
      float[] steps,
      float[] lowest,
      int column,
      float[] c,
      int to) {
    var step0 = FloatVector.fromArray(FLOATS, steps, column);
    var step1 = FloatVector.fromArray(FLOATS, steps, column + LANES);
    var low0 = FloatVector.fromArray(FLOATS, lowest, column);
    var low1 = FloatVector.fromArray(FLOATS, lowest, column + LANES);
    var sum0 = FloatVector.zero(FLOATS);
    var sum1 = sum0;
    for (int i = 0; i < pairs; i++) {
      int from = at + (i >> 1) * width;
      int shift = (i & 1) << 4;
      var two0 = IntVector.fromArray(INTS, packed, from).lanewise(LSHR, shift);
      var two1 = IntVector.fromArray(INTS, packed, from + LANES).lanewise(LSHR, shift);
      var x = FloatVector.broadcast(FLOATS, a[2 * i]);
      sum0 = x.fma(value(two0.and(255), low0, step0), sum0);
      sum1 = x.fma(value(two1.and(255), low1, step1), sum1);
      x = FloatVector.broadcast(FLOATS, a[2 * i + 1]);
      sum0 = x.fma(value(two0.lanewise(LSHR, 8).and(255), low0, step0), sum0);
      sum1 = x.fma(value(two1.lanewise(LSHR, 8).and(255), low1, step1), sum1);
    }
    sum0.intoArray(c, to);
    sum1.intoArray(c, to + LANES);
  }

  /** Whole numbers below 2²⁴ are exact, so the product is all that rounds. */
  private static FloatVector value(IntVector bytes, FloatVector low, FloatVector step) {
    return ((FloatVector) bytes.convert(I2F, 0)).add(low).mul(step);
  }
}
