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
  PROBE;

  /** The name as a person writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
