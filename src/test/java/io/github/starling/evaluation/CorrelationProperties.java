package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CorrelationProperties {
  @Property(tries = 200)
  void ranksDoNotChangeUnderAnIncreasingMap(
      @ForAll @Size(min = 2, max = 12) @IntRange(min = -4, max = 4) int[] x,
      @ForAll @Size(12) @IntRange(min = -4, max = 4) int[] y) {
    var plain = of(x, y);
    double[] cubes = Arrays.stream(plain.x()).map(v -> v * v * v + 7).toArray();
    double expected = plain.spearman(all(x));
    assertEquals(expected, new Correlation(cubes, plain.y()).spearman(all(x)), 1e-12);
    assertEquals(expected, new Correlation(plain.y(), plain.x()).spearman(all(x)), 1e-12);
  }

  @Property(tries = 200)
  void coefficientsAreBetweenMinusOneAndOne(
      @ForAll @Size(min = 2, max = 12) @IntRange(min = -4, max = 4) int[] x,
      @ForAll @Size(12) @IntRange(min = -4, max = 4) int[] y) {
    var correlation = of(x, y);
    double pearson = correlation.pearson(all(x));
    boolean isConstant =
        Arrays.stream(x).distinct().count() == 1
            || Arrays.stream(y).limit(x.length).distinct().count() == 1;
    assertEquals(isConstant, Double.isNaN(pearson));
    assertTrue(isConstant || Math.abs(pearson) <= 1);
    var line =
        new Correlation(
            correlation.x(), Arrays.stream(correlation.x()).map(v -> 3 - v / 7).toArray());
    if (!isConstant) {
      assertEquals(-1, line.pearson(all(x)), 1e-12);
      assertEquals(-1, line.spearman(all(x)), 1e-12);
    }
  }

  private static Correlation of(int[] x, int[] y) {
    return new Correlation(
        Arrays.stream(x).asDoubleStream().toArray(),
        Arrays.stream(y).limit(x.length).asDoubleStream().toArray());
  }

  private static int[] all(int[] items) {
    return IntStream.range(0, items.length).toArray();
  }
}
