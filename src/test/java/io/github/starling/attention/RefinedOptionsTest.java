package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefinedOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "512, 12, 88",
    "1, 12, 80",
    "1000, 19, 95",
    "4096, 48, 144",
    "16384, 121, 336",
    "1000000, 160, 384"
  })
  void theUsualSettingsGrowWithTheLength(int n, int clusters, int exactKeys) {
    assertEquals(new RefinedOptions(clusters, exactKeys, 8), RefinedOptions.usual(n));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 16_384})
  void rotaryPositionsWantAWiderWindow(int n) {
    var usual = RefinedOptions.usual(n);
    assertEquals(
        new RefinedOptions(usual.clusters(), usual.exactKeys(), 16), RefinedOptions.usualRotary(n));
    assertEquals(8, usual.window());
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    refused("there must be at least 1 cluster, not 0", 0, 1, 0);
    refused("there must be at least 1 exact key, not 0", 1, 0, 0);
    refused("a window is 0 to 65536, or -1 for none, not -2", 1, 1, -2);
    refused("a window is 0 to 65536, or -1 for none, not 65537", 1, 1, 65537);
  }

  private static void refused(String message, int clusters, int exactKeys, int window) {
    var failure =
        assertThrows(
            IllegalArgumentException.class, () -> new RefinedOptions(clusters, exactKeys, window));
    assertEquals(message, failure.getMessage());
  }
}
