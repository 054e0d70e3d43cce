package io.github.starling.cli;

import java.util.Locale;

/** The tasks that a person may name. */
enum TaskKind {
  /** Masked words. */
  MLM,
  /** Passages that answer questions. */
  RETRIEVAL,
  /** Answers in paragraphs. */
  QA,
  /** Similarity of sentences. */
  STS,
  /** Classes of sentences. */
  PROBE,
  /** Automatic speech recognition: what is said in clips. */
  ASR;

  /** Returns what the model reads, in the plural. */
  String sequences() {
    return this == ASR ? "clips" : "texts";
  }

  /** Returns what these are long, in the plural. */
  String units() {
    return this == ASR ? "frames" : "tokens";
  }

  /** The name as a person writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
