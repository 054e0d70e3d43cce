package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class ReductionTest {
  private static final float[] RISING = {
    Float.NEGATIVE_INFINITY,
    -Float.MAX_VALUE,
    -1.5f,
    -1,
    -Float.MIN_NORMAL,
    -Float.MIN_VALUE,
    -0f,
    0f,
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    1,
    Math.nextUp(1f),
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NaN
  };

  @Test
  void theIntegersHaveTheOrderOfTheFloats() {
    for (int i = 1; i < RISING.length; i++) {
      float below = RISING[i - 1];
      float above = RISING[i];
      assertTrue(ordered(below) < ordered(above), () -> below + " < " + above);
    }
    var random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      float a = Float.intBitsToFloat(random.nextInt());
      float b = Float.intBitsToFloat(random.nextInt());
      if (!Float.isNaN(a) && !Float.isNaN(b)) {
        assertEquals(
            Integer.signum(Float.compare(a, b)),
            Integer.compare(ordered(a), ordered(b)),
            () -> a + ", " + b);
      }
    }
  }

  @Test
  void theWayBackGivesTheSameBits() {
    for (float x : RISING) {
      assertEquals(
          Float.floatToRawIntBits(x), Float.floatToRawIntBits(Reduction.unordered(ordered(x))));
    }
  }

  @Test
  void sumAddsHalvesThenQuarters() {
    var random = new Random(2);
    for (int round = 0; round < 1000; round++) {
      var lanes = new float[LANES];
      for (int l = 0; l < LANES; l++) {
        lanes[l] = (float) random.nextGaussian() * (1 << random.nextInt(20));
      }
      var tree = lanes.clone();
      for (int half = LANES / 2; half > 0; half /= 2) {
        for (int l = 0; l < half; l++) {
          tree[l] += tree[l + half];
        }
      }
      assertEquals(tree[0], Reduction.sum(FloatVector.fromArray(FLOATS, lanes, 0)));
    }
  }

  private static int ordered(float x) {
    return Reduction.ordered(FloatVector.broadcast(FLOATS, x)).lane(LANES - 1);
  }
}
