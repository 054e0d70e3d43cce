package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.speech.Ending;
import io.github.starling.speech.Transcriber;
import io.github.starling.speech.Transcript;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * Transcribes clips of speech, with the attention in the encoder.
 *
 * <p>The word error rate of all clips together, as {@link WordErrors} counts it, and beside it what
 * it hides: words in stretches that were skipped whole, clips whose transcript does not end by
 * itself, and how far the encoder's output is from exact attention's. An item is a clip.
 */
public final class SpeechRecognition implements Task {
  private static final int ERRORS = 0;

  /** The column of scores that has the words of the reference. */
  public static final int WORDS = 1;

  private static final int SKIPPED = 2;

  /** 1 if the model began to repeat itself without end. */
  private static final int LOOP = 3;

  /** 1 if the transcript is as long as one may be. */
  private static final int LIMIT = 4;

  private static final int SQUARED_DIFFERENCE = 5;
  private static final int SQUARED_NORM = 6;

  /** From samples to the output of the last layer, in seconds. */
  private static final int ENCODING = 7;

  /** The column of scores that has the length of the clip in seconds. */
  public static final int SOUND = 8;

  private static final int COLUMNS = 9;

  /** Clips between two steps of the progress: whole groups of those decoded side by side. */
  private static final int BATCH = 2 * Transcriber.SIDE_BY_SIDE;

  private static final List<Measure> MEASURES =
      List.of(
          Measure.ratio(Measure.WORD_ERRORS, ERRORS, WORDS, 100),
          Measure.ratio(Measure.SKIPPED_WORDS, SKIPPED, WORDS, 100),
          new Measure(
              Measure.ENDLESS,
              (scores, sample) ->
                  100
                      * (Measure.sum(scores[LOOP], sample) + Measure.sum(scores[LIMIT], sample))
                      / sample.length),
          new Measure(
              Measure.ENCODER_ERROR,
              (scores, sample) ->
                  Math.sqrt(
                      Measure.sum(scores[SQUARED_DIFFERENCE], sample)
                          / Measure.sum(scores[SQUARED_NORM], sample))),
          Measure.ratio(Measure.REAL_TIME, ENCODING, SOUND, 1));

  private final Transcriber model;
  private final List<Recording> recordings;
  private final ClipInputs inputs;

  /** The encoder's output of each clip with exact attention, once somebody has asked. */
  private final Matrix[] exact;

  /**
   * Takes the recordings.
   *
   * @param model closed with this task
   */
  public SpeechRecognition(Transcriber model, List<Recording> recordings) {
    this.model = model;
    this.recordings = List.copyOf(recordings);
    inputs = new ClipInputs(model, this.recordings.stream().map(Recording::samples).toList());
    exact = new Matrix[recordings.size()];
  }

  @Override
  public int items() {
    return recordings.size();
  }

  @Override
  public List<Measure> measures() {
    return MEASURES;
  }

  @Override
  public String remark() {
    return "The first three measures are in per cent. "
        + WordNormalizer.RULE
        + " Skipped are words in rows of at least %d that the transcript lacks."
            .formatted(WordErrors.SKIP);
  }

  @Override
  public Inputs inputs() {
    return inputs;
  }

  @Override
  public float[][] scores(Attention attention, Progress progress) {
    var scores = new float[COLUMNS][items()];
    for (int from = 0; from < items(); from += BATCH) {
      int to = Math.min(from + BATCH, items());
      var clips = recordings.subList(from, to).stream().map(Recording::samples).toList();
      var transcripts = model.transcribe(clips, attention, AttentionObserver.NONE);
      for (int item = from; item < to; item++) {
        score(item, transcripts.get(item - from), scores);
        scoreEncoder(item, attention, scores);
      }
      progress.at(to);
    }
    return scores;
  }

  private void score(int item, Transcript transcript, float[][] scores) {
    var recording = recordings.get(item);
    var errors = WordErrors.of(recording.text(), transcript.text());
    scores[ERRORS][item] = errors.errors();
    scores[WORDS][item] = errors.words();
    scores[SKIPPED][item] = errors.skipped();
    scores[LOOP][item] = transcript.ending() == Ending.LOOP ? 1 : 0;
    scores[LIMIT][item] = transcript.ending() == Ending.LIMIT ? 1 : 0;
    scores[SOUND][item] = (float) recording.samples().length / Transcriber.RATE;
  }

  private void scoreEncoder(int item, Attention attention, float[][] scores) {
    var expected = exact(item);
    long start = System.nanoTime();
    var output = inputs.encode(item, attention, AttentionObserver.NONE);
    scores[ENCODING][item] = (System.nanoTime() - start) * 1e-9f;
    var error = new OutputError();
    error.add(output, expected);
    scores[SQUARED_DIFFERENCE][item] = (float) error.squaredDifference();
    scores[SQUARED_NORM][item] = (float) error.squaredNorm();
  }

  private Matrix exact(int item) {
    if (exact[item] == null) {
      var output = inputs.encode(item, new FullAttention(), AttentionObserver.NONE);
      var copy = Matrix.allocate(Arena.ofAuto(), output.rows(), output.columns());
      output.copyTo(copy);
      exact[item] = copy;
    }
    return exact[item];
  }

  @Override
  public void close() {
    model.close();
  }
}
