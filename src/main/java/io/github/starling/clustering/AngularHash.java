package io.github.starling.clustering;

import io.github.starling.kernel.AngularHashKernel;

/**
 * Random directions that hash queries to buckets, rounds of them.
 *
 * <p>Andoni et al., arXiv:1509.02897, as used by the Reformer, arXiv:2001.04451 §2: the bucket of x
 * is the index of the largest of [xP, −xP], the lowest of equals. The generator is that of {@link
 * Planes}: its third split is split once more for each round, which draws {@code (float)
 * nextGaussian()} for dk columns of direction 0, then of direction 1, and so on. So the first
 * directions of a round do not depend on how many there are.
 */
public final class AngularHash {
  private AngularHash() {}

  /**
   * Draws the directions.
   *
   * @param rounds number of rounds
   * @param count h, directions of a round, half the buckets
   * @param dk columns of the queries
   * @param seed the only source of randomness
   * @return shape (rounds, h·dk), each round row-major
   */
  public static float[][] draw(int rounds, int count, int dk, long seed) {
    var generator = Planes.generator(seed);
    generator.split(); // the planes'
    generator.split(); // the initial positions'
    var third = generator.split();
    var directions = new float[rounds][Math.multiplyExact(count, dk)];
    for (float[] round : directions) {
      var random = third.split();
      for (int i = 0; i < round.length; i++) {
        round[i] = (float) random.nextGaussian();
      }
    }
    return directions;
  }

  /** Packs the directions of each round for hashing. */
  public static AngularHashKernel[] pack(float[][] directions, int dk) {
    var kernels = new AngularHashKernel[directions.length];
    for (int r = 0; r < kernels.length; r++) {
      kernels[r] = new AngularHashKernel(directions[r], dk);
    }
    return kernels;
  }
}
