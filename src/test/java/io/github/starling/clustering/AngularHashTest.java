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

  /** The same numbers in another order have the same sum but for what rounding makes of it. */
  @Test
  void nearTiesGoAsInDoublePrecision() {
    var random = new Random(1);
    int dk = 33;
    var numbers = new float[dk];
    fill(numbers, random, false, 1);
    var rows = new double[70][dk];
    var directions = new float[70 * dk];
    for (int b = 0; b < 70; b++) {
      for (int d = dk - 1; d >= 0; d--) {
        int other = random.nextInt(d + 1);
        float swapped = numbers[d];
        numbers[d] = numbers[other];
        numbers[other] = swapped;
      }
      for (int d = 0; d < dk; d++) {
        directions[b * dk + d] = b % 2 == 0 ? numbers[d] : -numbers[d];
        rows[b][d] = directions[b * dk + d];
      }
    }
    var queries = new float[20][dk];
    for (float[] row : queries) {
      Arrays.fill(row, (float) random.nextGaussian());
    }
    var kernel = new AngularHashKernel(directions, dk);
    var list = new int[20];
    Arrays.setAll(list, i -> i);
    var buckets = new int[20];
    var scratch = new float[kernel.scratchFloats(70)];
    kernel.hash(Matrix.of(arena, queries), list, 20, 70, buckets, scratch);
    assertArrayEquals(
        io.github.starling.reference.AngularHash.of(Doubles.of(queries), rows), buckets);
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
