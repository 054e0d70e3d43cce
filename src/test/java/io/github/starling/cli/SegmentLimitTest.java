package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SegmentLimitTest {
  private static SegmentLimit convert(String value) {
    return new SegmentLimit.Converter().convert(value);
  }

  @Test
  void autoIsHalfAMinuteAndNoneIsAnyLength() {
    assertEquals(new SegmentLimit(480_000), convert("auto"));
    assertEquals(new SegmentLimit(0), convert("none"));
  }

  @ParameterizedTest
  @CsvSource({"1, 16000", "1.5, 24000", "25, 400000", "86400, 1382400000"})
  void secondsAreSamples(String seconds, int samples) {
    assertEquals(new SegmentLimit(samples), convert(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0.99", "86400.1", "-1", "NaN", "Auto", "5 s"})
  void everythingElseIsRefused(String value) {
    var e = assertThrows(TypeConversionException.class, () -> convert(value));
    assertEquals("auto, none or seconds from 1 to 86400 are needed, not " + value, e.getMessage());
  }
}
