package io.github.starling.bench.peer;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.Locale;
import java.util.Random;

/**
 * Tries the kernels that a system property names, in a process of its own: prints the core type
 * and, if the result is right, billions of operations a second.
 */
public final class OpenBlasTrial {
  /** What may be tried; empty is OpenBLAS's own choice. */
  public static final String[] CANDIDATES = {"", "SKYLAKEX", "COOPERLAKE", "ZEN", "HASWELL"};

  private static final int SIZE = 768;
  private static final int CALLS = 12;

  private OpenBlasTrial() {}

  /** Prints {@code CORE TAB GFLOPS}, or nothing if the result is wrong. */
  public static void main(String... args) {
    var blas = new OpenBlas(1);
    try (var arena = Arena.ofConfined()) {
      var random = new Random(3);
      var a = matrix(arena, random);
      var w = matrix(arena, random);
      var out = Matrix.allocate(arena, SIZE, SIZE);
      long best = Long.MAX_VALUE;
      for (int i = 0; i < CALLS; i++) {
        long start = System.nanoTime();
        blas.multiply(a, w, out);
        best = Math.min(best, System.nanoTime() - start);
      }
      if (isRight(a, w, out)) {
        double gigaflops = 2.0 * SIZE * SIZE * SIZE / best;
        System.out.printf(Locale.ROOT, "%s\t%.1f%n", blas.coreName(), gigaflops);
      }
    }
  }

  private static Matrix matrix(Arena arena, Random random) {
    var matrix = Matrix.allocate(arena, SIZE, SIZE);
    for (int r = 0; r < SIZE; r++) {
      for (int c = 0; c < SIZE; c++) {
        matrix.set(r, c, random.nextFloat() - 0.5f);
      }
    }
    return matrix;
  }

  private static boolean isRight(Matrix a, Matrix w, Matrix out) {
    for (int r = 0; r < SIZE; r += 61) {
      for (int c = 0; c < SIZE; c += 37) {
        double sum = 0;
        for (int d = 0; d < SIZE; d++) {
          sum += (double) a.get(r, d) * w.get(c, d);
        }
        if (!(Math.abs(sum - out.get(r, c)) < 1e-3)) {
          return false;
        }
      }
    }
    return true;
  }
}
