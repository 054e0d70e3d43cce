package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link Tanh}, {@link GatedSilu} and {@link GroupNorm} against double precision. */
class SpeechKernelsTest {
  private static final int[] WIDTHS = {1, Lanes.LANES - 1, Lanes.LANES, Lanes.LANES + 1, 37, 104};

  @Test
  void tanhIsRightToTwoUnitsInTheLastPlace() {
    float[] special = {
      0,
      -0f,
      1e-30f,
      -1e-4f,
      0.3f,
      0.6249999f,
      0.625f,
      -0.6250001f,
      1,
      -3,
      8.9f,
      9.1f,
      100,
      1e30f,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN
    };
    try (var arena = Arena.ofConfined()) {
      for (int width : WIDTHS) {
        var x = Matrix.allocate(arena, 60, width + 2).columns(1, width);
        var random = new Random(width);
        float[][] before = new float[60][width];
        for (int r = 0; r < 60; r++) {
          for (int c = 0; c < width; c++) {
            int i = r * width + c;
            before[r][c] =
                i < special.length
                    ? special[i]
                    : (float) (2 * random.nextGaussian() * random.nextDouble());
            x.set(r, c, before[r][c]);
          }
        }
        Tanh.apply(x);
        for (int r = 0; r < 60; r++) {
          for (int c = 0; c < width; c++) {
            double expected = Math.tanh(before[r][c]);
            double bound = Double.isNaN(expected) ? 0 : 2 * Math.ulp((float) expected);
            assertEquals(expected, x.get(r, c), bound, "x " + before[r][c]);
          }
        }
      }
    }
  }

  @Test
  void gatesMultiply() {
    try (var arena = Arena.ofConfined()) {
      for (int width : WIDTHS) {
        var random = new Random(width);
        var values = Matrix.allocate(arena, 3, 2 * width);
        for (int r = 0; r < 3; r++) {
          for (int c = 0; c < 2 * width; c++) {
            values.set(r, c, (float) (random.nextGaussian() * (r == 2 ? 60 : 3)));
          }
        }
        values.set(0, width, -1000);
        values.set(1, width, 1000);
        var out = Matrix.allocate(arena, 3, width);
        GatedSilu.apply(values, out);
        for (int r = 0; r < 3; r++) {
          for (int c = 0; c < width; c++) {
            double a = values.get(r, c);
            double g = values.get(r, width + c);
            double expected = a * g / (1 + Math.exp(-g));
            // the exponent −g·log₂e is rounded
            double bound = (1e-6 + Math.abs(g) * 0x1p-24) * Math.abs(expected) + 1e-30;
            assertEquals(expected, out.get(r, c), bound, "gate " + g);
          }
        }
        assertThrows(
            IllegalArgumentException.class,
            () -> GatedSilu.apply(values, Matrix.allocate(arena, 3, width + 1)));
      }
    }
  }

  @Test
  void groupNormIsOverAllRowsAndTheSameOnAnyNumberOfThreads() {
    try (var arena = Arena.ofShared();
        var one = new Workers(1);
        var three = new Workers(3)) {
      for (int width : WIDTHS) {
        var random = new Random(width);
        int rows = 200;
        float[] gain = new float[width];
        float[] bias = new float[width];
        for (int c = 0; c < width; c++) {
          gain[c] = (float) random.nextGaussian();
          bias[c] = (float) random.nextGaussian();
        }
        var x = Matrix.allocate(arena, rows, width);
        var copy = Matrix.allocate(arena, rows, width);
        double sum = 0;
        for (int r = 0; r < rows; r++) {
          for (int c = 0; c < width; c++) {
            x.set(r, c, (float) (3 + random.nextGaussian()));
            sum += x.get(r, c);
          }
          x.copyRow(r, copy, r);
        }
        float[][] before = x.toArray();
        double mean = sum / (rows * width);
        double square = 0;
        for (float[] row : before) {
          for (float value : row) {
            square += (value - mean) * (value - mean);
          }
        }
        double deviation = Math.sqrt(square / (rows * width) + 1e-5);
        var norm = new GroupNorm(gain, bias, 1e-5f);
        norm.normalize(x, one);
        norm.normalize(copy, three);
        for (int r = 0; r < rows; r++) {
          assertArrayEquals(x.toArray()[r], copy.toArray()[r]);
          for (int c = 0; c < width; c++) {
            double expected = (before[r][c] - mean) / deviation * gain[c] + bias[c];
            assertEquals(expected, x.get(r, c), 3e-6 * (1 + Math.abs(expected)));
          }
        }
      }
    }
  }
}
