package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.TokenSequence;
import io.github.starling.model.Prompts;
import io.github.starling.transformer.AttentionObserver;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts to be embedded again and again.
 *
 * @param embedder reads each text as one sequence
 * @param texts without prompts
 * @param prompt name of the prompt before each, null for the one that the model has for any text
 */
record TextVectors(Embedder embedder, List<String> texts, String prompt) {
  /** Texts between two steps of the progress. */
  private static final int BATCH = 32;

  /** Puts a prompt before each text if the model has it. */
  static TextVectors of(Embedder embedder, List<String> texts, String prompt) {
    boolean isKnown = prompts(embedder).texts().containsKey(prompt);
    return new TextVectors(embedder, texts, isKnown ? prompt : null);
  }

  /**
   * Puts the query's prompt before each text where passages have one too, as those of E5 have.
   * Where they have none, the query's tells questions from the rest, and none of these texts is
   * one.
   */
  static TextVectors ofEquals(Embedder embedder, List<String> texts) {
    boolean isForAll = !prompts(embedder).texts().getOrDefault("passage", "").isEmpty();
    return isForAll ? of(embedder, texts, "query") : new TextVectors(embedder, texts, null);
  }

  private static Prompts prompts(Embedder embedder) {
    return embedder.encoder().folder().prompts();
  }

  /** Returns what the model reads. */
  List<TokenSequence> sequences() {
    var prompts = prompts(embedder);
    String before = prompt == null ? prompts.usual() : prompts.text(prompt);
    return texts.stream().flatMap(text -> embedder.sequences(before + text).stream()).toList();
  }

  Inputs inputs() {
    return new TextInputs(embedder.encoder(), sequences());
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
      var embeddings =
          prompt == null
              ? embedder.embed(batch, attention, AttentionObserver.NONE)
              : embedder.embed(batch, prompt, attention, AttentionObserver.NONE);
      embeddings.forEach(embedding -> vectors.add(embedding.vector()));
      progress.at(done + vectors.size());
    }
    return vectors.toArray(float[][]::new);
  }
}
