package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LocalAttentionTest {
  private static final double[][] ZEROS = {{0}, {0}, {0}, {0}};
  private static final double[][] VALUES = {{1}, {2}, {6}, {12}};

  @Test
  void aQueryWeighsTheKeysAtMostHalfAWindowAway() {
    var head = new Head(ZEROS, ZEROS, VALUES);
    double[][] neighbours = {{1.5}, {3}, {20 / 3.0}, {9}};
    Rows.assertClose(neighbours, LocalAttention.attend(head, 2, 1.0));
    Rows.assertClose(neighbours, LocalAttention.attend(head, 3, 1.0));
    Rows.assertClose(VALUES, LocalAttention.attend(head, 1, 1.0));
  }

  @Test
  void withoutPositionsInCommonThereIsNoWindow() {
    var head = new Head(new double[][] {{0}}, ZEROS, VALUES);
    var e = assertThrows(IllegalArgumentException.class, () -> LocalAttention.attend(head, 2, 1.0));
    assertEquals("1 queries do not have the positions of 4 keys", e.getMessage());
  }
}
