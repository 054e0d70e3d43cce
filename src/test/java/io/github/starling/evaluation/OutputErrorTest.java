package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.attention.Head;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputErrorTest {
  private final Arena arena = Arena.ofAuto();

  @Test
  void itIsTheNormOfTheDifferenceByTheNorm() {
    var error = new OutputError();
    error.add(List.of(head(3, 0), head(0, 4)), List.of(head(3, 4), head(0, 0)));
    // the differences are (0, -4) and (0, 4), the exact norms 5 and 0
    assertEquals(Math.sqrt(32.0 / 25), error.relative(), 1e-12);
  }

  @Test
  void whatIsEqualHasNone() {
    var error = new OutputError();
    error.add(List.of(head(0, 0)), List.of(head(0, 0)));
    assertEquals(0, error.relative());
  }

  @Test
  void headsThatDifferInNumberAreRefused() {
    var error = new OutputError();
    var one = List.of(head(0, 0));
    assertThrows(IllegalArgumentException.class, () -> error.add(one, List.of()));
    assertThrows(IllegalArgumentException.class, () -> error.add(List.of(), one));
  }

  /** A head whose output is one row. */
  private Head head(float first, float second) {
    var input = Matrix.allocate(arena, 1, 2);
    return new Head(input, input, input, Matrix.of(arena, new float[][] {{first, second}}));
  }
}
