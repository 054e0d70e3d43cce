package io.github.starling.model;

/** How the outputs of the tokens become one embedding. */
public enum Pooling {
  /** The mean over the tokens of the sequence. */
  MEAN,

  /** The output of the first token. */
  CLS,

  /** BERT's pooler: tanh of a dense layer on the output of the first token. */
  POOLER
}
