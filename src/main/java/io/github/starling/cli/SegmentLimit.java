package io.github.starling.cli;

import io.github.starling.speech.Segments;
import io.github.starling.speech.Transcriber;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How long the pieces of a recording may be that the model hears at once.
 *
 * @param samples 0 for any length
 */
record SegmentLimit(int samples) {
  static final String AUTO = "auto";

  private static final double SHORTEST_SECONDS = 1;
  private static final double LONGEST_SECONDS = 24 * 3600;

  /** Reads auto, none or seconds. */
  static final class Converter implements ITypeConverter<SegmentLimit> {
    @Override
    public SegmentLimit convert(String value) {
      return switch (value) {
        case AUTO -> new SegmentLimit(Segments.USUAL_LIMIT);
        case "none" -> new SegmentLimit(0);
        default -> new SegmentLimit((int) (seconds(value) * Transcriber.RATE));
      };
    }

    private static double seconds(String value) {
      try {
        double seconds = Double.parseDouble(value);
        if (seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS) {
          return seconds;
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new TypeConversionException(
          "auto, none or seconds from %.0f to %.0f are needed, not %s"
              .formatted(SHORTEST_SECONDS, LONGEST_SECONDS, value));
    }
  }
}
