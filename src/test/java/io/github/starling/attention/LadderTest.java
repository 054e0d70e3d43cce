package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LadderTest {
  private static final String COLUMNS = "width\tlength\tclusters\tkeys\twindow\terror\ttime\n";

  private static final String SMALL =
      "# measured nowhere\n"
          + COLUMNS
          + "32\t512\t20\t30\t8\t0.160\t0.500\n"
          + "32\t512\t30\t40\t8\t0.130\t0.600\n"
          + "32\t512\t40\t96\t8\t0.070\t0.900\n"
          + "32\t2048\t70\t72\t8\t0.180\t0.200\n"
          + "64\t512\t20\t30\t8\t0.190\t0.450\n";

  private static List<Rung> read(String text) throws IOException {
    return LadderFile.read("dir/ladder.tsv", text);
  }

  @Test
  void theMeasuredOneHasSettingsForEachWidthAndLength() {
    for (int dk : new int[] {32, 64}) {
      for (int n = 512; n <= 16_384; n *= 2) {
        var rung = Ladder.choose(n, dk, 0.2);
        assertEquals(dk, rung.width());
        assertEquals(n, rung.length());
        assertTrue(rung.error() <= 0.2, rung.toString());
      }
    }
  }

  @Test
  void theFirstWithinTheErrorIsChosen() throws IOException {
    var rungs = read(SMALL);
    assertEquals(new RefinedOptions(20, 30, 8), Ladder.choose(rungs, 512, 32, 0.16).options());
    assertEquals(new RefinedOptions(30, 40, 8), Ladder.choose(rungs, 512, 48, 0.159).options());
    assertEquals(64, Ladder.choose(rungs, 512, 49, 0.2).width());
    assertEquals(512, Ladder.choose(rungs, 1023, 32, 0.2).length());
    assertEquals(2048, Ladder.choose(rungs, 1025, 32, 0.2).length());
    assertEquals(2048, Ladder.choose(rungs, 100_000, 32, 0.2).length());
  }

  @Test
  void whatIsHardlyFasterThanExactIsNotChosen() throws IOException {
    assertNull(Ladder.choose(read(SMALL), 512, 32, 0.1));
    assertNull(Ladder.choose(399, 32, 1));
  }

  @Test
  void whatIsWrittenIsReadAgainWithoutWhatIsNoUse() throws IOException {
    var rungs = read(SMALL);
    assertEquals(SMALL, LadderFile.write("measured nowhere", rungs.reversed()));
    var more = new ArrayList<>(rungs);
    more.add(new Rung(32, 512, new RefinedOptions(25, 30, 8), 0.14, 0.6)); // slower, not nearer
    more.add(new Rung(32, 512, new RefinedOptions(26, 30, 8), 0.16, 0.55));
    more.add(new Rung(64, 512, new RefinedOptions(80, 99, 8), 0.01, 1)); // exact is as fast
    assertEquals(SMALL, LadderFile.write("measured nowhere", more));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "32 512 20 30 8 0.1|there must be 7 values between tabs, not 6",
        "32 512 0 30 8 0.1 0.5|there must be at least 1 cluster, not 0",
        "32 x 20 30 8 0.1 0.5|For input string: \"x\"",
        "32 512 20 30 8 0 0.5|an error is positive and a time a share below 1, not 0 and 0.5",
        "32 512 20 30 8 NaN 0.5|an error is positive and a time a share below 1, not NaN and 0.5",
        "32 512 20 30 8 0.1 1|an error is positive and a time a share below 1, not 0.1 and 1",
        "32 4096 20 30 8 0.1 0.5|widths, and the lengths of each, must grow",
        "64 256 20 30 8 0.1 0.5|widths, and the lengths of each, must grow",
        "64 512 20 30 8 0.19 0.5|errors of a length must fall and times grow",
        "64 512 20 30 8 0.1 0.45|errors of a length must fall and times grow",
      })
  void aBrokenLineIsNamed(String line, String problem) {
    var e = assertThrows(IOException.class, () -> read(SMALL + line.replace(' ', '\t') + "\n"));
    assertEquals("dir/ladder.tsv, line 8: " + problem, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "width\n"})
  void aFileWithoutSettingsIsRefused(String text) {
    var e = assertThrows(IOException.class, () -> read(text));
    assertTrue(e.getMessage().startsWith("dir/ladder.tsv, line "), e.getMessage());
    assertThrows(IOException.class, () -> read(COLUMNS));
  }
}
