package io.github.starling.clustering;

import java.util.HashMap;

/** Distinct positions, drawn from a seed, whose signatures are the first centroids. */
public final class InitialPositions {
  private InitialPositions() {}

  /**
   * Draws positions: the first {@code count} steps of a Fisher-Yates shuffle of 0 .. n − 1, by the
   * second split of the generator that {@link Planes} names.
   *
   * @param count how many, at most n
   * @param n number of valid queries
   * @return shape (count), distinct
   */
  public static int[] draw(int count, int n, long seed) {
    var generator = Planes.generator(seed);
    generator.split(); // the planes'
    var random = generator.split();
    var moved = new HashMap<Integer, Integer>(); // the shuffle touches few of the n places
    var positions = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i, n);
      positions[i] = moved.getOrDefault(j, j);
      moved.put(j, moved.getOrDefault(i, i));
    }
    return positions;
  }
}
