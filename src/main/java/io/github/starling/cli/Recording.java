package io.github.starling.cli;

import io.github.starling.speech.Segment;
import io.github.starling.speech.Segments;
import io.github.starling.speech.SoundFile;
import io.github.starling.speech.Transcriber;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * What is to be transcribed.
 *
 * @param name of the file, as a person gave it
 * @param samples mono at {@link Transcriber#RATE}
 */
record Recording(String name, float[] samples) {
  static final String STANDARD_INPUT = "-";

  /**
   * Reads a recording.
   *
   * @param name a file, or - for the standard input
   * @param rate samples a second of raw samples on the standard input, null if it is a sound file
   * @throws IOException if it is no sound, or too short
   */
  static Recording read(String name, Integer rate, InputStream standardInput) throws IOException {
    float[] samples =
        !name.equals(STANDARD_INPUT)
            ? SoundFile.read(Path.of(name))
            : rate == null ? SoundFile.read(standardInput) : SoundFile.readRaw(standardInput, rate);
    if (samples.length < Transcriber.SHORTEST) {
      throw new IOException(
          "%s: too short to be speech: %d samples of the %d needed, at %d a second"
              .formatted(
                  name.equals(STANDARD_INPUT) ? "standard input" : name,
                  samples.length,
                  Transcriber.SHORTEST,
                  Transcriber.RATE));
    }
    return new Recording(name, samples);
  }

  /** Returns how long it is. */
  double seconds() {
    return (double) samples.length / Transcriber.RATE;
  }

  /**
   * Cuts it in its pauses, without what is silent from end to end.
   *
   * @param limit the longest segment in samples, 0 for the whole
   */
  List<Segment> segments(int limit) {
    if (limit == 0) {
      return List.of(new Segment(0, samples.length));
    }
    return Segments.of(samples, limit).stream().filter(s -> !s.isSilent(samples)).toList();
  }
}
