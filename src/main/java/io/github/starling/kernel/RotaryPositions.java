package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Rotary position embedding: pairs of channels turn by an angle that grows with the position.
 *
 * <p>Su et al., arXiv:2104.09864 §3.2.2, equation 34, adjacent channels in a pair:
 *
 * <pre>
 * x'₂ⱼ   = x₂ⱼ·cos(p·θⱼ) − x₂ⱼ₊₁·sin(p·θⱼ)
 * x'₂ⱼ₊₁ = x₂ⱼ₊₁·cos(p·θⱼ) + x₂ⱼ·sin(p·θⱼ)        θⱼ = base^(−2j/channels)
 * </pre>
 *
 * <p>The other channels stay. The angle is a product of float32, as in the models that were trained
 * with it; its sine and cosine are computed in double precision. O(n·channels).
 */
public final class RotaryPositions {
  /** Exchanges the channels of each pair. */
  private static final VectorShuffle<Float> PARTNERS =
      VectorShuffle.fromOp(FLOATS, lane -> lane ^ 1);

  private final int channels;
  private final float[] frequencies;
  private float[] cosines = {};
  private float[] sines = {};
  private int positions;

  /**
   * Prepares the frequencies.
   *
   * @param channels of a head that turn, its first ones; even, ≥ 2
   * @param base of the frequencies, usually 10,000; positive and finite
   * @throws IllegalArgumentException if a number is out of its range
   */
  public RotaryPositions(int channels, double base) {
    if (channels < 2 || channels % 2 != 0) {
      throw new IllegalArgumentException("an even number of channels turns, not " + channels);
    }
    if (!(base > 0 && base < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the base of rotary positions must be positive and finite, not " + base);
    }
    this.channels = channels;
    frequencies = new float[channels / 2];
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] = (float) Math.pow(base, -2.0 * j / channels);
    }
  }

  /** Prepares the angles of positions 0 to {@code n} − 1. */
  public void reserve(int n) {
    if (n <= positions) {
      return;
    }
    int size = Math.multiplyExact(Math.max(n, positions + positions / 2), channels);
    cosines = Arrays.copyOf(cosines, size);
    sines = Arrays.copyOf(sines, size);
    for (int i = positions * channels / 2; i < size / 2; i++) {
      float angle = i / frequencies.length * frequencies[i % frequencies.length];
      cosines[2 * i] = (float) Math.cos(angle);
      cosines[2 * i + 1] = cosines[2 * i];
      sines[2 * i + 1] = (float) Math.sin(angle);
      sines[2 * i] = -sines[2 * i + 1];
    }
    positions = size / channels;
  }

  /**
   * Turns rows in place, the first by position 0, the second by position 1, and so on.
   *
   * @param x shape (n, head size)
   * @throws IllegalArgumentException if rows are narrower than the channels that turn, or there are
   *     more than are {@link #reserve}d
   */
  public void rotate(Matrix x) {
    rotate(x, 0);
  }

  /**
   * Turns rows in place.
   *
   * @param x shape (n, head size)
   * @param first position of the first row, ≥ 0
   * @throws IllegalArgumentException if rows are narrower than the channels that turn, or positions
   *     are not {@link #reserve}d
   */
  public void rotate(Matrix x, int first) {
    if (x.columns() < channels || first < 0 || first > positions - x.rows()) {
      throw new IllegalArgumentException(
          "cannot turn %d channels of %s at positions from %d on: %d are prepared"
              .formatted(channels, x.shape(), first, positions));
    }
    for (int r = 0; r < x.rows(); r++) {
      rotateRow(x.data(), x.byteOffset(r), (first + r) * channels);
    }
  }

  private void rotateRow(MemorySegment data, long from, int angle) {
    int bound = FLOATS.loopBound(channels);
    for (int c = 0; c < bound; c += LANES) {
      long at = from + 4L * c;
      var x = FloatVector.fromMemorySegment(FLOATS, data, at, LITTLE_ENDIAN);
      x.rearrange(PARTNERS)
          .fma(
              FloatVector.fromArray(FLOATS, sines, angle + c),
              x.mul(FloatVector.fromArray(FLOATS, cosines, angle + c)))
          .intoMemorySegment(data, at, LITTLE_ENDIAN);
    }
    for (int c = bound; c < channels; c += 2) {
      long at = from + 4L * c;
      float even = data.get(Matrix.FLOAT, at);
      float odd = data.get(Matrix.FLOAT, at + 4);
      float cos = cosines[angle + c];
      float sin = sines[angle + c + 1];
      data.set(Matrix.FLOAT, at, Math.fma(odd, -sin, even * cos));
      data.set(Matrix.FLOAT, at + 4, Math.fma(even, sin, odd * cos));
    }
  }
}
