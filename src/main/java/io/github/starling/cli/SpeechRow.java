package io.github.starling.cli;

import io.github.starling.evaluation.Measure;
import io.github.starling.model.FormatException;
import io.github.starling.model.JsonObject;
import java.util.Arrays;

/**
 * What one kind of attention made of a set of clips.
 *
 * @param summary its measures
 * @param study of the attention itself, null if nobody looked
 */
record SpeechRow(JsonObject summary, JsonObject study) {
  String kind() throws FormatException {
    return summary.string("kind");
  }

  /** Returns the number of clusters, 0 if the kind has none. */
  int clusters() throws FormatException {
    return summary.whole("clusters", 0);
  }

  /** Returns kind and clusters. */
  String name() throws FormatException {
    return clusters() == 0 ? kind() : kind() + ", " + clusters();
  }

  JsonObject value(String measure) throws FormatException {
    return summary.object(measure);
  }

  double mean(String measure) throws FormatException {
    return value(measure).number("mean");
  }

  double encoderError() throws FormatException {
    return mean(Measure.ENCODER_ERROR);
  }

  /** Returns what may be said of the word errors. */
  Verdict verdict() throws FormatException {
    return Verdict.of(Measure.WORD_ERRORS, value(Measure.WORD_ERRORS));
  }

  /** Returns the error of the attention's output, mean over the layers; NaN if nobody looked. */
  double attentionError() throws FormatException {
    return study == null
        ? Double.NaN
        : Arrays.stream(study.numbers("errors")).average().orElse(Double.NaN);
  }

  /** Returns the time of exact attention over that of this kind; NaN if nobody looked. */
  double speedUp() throws FormatException {
    return study == null ? Double.NaN : study.number("attention_speed_up");
  }

  /** Returns the same of the whole encoder. */
  double encoderSpeedUp() throws FormatException {
    return study == null ? Double.NaN : study.number("encoder_speed_up");
  }
}
