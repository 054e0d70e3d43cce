package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import java.util.List;

/** Something useful that a model does with many items, well or badly. */
public sealed interface Task extends AutoCloseable
    permits MaskedWords,
        PassageRetrieval,
        QuestionAnswering,
        SentenceSimilarity,
        FeatureProbe,
        SpeechRecognition {
  /** Returns the number of items: questions, pairs, sentences, masked words or clips. */
  int items();

  /** Returns what is computed from the scores, the most important first. */
  List<Measure> measures();

  /** Returns what one must know to read the measures, in whole sentences; empty if nothing. */
  default String remark() {
    return "";
  }

  /** Returns all that the model reads to do the task once. */
  Inputs inputs();

  /**
   * Does the task.
   *
   * @param attention how positions attend to each other
   * @param progress told now and then how many sequences of the {@link #inputs} are done
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
