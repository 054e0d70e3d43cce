package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LbfgsTest {
  @Test
  void aQuadraticEndsAtItsMinimum() {
    var quadratic = new Quadratic();
    double[] found = Lbfgs.minimize(quadratic, new double[20], 1e-8);
    for (int i = 0; i < found.length; i++) {
      assertEquals(i, found[i], 1e-8);
    }
    // steepest descent would take a hundred thousand
    assertTrue(quadratic.evaluations < 1000, quadratic.evaluations + " evaluations");
  }

  @Test
  void aGuessOfTheCurvatureSavesSteps() {
    var quadratic =
        new Quadratic() {
          @Override
          public void divideByCurvature(double[] vector) {
            // wrong by a factor of 3, or 6 for every other parameter
            Arrays.setAll(vector, i -> vector[i] / (3 * (1 + i % 2) * steepness(i)));
          }
        };
    double[] found = Lbfgs.minimize(quadratic, new double[20], 1e-8);
    for (int i = 0; i < found.length; i++) {
      assertEquals(i, found[i], 1e-8);
    }
    assertTrue(quadratic.evaluations < 20, quadratic.evaluations + " evaluations");
  }

  /** Σᵢ cᵢ/2 (xᵢ − i)² with steepness cᵢ from 1 to 6,300. */
  private static class Quadratic implements Lbfgs.Function {
    int evaluations;

    @Override
    public double at(double[] x, double[] gradient) {
      evaluations++;
      double value = 0;
      for (int i = 0; i < x.length; i++) {
        gradient[i] = steepness(i) * (x[i] - i);
        value += gradient[i] * (x[i] - i) / 2;
      }
      return value;
    }

    static double steepness(int i) {
      return Math.pow(10, i / 5.0);
    }
  }

  @Test
  void theBentValleyOfRosenbrockEndsAtOne() {
    // (1 − x)² + 100 (y − x²)²
    double[] found =
        Lbfgs.minimize(
            (p, gradient) -> {
              double across = p[1] - p[0] * p[0];
              gradient[0] = -2 * (1 - p[0]) - 400 * p[0] * across;
              gradient[1] = 200 * across;
              return (1 - p[0]) * (1 - p[0]) + 100 * across * across;
            },
            new double[] {-1.2, 1},
            1e-9);
    assertArrayEquals(new double[] {1, 1}, found, 1e-8);
  }

  @Test
  void aStepAcrossABulgeTellsNothingOfTheCurvature() {
    // x⁴/4 − x²/2 bends down at the start and is least at 1
    double[] found =
        Lbfgs.minimize(
            (x, gradient) -> {
              double square = x[0] * x[0];
              gradient[0] = x[0] * (square - 1);
              return square * (square / 4 - 0.5);
            },
            new double[] {0.1},
            1e-9);
    assertEquals(1, found[0], 1e-8);
  }

  @Test
  void theMinimumItselfIsKept() {
    double[] start = {3};
    var zero = Lbfgs.minimize((_, gradient) -> gradient[0] = 0, start, 0);
    assertArrayEquals(new double[] {3}, zero);
  }

  @Test
  void whatHasNoMinimumIsRefused() {
    assertThrows(
        ArithmeticException.class,
        () ->
            Lbfgs.minimize(
                (x, gradient) -> {
                  gradient[0] = 1;
                  return x[0];
                },
                new double[1],
                1e-9));
    assertThrows(
        ArithmeticException.class,
        () -> Lbfgs.minimize((_, gradient) -> gradient[0] = Double.NaN, new double[1], 1e-9));
  }
}
