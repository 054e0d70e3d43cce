package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class HeadTest {
  @Test
  void float32MatricesAreWidenedExactly() {
    try (var arena = Arena.ofConfined()) {
      var queries = Matrix.of(arena, new float[][] {{0.1f, 1e-45f}});
      var columns = Matrix.of(arena, new float[][] {{9, 1, 2, 9}, {9, 3, 4, 9}}).columns(1, 2);
      var head = Head.of(queries, columns, columns.columns(1, 1));
      assertArrayEquals(new double[][] {{0.1f, Float.MIN_VALUE}}, head.queries());
      assertArrayEquals(new double[][] {{1, 2}, {3, 4}}, head.keys());
      assertArrayEquals(new double[][] {{2}, {4}}, head.values());
      assertEquals(2, head.width());
      assertEquals(1, head.valueWidth());
    }
  }

  @Test
  void matricesWithoutRowsStillTellTheWidthOfTheValues() {
    try (var arena = Arena.ofConfined()) {
      var none = Matrix.allocate(arena, 0, 5);
      assertEquals(5, Head.of(Matrix.allocate(arena, 2, 3), none, none).valueWidth());
    }
  }

  @Test
  void shapesThatDoNotGoTogetherAreNamed() {
    double[][] two = {{1, 2}};
    double[][] three = {{1, 2, 3}};
    assertRefused("there are 1 keys but 0 values", two, two, new double[0][]);
    assertRefused("query 0 has 3 columns and should have 2", three, two, two);
    assertRefused(
        "key 1 has 1 columns and should have 2",
        two,
        new double[][] {{1, 2}, {1}},
        new double[2][2]);
    assertRefused(
        "value 1 has 1 columns and should have 2",
        two,
        new double[][] {{1, 2}, {1, 2}},
        new double[][] {{1, 2}, {1}});
  }

  private static void assertRefused(String message, double[][] q, double[][] k, double[][] v) {
    var refused = assertThrows(IllegalArgumentException.class, () -> new Head(q, k, v, 2));
    assertEquals(message, refused.getMessage());
  }
}
