package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WindowsTest {
  private static final int[] TEXT = {101, 1, 2, 3, 4, 5, 102};

  @Test
  void aTextThatFitsIsOneWindowThatOwnsAll() {
    for (var longText : LongText.values()) {
      var windows = Windows.of(TEXT, 7, longText);
      assertEquals(1, windows.size());
      assertArrayEquals(TEXT, windows.getFirst().tokens().ids());
      assertEquals(0, windows.getFirst().ownedFrom());
      assertEquals(7, windows.getFirst().ownedCount());
    }
  }

  @Test
  void anErrorNamesBothLengths() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> Windows.of(TEXT, 6, LongText.ERROR));
    assertTrue(error.getMessage().contains("7 tokens"), error.getMessage());
    assertTrue(error.getMessage().contains("at most 6"), error.getMessage());
  }

  @Test
  void aTruncatedTextKeepsItsFrame() {
    var window = Windows.of(TEXT, 5, LongText.TRUNCATE).getFirst();
    assertArrayEquals(new int[] {101, 1, 2, 3, 102}, window.tokens().ids());
    assertEquals(5, window.ownedCount());
  }

  @Test
  void nineTokensInWindowsOfFive() {
    // content 5, overlap 0: two windows would do, start at 0 and 4 and share t4.
    var windows = Windows.of(new int[] {101, 0, 1, 2, 3, 4, 5, 6, 7, 8, 102}, 7, LongText.WINDOW);
    assertEquals(2, windows.size());
    assertArrayEquals(new int[] {101, 0, 1, 2, 3, 4, 102}, windows.get(0).tokens().ids());
    assertArrayEquals(new int[] {101, 4, 5, 6, 7, 8, 102}, windows.get(1).tokens().ids());
    assertEquals(0, windows.get(0).ownedFrom()); // [CLS] t0 t1 t2 t3
    assertEquals(5, windows.get(0).ownedCount());
    assertEquals(1, windows.get(1).ownedFrom()); // t4 ... t8 [SEP]
    assertEquals(6, windows.get(1).ownedCount());
  }
}
