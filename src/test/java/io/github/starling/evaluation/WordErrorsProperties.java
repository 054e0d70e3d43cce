package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WordErrorsProperties {
  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.of("a", "b", "c").list().ofMaxSize(12);
  }

  @Property
  void theDistanceIsThatOfTheWholeTable(
      @ForAll("texts") List<String> a, @ForAll("texts") List<String> b) {
    var table = new int[a.size() + 1][b.size() + 1];
    for (int i = 0; i <= a.size(); i++) {
      for (int j = 0; j <= b.size(); j++) {
        if (i == 0 || j == 0) {
          table[i][j] = i + j;
        } else {
          int pair = table[i - 1][j - 1] + (a.get(i - 1).equals(b.get(j - 1)) ? 0 : 1);
          table[i][j] = Math.min(pair, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
        }
      }
    }
    assertEquals(table[a.size()][b.size()], distance(a, b));
  }

  @Property
  void onlyEqualTextsHaveNoErrors(
      @ForAll("texts") List<String> a, @ForAll("texts") List<String> b) {
    assertEquals(a.equals(b), distance(a, b) == 0);
    assertEquals(new WordErrors(a.size(), 0, 0, 0, 0, 0), WordErrors.of(a, a));
  }

  @Property
  void theDistanceIsSymmetric(@ForAll("texts") List<String> a, @ForAll("texts") List<String> b) {
    assertEquals(distance(a, b), distance(b, a));
  }

  @Property
  void aDetourIsNoShortCut(
      @ForAll("texts") List<String> a,
      @ForAll("texts") List<String> b,
      @ForAll("texts") List<String> c) {
    assertTrue(distance(a, c) <= distance(a, b) + distance(b, c));
  }

  @Property
  void countsFitTheLengths(@ForAll("texts") List<String> a, @ForAll("texts") List<String> b) {
    var errors = WordErrors.of(a, b);
    assertEquals(a.size(), errors.words());
    assertEquals(b.size() - a.size(), errors.insertions() - errors.deletions());
    assertTrue(errors.substitutions() + errors.deletions() <= a.size());
    assertTrue(errors.errors() <= Math.max(a.size(), b.size()));
    assertTrue(errors.errors() >= Math.abs(a.size() - b.size()));
    assertTrue(errors.longestSkip() <= errors.deletions());
    assertEquals(errors.deletions() > 0, errors.longestSkip() > 0);
    assertTrue(errors.skipped() <= errors.deletions());
    assertEquals(errors.longestSkip() >= WordErrors.SKIP, errors.skipped() > 0);
    assertTrue(errors.skipped() == 0 || errors.skipped() >= errors.longestSkip());
  }

  private static int distance(List<String> a, List<String> b) {
    return WordErrors.of(a, b).errors();
  }
}
