package io.github.starling.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class TensorTest {
  private final Arena arena = Arena.ofAuto();

  @Test
  void headsLieOneAfterTheOther() {
    var tensor = Tensor.allocate(arena, 2, 3, 5, 7);
    for (int i = 0; i < 2 * 3 * 5 * 7; i++) {
      tensor.data().set(Matrix.FLOAT, (long) i * Float.BYTES, i);
    }
    for (int b = 0; b < 2; b++) {
      for (int h = 0; h < 3; h++) {
        var head = tensor.head(b, h);
        assertEquals("(5, 7)", head.shape());
        assertEquals(((b * 3 + h) * 5 + 4) * 7 + 6, head.get(4, 6));
      }
    }
  }

  @Test
  void refusesASegmentOfAnotherSize() {
    for (int elements : new int[] {209, 211}) {
      var segment = arena.allocate(4L * elements);
      var e = assertThrows(IllegalArgumentException.class, () -> new Tensor(segment, 2, 3, 5, 7));
      assertEquals(
          "shape (2, 3, 5, 7) takes 840 bytes but the segment has " + 4 * elements, e.getMessage());
    }
  }

  @Test
  void refusesNegativeDimensions() {
    var e = assertThrows(IllegalArgumentException.class, () -> Tensor.allocate(arena, 1, 2, -3, 4));
    assertEquals("a tensor cannot have shape (1, 2, -3, 4)", e.getMessage());
  }

  @Test
  void aTensorMayBeEmpty() {
    assertEquals("(0, 4)", Tensor.allocate(arena, 1, 1, 0, 4).head(0, 0).shape());
    assertEquals("(0, 2, 3, 4)", Tensor.allocate(arena, 0, 2, 3, 4).shape());
  }

  @Test
  void refusesHeadsThatAreNotThere() {
    var tensor = Tensor.allocate(arena, 2, 3, 5, 7);
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.head(2, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.head(0, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.head(-1, 0));
  }
}
