package io.github.starling.evaluation;

import io.github.starling.speech.SoundFile;
import io.github.starling.speech.Transcriber;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sound with what is said in it.
 *
 * @param samples mono at {@link Transcriber#RATE}, at least {@link Transcriber#SHORTEST}
 * @param text what is said, which has words
 */
public record Recording(float[] samples, String text) {
  /**
   * Checks that it can be transcribed, and the transcript be compared.
   *
   * @throws IllegalArgumentException if there are too few samples or no word
   */
  public Recording {
    if (samples.length < Transcriber.SHORTEST) {
      throw new IllegalArgumentException(
          "a recording needs at least %d samples, not %d"
              .formatted(Transcriber.SHORTEST, samples.length));
    }
    if (WordNormalizer.words(text).isEmpty()) {
      throw new IllegalArgumentException("the text \"" + text + "\" has no words");
    }
  }

  /**
   * Reads the clips of a list and joins some at a time: longer clips than were recorded.
   *
   * @param join consecutive clips to make one of, one's sound right after the other's; the last may
   *     have fewer
   * @throws IllegalArgumentException if {@code join} is not positive, or a clip by itself is no
   *     recording; the message has the file
   * @throws IOException if a file cannot be read
   */
  public static List<Recording> read(ClipList list, int join) throws IOException {
    var recordings = new ArrayList<Recording>();
    for (var clip : list.clips()) {
      float[] samples = SoundFile.read(clip.file());
      try {
        recordings.add(new Recording(samples, clip.text()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(clip.file() + ": " + e.getMessage(), e);
      }
    }
    return join(recordings, join);
  }

  /** Joins consecutive recordings, so many at a time but perhaps the last. */
  static List<Recording> join(List<Recording> recordings, int join) {
    if (join < 1) {
      throw new IllegalArgumentException("at least 1 clip makes a clip, not " + join);
    }
    var joined = new ArrayList<Recording>();
    for (int from = 0; from < recordings.size(); from += join) {
      joined.add(join(recordings.subList(from, Math.min(from + join, recordings.size()))));
    }
    return joined;
  }

  private static Recording join(List<Recording> parts) {
    var samples = new float[parts.stream().mapToInt(part -> part.samples.length).sum()];
    int at = 0;
    for (var part : parts) {
      System.arraycopy(part.samples, 0, samples, at, part.samples.length);
      at += part.samples.length;
    }
    return new Recording(samples, String.join(" ", parts.stream().map(Recording::text).toList()));
  }
}
