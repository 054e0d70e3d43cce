package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.encoder.Encoder;
import io.github.starling.encoder.TokenSequence;
import java.util.List;

/** Something useful that a model does with many items, well or badly. */
public sealed interface Task extends AutoCloseable
    permits MaskedWords, PassageRetrieval, QuestionAnswering, SentenceSimilarity, FeatureProbe {
  /** Returns the number of items: questions, pairs, sentences or masked words. */
  int items();

  /** Returns what is computed from the scores, the most important first. */
  List<Measure> measures();

  /** Returns all that the model reads to do the task once. */
  List<TokenSequence> sequences();

  /** Returns the encoder of the model. */
  Encoder encoder();

  /**
   * Does the task.
   *
   * @param attention how tokens attend to each other
   * @param progress told now and then how many {@link #sequences} are done
   * @return what is noted of each item, shape (columns, items)
   */
  float[][] scores(Attention attention, Progress progress);

  /** Learns how far a task is. */
  @FunctionalInterface
  interface Progress {
    /** Called with the number of sequences that are done. */
    void at(int done);
  }

  /** Frees the model. */
  @Override
  void close();
}
