package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RotaryPositionsTest {
  @Test
  void agreesWithTheFormulaAtAwkwardWidths() {
    for (int channels : new int[] {2, 6, 8, 14, 32, 34}) {
      for (int rest : new int[] {0, 1, 20}) {
        check(channels, channels + rest, 19, 0);
        check(channels, channels + rest, 5, 1000);
      }
    }
  }

  private static void check(int channels, int width, int n, int first) {
    String where = "%d of %d channels from %d on".formatted(channels, width, first);
    var random = new Random(channels * 31L + width);
    try (var arena = Arena.ofConfined()) {
      var outer = Matrix.allocate(arena, n, width + 5);
      var x = outer.columns(3, width);
      for (int r = 0; r < n; r++) {
        for (int c = 0; c < width; c++) {
          x.set(r, c, (float) random.nextGaussian());
        }
      }
      float[][] before = x.toArray();
      var rotary = new RotaryPositions(channels, 10_000);
      rotary.reserve(7); // grows
      rotary.reserve(first + n);
      rotary.rotate(x, first);
      for (int p = 0; p < n; p++) {
        for (int c = 0; c < width; c++) {
          double expected = before[p][c];
          if (c < channels) {
            float theta = (float) Math.pow(10_000, -2.0 * (c / 2) / channels);
            double angle = (first + p) * theta;
            double partner = before[p][c ^ 1] * (c % 2 == 0 ? -1 : 1);
            expected = before[p][c] * Math.cos(angle) + partner * Math.sin(angle);
          }
          assertEquals(expected, x.get(p, c), 3e-7 * (1 + Math.abs(before[p][c])), where);
        }
        assertEquals(0, outer.get(p, 2), where);
        assertEquals(0, outer.get(p, 3 + width), where);
      }
    }
  }

  @Test
  void scoresDependOnTheDistanceAlone() {
    try (var arena = Arena.ofConfined()) {
      var rotary = new RotaryPositions(8, 100);
      rotary.reserve(60);
      double[] dots = new double[2];
      for (int i = 0; i < 2; i++) {
        var q = Matrix.of(arena, new float[][] {{1, 2, 3, 4, 5, 6, 7, 8}});
        var k = Matrix.of(arena, new float[][] {{8, -7, 6, -5, 4, -3, 2, -1}});
        rotary.rotate(q, 5 + 40 * i);
        rotary.rotate(k, 12 + 40 * i);
        for (int c = 0; c < 8; c++) {
          dots[i] += q.get(0, c) * k.get(0, c);
        }
      }
      assertEquals(dots[0], dots[1], 2e-4);
    }
  }

  @Test
  void theFirstPositionTurnsNothing() {
    try (var arena = Arena.ofConfined()) {
      var x = Matrix.of(arena, new float[][] {{1, 2, 3, 4}});
      var rotary = new RotaryPositions(4, 10_000);
      rotary.reserve(1);
      rotary.rotate(x);
      assertArrayEquals(new float[] {1, 2, 3, 4}, x.toArray()[0]);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(IllegalArgumentException.class, () -> new RotaryPositions(3, 10_000));
    assertThrows(IllegalArgumentException.class, () -> new RotaryPositions(0, 10_000));
    assertThrows(IllegalArgumentException.class, () -> new RotaryPositions(2, 0));
    assertThrows(IllegalArgumentException.class, () -> new RotaryPositions(2, Double.NaN));
    try (var arena = Arena.ofConfined()) {
      var rotary = new RotaryPositions(4, 10_000);
      rotary.reserve(2);
      assertThrows(
          IllegalArgumentException.class, () -> rotary.rotate(Matrix.allocate(arena, 2, 3)));
      assertThrows(
          IllegalArgumentException.class, () -> rotary.rotate(Matrix.allocate(arena, 3, 4)));
      assertThrows(
          IllegalArgumentException.class, () -> rotary.rotate(Matrix.allocate(arena, 1, 4), -1));
    }
  }
}
