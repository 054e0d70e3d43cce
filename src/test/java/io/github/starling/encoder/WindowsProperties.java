package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WindowsProperties {
  /** {@code [CLS]} is 0, {@code [SEP]} n + 1 and every other token its place in the text. */
  private static int[] text(int length) {
    var ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = i;
    }
    return ids;
  }

  @Property
  void ownedTokensAreTheTextOnceEach(
      @ForAll @IntRange(min = 2, max = 3000) int length,
      @ForAll @IntRange(min = 3, max = 520) int positions) {
    int next = 0;
    for (var window : Windows.of(text(length), positions, LongText.WINDOW)) {
      assertTrue(window.tokens().length() <= positions);
      for (int i = 0; i < window.ownedCount(); i++) {
        assertEquals(next++, window.tokens().ids()[window.ownedFrom() + i]);
      }
    }
    assertEquals(length, next);
  }

  @Property
  void windowsAreFullAndShareAnEighth(
      @ForAll @IntRange(min = 521, max = 3000) int length,
      @ForAll @IntRange(min = 3, max = 520) int positions) {
    var windows = Windows.of(text(length), positions, LongText.WINDOW);
    int content = positions - 2;
    for (int w = 0; w < windows.size(); w++) {
      int[] ids = windows.get(w).tokens().ids();
      assertEquals(positions, ids.length);
      assertEquals(0, ids[0]);
      assertEquals(length - 1, ids[positions - 1]);
      assertEquals(ids[1] + content - 1, ids[content], "a window is a run of the text");
      if (w > 0) {
        int[] before = windows.get(w - 1).tokens().ids();
        assertTrue(before[content] - ids[1] + 1 >= content / 8);
      }
    }
    assertEquals(1, windows.getFirst().tokens().ids()[1]);
    assertEquals(length - 2, windows.getLast().tokens().ids()[content]);
  }

  @Property
  void slicesShareWhatIsAskedAndOwnHalfOfItOnEachSide(
      @ForAll @IntRange(min = 2, max = 3000) int n,
      @ForAll @IntRange(min = 1, max = 520) int content,
      @ForAll @IntRange(min = 0, max = 519) int overlap) {
    Assume.that(n > content && content > overlap);
    var slices = Windows.slices(n, content, overlap);
    int owned = 0;
    for (var slice : slices) {
      assertEquals(owned, slice.ownedFrom());
      owned = slice.ownedTo();
      int end = slice.from() + content;
      assertTrue(slice.from() == 0 || slice.ownedFrom() - slice.from() >= overlap / 2);
      assertTrue(end == n || end - slice.ownedTo() >= overlap / 2);
    }
    assertEquals(n, owned);
    assertEquals(0, slices.getFirst().from());
    assertEquals(n - content, slices.getLast().from());
  }

  @Property
  void aTokenIsOwnedWhereItHasTheMostTextAround(
      @ForAll @IntRange(min = 2, max = 2000) int length,
      @ForAll @IntRange(min = 3, max = 520) int positions) {
    var windows = Windows.of(text(length), positions, LongText.WINDOW);
    for (var window : windows) {
      for (int i = 0; i < window.ownedCount(); i++) {
        int row = window.ownedFrom() + i;
        int token = window.tokens().ids()[row];
        if (token > 0 && token < length - 1) {
          assertTrue(context(window, token, length) + 1 >= best(windows, token, length));
        }
      }
    }
  }

  private static int best(List<Window> windows, int token, int length) {
    return windows.stream().mapToInt(w -> context(w, token, length)).max().orElseThrow();
  }

  /** Returns the tokens from a token to the nearer cut of the text, negative if not in sight. */
  private static int context(Window window, int token, int length) {
    int[] ids = window.tokens().ids();
    int first = ids[1];
    int last = ids[ids.length - 2];
    int left = first == 1 ? length : token - first;
    int right = last == length - 2 ? length : last - token;
    return token < first || token > last ? -1 : Math.min(left, right);
  }
}
