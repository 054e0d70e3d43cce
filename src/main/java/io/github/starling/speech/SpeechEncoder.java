package io.github.starling.speech;

import io.github.starling.attention.Attention;
import io.github.starling.kernel.RotaryPositions;
import io.github.starling.model.FormatException;
import io.github.starling.model.MoonshineConfig;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import io.github.starling.transformer.EncoderStack;
import io.github.starling.transformer.Workspace;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * The encoder of Moonshine: a clip to one vector for each frame of 24 ms, with any kind of
 * attention.
 *
 * <p>Jeffries et al., arXiv:2410.15608 §3.1. The norm of the front end is over the whole clip, so
 * each frame depends on all samples. Not safe for several threads at once.
 */
final class SpeechEncoder implements AutoCloseable {
  private final Workspace work;
  private final FrontEnd frontEnd;
  private final EncoderStack stack;
  private long frontEndNanos;

  /**
   * Reads the weights.
   *
   * @param arena owner of what is converted; the folder's must live as long
   * @param work owned by the caller
   */
  SpeechEncoder(MoonshineFolder folder, Arena arena, Workspace work) throws FormatException {
    MoonshineConfig config = folder.config();
    this.work = work;
    stack =
        EncoderStack.normFirst(
            work,
            config.heads(),
            SpeechWeights.encoderNorm(folder, 0),
            new RotaryPositions(config.rotaryChannels(), config.ropeTheta()),
            SpeechWeights.encoderLayers(folder, arena));
    frontEnd = new FrontEnd(folder, arena);
  }

  /**
   * Encodes a clip.
   *
   * @param samples mono at 16 kHz, in [−1, 1], at least {@link Segments#SHORTEST}
   * @return shape (frames, d), memory that the next call uses again
   */
  Matrix encode(float[] samples, Attention attention, AttentionObserver observer) {
    long start = System.nanoTime();
    int frames = FrontEnd.frames(samples.length);
    frontEnd.run(samples, stack.begin(frames), work);
    frontEndNanos = System.nanoTime() - start;
    return stack.run(List.of(frames), attention, observer);
  }

  /** Returns how long the front end took in the last call. */
  long frontEndNanos() {
    return frontEndNanos;
  }

  @Override
  public void close() {
    frontEnd.close();
  }
}
