package io.github.starling.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.kernel.AngularHashKernel;
import io.github.starling.reference.Doubles;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AngularHashTest {
  private final Arena arena = Arena.ofAuto();

  /** Small integers tie often, at every scale; the first directions of more are those of fewer. */
  @Test
  void bucketsAreTheReferencesBitForBit() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      int n = 1 + random.nextInt(20);
      int dk = 1 + random.nextInt(40);
      int all = 1 + random.nextInt(150);
      int count = 1 + random.nextInt(all);
      boolean ties = random.nextBoolean();
      float scale = random.nextInt(4) == 0 ? 1e30f : 1;
      var queries = new float[n][dk];
      for (float[] row : queries) {
        fill(row, random, ties, scale);
      }
      var directions = new float[all * dk];
      fill(directions, random, ties, 1);
      var kernel = new AngularHashKernel(directions, dk);
      var buckets = new int[n];
      var list = new int[n];
      Arrays.setAll(list, i -> i);
      var scratch = new float[kernel.scratchFloats(count)];
      kernel.hash(Matrix.of(arena, queries), list, n, count, buckets, scratch);
      var rows = new double[count][dk];
      for (int i = 0; i < count * dk; i++) {
        rows[i / dk][i % dk] = directions[i];
      }
      assertArrayEquals(
          io.github.starling.reference.AngularHash.of(Doubles.of(queries), rows),
          buckets,
          "seed " + seed);
    }
  }

  private static void fill(float[] values, Random random, boolean ties, float scale) {
    for (int i = 0; i < values.length; i++) {
      values[i] = scale * (ties ? random.nextInt(3) - 1 : (float) random.nextGaussian());
    }
  }

  @Test
  void moreDirectionsBeginWithTheSame() {
    float[][] few = AngularHash.draw(3, 2, 5, 9);
    float[][] many = AngularHash.draw(4, 7, 5, 9);
    for (int round = 0; round < 3; round++) {
      assertArrayEquals(few[round], Arrays.copyOf(many[round], 10));
    }
    assertEquals(4, Arrays.stream(many).map(Arrays::toString).distinct().count());
  }
}
