package io.github.starling.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class InitialPositionsTest {
  @Test
  void positionsAreDistinctAndInRange() {
    int[][] sizes = {{0, 0}, {0, 5}, {1, 1}, {5, 5}, {3, 100}, {100, 100}, {99, 100}, {50, 1000}};
    for (int[] size : sizes) {
      for (long seed = 0; seed < 50; seed++) {
        var seen = new HashSet<Integer>();
        for (int position : InitialPositions.draw(size[0], size[1], seed)) {
          assertTrue(position >= 0 && position < size[1], () -> "position " + position);
          assertTrue(seen.add(position), () -> "position %d twice".formatted(position));
        }
        assertEquals(size[0], seen.size());
      }
    }
  }

  /** The recipe of the Javadoc: a shuffle of all positions by the second split. */
  @Test
  void anyoneCanDrawTheSamePositions() {
    for (long seed : new long[] {0, 1, -1, 99}) {
      var generator =
          RandomGeneratorFactory.<SplittableGenerator>of("L64X128MixRandom").create(seed);
      generator.split();
      var random = generator.split();
      var positions = new int[60];
      Arrays.setAll(positions, i -> i);
      for (int i = 0; i < 40; i++) {
        int j = random.nextInt(i, 60);
        int swapped = positions[i];
        positions[i] = positions[j];
        positions[j] = swapped;
      }
      assertArrayEquals(Arrays.copyOf(positions, 40), InitialPositions.draw(40, 60, seed));
    }
  }

  @Test
  void everyPositionIsAsLikely() {
    var counts = new int[20];
    for (long seed = 0; seed < 4000; seed++) {
      for (int position : InitialPositions.draw(5, 20, seed)) {
        counts[position]++;
      }
    }
    // 4,000 draws with probability 1/4: five standard deviations are 137.
    for (int count : counts) {
      assertEquals(1000, count, 137);
    }
  }

  @Test
  void anotherSeedGivesOtherPositions() {
    assertFalse(
        Arrays.equals(InitialPositions.draw(20, 1000, 1), InitialPositions.draw(20, 1000, 2)));
  }
}
