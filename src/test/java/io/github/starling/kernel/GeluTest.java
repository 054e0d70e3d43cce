package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class GeluTest {
  @Test
  void theOracleHasTheTabledValues() {
    // Tables of the normal distribution.
    assertEquals(0.15865525393145707, ExactGelu.normalTail(1), 1e-16);
    assertEquals(0.0013498980316300946, ExactGelu.normalTail(3), 1e-17);
    assertEquals(7.619853024160526e-24, ExactGelu.normalTail(10), 1e-37);
    assertEquals(ExactGelu.normalTail(2.8), ExactGelu.normalTail(2.84), 1e-3);
  }

  @Test
  void erfIsExactToAFewUnitsInTheLastPlace() {
    checkErrors(Gelu::erf, ExactGelu::erf);
  }

  @Test
  void tanhIsExactToAFewUnitsInTheLastPlace() {
    checkErrors(Gelu::tanh, ExactGelu::tanh);
  }

  /** About a dozen roundings of half a unit each, which seldom add up. */
  private static void checkErrors(Consumer<Matrix> gelu, DoubleUnaryOperator exact) {
    double worst = 0;
    double worstFar = 0;
    for (float x : sweep()) {
      double expected = exact.applyAsDouble(x);
      double error = Math.abs(at(gelu, x) - expected);
      if (x >= -1) {
        worst = Math.max(worst, error / Math.ulp((float) expected));
      } else {
        worstFar = Math.max(worstFar, error / (-x * 0x1p-24));
      }
    }
    assertTrue(worst <= 6, "worst error " + worst + " ulp");
    assertTrue(worstFar <= 1, "worst error below -1: " + worstFar + " |x|·2^-24");
  }

  @Test
  void farValuesAreZeroOrThemselves() {
    for (float x : new float[] {15, 1e10f, Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
      assertEquals(x, at(Gelu::erf, x));
      assertEquals(x, at(Gelu::tanh, x));
      assertEquals(0, at(Gelu::erf, -x), 1e-37f);
      assertEquals(0, at(Gelu::tanh, -x), 1e-36f);
    }
    assertTrue(Float.isNaN(at(Gelu::erf, Float.NaN)));
    assertTrue(Float.isNaN(at(Gelu::tanh, Float.NaN)));
  }

  @Test
  void everyColumnOfAStridedViewAndNoOther() {
    checkColumns(Gelu::erf, ExactGelu::erf);
    checkColumns(Gelu::tanh, ExactGelu::tanh);
  }

  private static void checkColumns(Consumer<Matrix> gelu, DoubleUnaryOperator exact) {
    int lanes = Lanes.LANES;
    for (int columns : new int[] {0, 1, lanes - 1, lanes, lanes + 1, 2 * lanes, 37}) {
      var random = new Random(columns);
      try (var arena = Arena.ofConfined()) {
        var outer = Matrix.allocate(arena, 3, columns + 5);
        for (int r = 0; r < 3; r++) {
          for (int c = 0; c < columns + 5; c++) {
            outer.set(r, c, (float) random.nextGaussian() * 3);
          }
        }
        float[][] before = outer.toArray();
        gelu.accept(outer.rows(1, 2).columns(3, columns));
        for (int r = 0; r < 3; r++) {
          for (int c = 0; c < columns + 5; c++) {
            boolean inside = r > 0 && c >= 3 && c < columns + 3;
            float x = before[r][c];
            double expected = inside ? exact.applyAsDouble(x) : x;
            assertEquals(expected, outer.get(r, c), inside ? 1e-6 : 0, "columns " + columns);
          }
        }
      }
    }
  }

  private static float[] sweep() {
    var values = new float[20_000];
    var random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      float spread = i % 2 == 0 ? 14 : 2;
      values[i] = i % 3 == 0 ? Math.scalb(1f, -i % 40) : random.nextFloat(-spread, spread);
    }
    return values;
  }

  /** Runs a kernel on one value, in the vector body. */
  private static float at(Consumer<Matrix> gelu, float x) {
    try (var arena = Arena.ofConfined()) {
      var values = Matrix.allocate(arena, 1, Lanes.LANES);
      values.set(0, Lanes.LANES - 1, x);
      gelu.accept(values);
      return values.get(0, Lanes.LANES - 1);
    }
  }
}
