package io.github.starling.cli;

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
  PROBE
}
