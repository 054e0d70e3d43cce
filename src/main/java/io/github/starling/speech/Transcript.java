package io.github.starling.speech;

import io.github.starling.attention.ErrorEstimate;
import java.util.List;

/**
 * What was said in a clip.
 *
 * @param text what was said
 * @param tokens of the text, without start and end
 * @param frames that the encoder made of the clip, n
 * @param ending why it ends where it does
 * @param times what took how long
 * @param errors of the attention of each layer of the encoder, as estimated; empty unless asked for
 */
public record Transcript(
    String text, int[] tokens, int frames, Ending ending, Times times, List<ErrorEstimate> errors) {

  /**
   * Seconds that parts of the work took; what clips are decoded together is shared out evenly.
   *
   * @param frontEnd samples to frames
   * @param encoder the layers over them
   * @param decoder frames to tokens
   */
  public record Times(double frontEnd, double encoder, double decoder) {
    /** Returns the sum. */
    public double total() {
      return frontEnd + encoder + decoder;
    }
  }
}
