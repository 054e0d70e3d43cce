package io.github.starling.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the pages on all evaluations that are kept: on text, and on speech. */
final class EvaluationPages {
  private EvaluationPages() {}

  /**
   * Writes the pages that there are evaluations for.
   *
   * @param results folder of the evaluations' files
   * @param docs folder of the pages
   * @return the pages
   * @throws IOException if a file is damaged, there is none, or a page cannot be written
   */
  static List<Path> write(Path results, Path docs) throws IOException {
    var text = new ArrayList<KeptEvaluation>();
    var speech = new ArrayList<KeptEvaluation>();
    for (var evaluation : KeptEvaluation.readAll(results)) {
      (evaluation.isSpeech() ? speech : text).add(evaluation);
    }
    if (text.isEmpty() && speech.isEmpty()) {
      throw new IOException(results + ": no evaluation is finished: run starling evaluate first");
    }
    var pages = new ArrayList<Path>();
    if (!text.isEmpty()) {
      pages.add(AccuracyReport.write(text, speech, docs));
    }
    if (!speech.isEmpty()) {
      pages.add(SpeechReport.write(speech, docs));
    }
    return pages;
  }
}
