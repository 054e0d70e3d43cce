package io.github.starling.clustering;

import io.github.starling.kernel.SignatureKernel;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random planes that hash queries to signatures.
 *
 * <p>The generator is the JDK's {@code L64X128MixRandom}, so anyone can draw the same planes: the
 * first split of the generator with the given seed draws {@code (float) nextGaussian()} for dk
 * columns and the threshold of plane 0, then of plane 1, and so on.
 *
 * @param values shape (bits, dk + 1), row-major, the last column the thresholds
 * @param bits number of planes, 1 to 64
 * @param dk columns of the queries
 */
public record Planes(float[] values, int bits, int dk) {
  static final String GENERATOR = "L64X128MixRandom";

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  public Planes {
    if (bits < 1 || bits > Long.SIZE) {
      throw new IllegalArgumentException("a signature has 1 to 64 bits, not " + bits);
    }
    if (dk < 1) {
      throw new IllegalArgumentException("queries need at least one column to be hashed");
    }
    if (values.length != bits * (dk + 1)) {
      throw new IllegalArgumentException(
          "planes of shape (%d, %d) have %d values, not %d"
              .formatted(bits, dk + 1, bits * (dk + 1), values.length));
    }
  }

  /**
   * Draws planes.
   *
   * @param bits number of planes, 1 to 64
   * @param dk columns of the queries
   * @param bias whether thresholds are drawn too; else they are 0
   * @param seed the only source of randomness
   * @throws IllegalArgumentException if bits or dk is out of its range
   */
  public static Planes draw(int bits, int dk, boolean bias, long seed) {
    var planes = new Planes(new float[Math.max(bits, 0) * (dk + 1)], bits, dk);
    var random = generator(seed).split();
    for (int i = 0; i < planes.values.length; i++) {
      float value = (float) random.nextGaussian();
      boolean isThreshold = i % (dk + 1) == dk;
      planes.values[i] = isThreshold && !bias ? 0 : value;
    }
    return planes;
  }

  static SplittableGenerator generator(long seed) {
    return RandomGeneratorFactory.<SplittableGenerator>of(GENERATOR).create(seed);
  }

  /** Packs the planes for hashing. */
  public SignatureKernel pack() {
    return new SignatureKernel(values, bits, dk);
  }
}
