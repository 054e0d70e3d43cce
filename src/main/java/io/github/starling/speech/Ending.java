package io.github.starling.speech;

/** Why a transcript ends where it does. */
public enum Ending {
  /** The model said that it is complete. */
  COMPLETE,

  /** There were as many tokens as a clip of its length may have: something may be missing. */
  LIMIT,

  /**
   * The model began to repeat itself without end; what it repeated is kept once, and what came
   * after in the clip may be missing.
   */
  LOOP
}
