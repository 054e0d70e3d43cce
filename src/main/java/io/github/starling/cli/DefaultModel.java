package io.github.starling.cli;

/** The model that is used when none is named: small, float32, Apache-2.0. */
final class DefaultModel {
  static final String NAME = "all-MiniLM-L6-v2";

  private DefaultModel() {}
}
