package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.encoder.AttentionObserver;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.TokenSequence;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts to be embedded again and again.
 *
 * @param embedder reads each text as one sequence
 * @param texts with their prompts
 */
record TextVectors(Embedder embedder, List<String> texts) {
  /** Texts between two steps of the progress. */
  private static final int BATCH = 32;

  /** Puts a prompt before each text if the model has it. */
  static TextVectors of(Embedder embedder, List<String> texts, String prompt) {
    String text = embedder.encoder().folder().prompts().texts().getOrDefault(prompt, "");
    return new TextVectors(embedder, texts.stream().map(t -> text + t).toList());
  }

  /** Returns what the model reads. */
  List<TokenSequence> sequences() {
    return texts.stream().flatMap(text -> embedder.sequences(text).stream()).toList();
  }

  /**
   * Embeds the texts.
   *
   * @param done sequences that are done before, for the progress
   * @return shape (texts, width)
   */
  float[][] embed(Attention attention, int done, Task.Progress progress) {
    var vectors = new ArrayList<float[]>(texts.size());
    for (int from = 0; from < texts.size(); from += BATCH) {
      var batch = texts.subList(from, Math.min(from + BATCH, texts.size()));
      embedder
          .embed(batch, attention, AttentionObserver.NONE)
          .forEach(embedding -> vectors.add(embedding.vector()));
      progress.at(done + vectors.size());
    }
    return vectors.toArray(float[][]::new);
  }

  /** Returns the cosine of the angle between two vectors. */
  static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      squareA += (double) a[i] * a[i];
      squareB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(squareA * squareB);
  }
}
