package io.github.starling.text;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * Unicode's canonical order of combining marks.
 *
 * <p>The JDK does not publish combining classes, but its normaliser shows how two of them compare:
 * it swaps a pair of marks when the first has the higher class, and never one with class 0.
 */
final class CanonicalOrder {
  /** COMBINING TILDE OVERLAY, of the lowest class but 0. */
  private static final int LOWEST = 0x0334;

  /** COMBINING GREEK YPOGEGRAMMENI, of the highest class. */
  private static final int HIGHEST = 0x0345;

  private CanonicalOrder() {}

  /** Returns whether a code point's combining class is other than 0. */
  static boolean isMovable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          areSwapped(codePoint, LOWEST) || areSwapped(HIGHEST, codePoint);
      default -> false;
    };
  }

  /**
   * Sorts a run of marks by combining class, in place; equals keep their order.
   *
   * @param chars text, whose characters {@code from} to {@code to - 1} are marks of classes other
   *     than 0 that do not decompose
   */
  static void sort(char[] chars, int from, int to) {
    if (to - from < 2) {
      return;
    }
    Integer[] marks =
        new String(chars, from, to - from).codePoints().boxed().toArray(Integer[]::new);
    // A sort by comparison: the normaliser's own takes quadratic time on long runs.
    Arrays.sort(marks, (a, b) -> areSwapped(a, b) ? 1 : areSwapped(b, a) ? -1 : 0);
    int at = from;
    for (int mark : marks) {
      at += Character.toChars(mark, chars, at);
    }
  }

  private static boolean areSwapped(int first, int second) {
    String pair = Character.toString(first) + Character.toString(second);
    return !Normalizer.isNormalized(pair, Normalizer.Form.NFD);
  }
}
