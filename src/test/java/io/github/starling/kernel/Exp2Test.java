package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class Exp2Test {
  @Test
  void isWithinTwoUlpsFromMinus126To127() {
    var in = new float[LANES];
    var out = new float[LANES];
    double worst = 0;
    float worstAt = 0;
    int steps = 400_000;
    for (int i = 0; i < steps; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        in[l] = (float) (-126 + 253.0 * (i + l) / steps);
      }
      Exp2.exp2(FloatVector.fromArray(FLOATS, in, 0)).intoArray(out, 0);
      for (int l = 0; l < LANES; l++) {
        double exact = Math.pow(2, in[l]);
        double ulps = Math.abs(out[l] - exact) / Math.ulp((float) exact);
        if (ulps > worst) {
          worst = ulps;
          worstAt = in[l];
        }
      }
    }
    assertTrue(worst <= 2, "%s ulps at %s".formatted(worst, worstAt));
  }

  @Test
  void wholeNumbersAreExact() {
    for (int i = -126; i <= 127; i++) {
      assertEquals(Math.scalb(1f, i), exp2(i));
    }
  }

  @Test
  void nothingLeavesTheNormalFloats() {
    for (float x : new float[] {-126.5f, -127, -1e4f, -1e30f, Float.NEGATIVE_INFINITY}) {
      assertEquals(Float.MIN_NORMAL, exp2(x), () -> "2^" + x);
    }
  }

  @Test
  void nanStaysNaN() {
    assertTrue(Float.isNaN(exp2(Float.NaN)));
    assertTrue(Float.isNaN(exp2(-Float.NaN)));
  }

  @Test
  void zerosOfBothSignsGiveOne() {
    assertEquals(1f, exp2(0f));
    assertEquals(1f, exp2(-0f));
    assertEquals(1f, exp2(Float.MIN_VALUE));
  }

  private static float exp2(float x) {
    return Exp2.exp2(FloatVector.broadcast(FLOATS, x)).lane(LANES - 1);
  }
}
