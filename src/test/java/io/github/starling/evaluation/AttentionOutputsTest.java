package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.starling.attention.Head;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttentionOutputsTest {
  private final Arena arena = Arena.ofAuto();

  @Test
  void redirectedHeadsKeepTheirInputsAndLengths() {
    var heads = List.of(head(1, 2), head(3, 4));
    var redirected = new AttentionOutputs().redirect(heads);
    redirected.get(1).output().set(0, 1, 9);
    assertEquals(heads.get(1).query(), redirected.get(1).query());
    assertEquals(0, redirected.get(0).output().get(0, 1));
    assertEquals(4, heads.get(1).output().get(0, 1));
  }

  @Test
  void theMemoryIsUsedAgain() {
    var outputs = new AttentionOutputs();
    var first = outputs.redirect(List.of(head(1, 2), head(3, 4)));
    var second = outputs.redirect(List.of(head(5, 6)));
    assertSame(first.getFirst().output().data(), second.getFirst().output().data());
  }

  /** A head whose output is one row. */
  private Head head(float first, float second) {
    var input = Matrix.allocate(arena, 1, 2);
    return new Head(input, input, input, Matrix.of(arena, new float[][] {{first, second}}));
  }
}
