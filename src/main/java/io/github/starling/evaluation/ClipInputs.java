package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.speech.Transcriber;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/** Clips of speech, as frames. */
final class ClipInputs implements Inputs {
  private final Transcriber model;
  private final List<float[]> clips;

  /** Takes what the encoder makes of a clip, as long as the longest. */
  private final Matrix scratch;

  /**
   * Takes the clips.
   *
   * @param model encodes them
   * @param clips each as {@link Transcriber#transcribe(float[])} takes it
   */
  ClipInputs(Transcriber model, List<float[]> clips) {
    this.model = model;
    this.clips = clips;
    int longest = clips.stream().mapToInt(clip -> Transcriber.frames(clip.length)).max().orElse(0);
    scratch = Matrix.allocate(Arena.ofAuto(), longest, model.config().hiddenSize());
  }

  @Override
  public int[] lengths() {
    return clips.stream().mapToInt(clip -> Transcriber.frames(clip.length)).toArray();
  }

  @Override
  public Path model() {
    return model.path();
  }

  @Override
  public int layers() {
    return model.config().encoderLayers();
  }

  @Override
  public int heads() {
    return model.config().heads();
  }

  @Override
  public int rotaryChannels() {
    return model.config().rotaryChannels();
  }

  /** Nothing separates frames. */
  @Override
  public int[] separators(int sequence) {
    return new int[0];
  }

  @Override
  public void encode(int[] which, Attention attention, AttentionObserver observer) {
    for (int clip : which) {
      encode(clip, attention, observer);
    }
  }

  /**
   * Encodes a clip.
   *
   * @return shape (frames, d), memory that the next call uses again
   */
  Matrix encode(int clip, Attention attention, AttentionObserver observer) {
    float[] samples = clips.get(clip);
    var out = scratch.rows(0, Transcriber.frames(samples.length));
    model.encode(samples, attention, observer, out);
    return out;
  }
}
