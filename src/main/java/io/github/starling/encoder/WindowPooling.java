package io.github.starling.encoder;

import io.github.starling.kernel.RowSum;
import io.github.starling.model.Pooling;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;

/**
 * Adds up the vector of a text from the tokens of its windows.
 *
 * <p>With {@link Pooling#MEAN} every token of the text has the same weight, in the one window that
 * owns it. With the others each window has one vector, weighted by its share of the text's tokens.
 */
final class WindowPooling {
  private final Pooling pooling;
  private final Encoder encoder;

  /** What the pooler puts out, shape (1, d); left to the collector, since it is one row. */
  private final Matrix pooled;

  /**
   * Prepares a pooling.
   *
   * @throws IllegalArgumentException if it is {@link Pooling#POOLER} and the model has none
   */
  WindowPooling(Pooling pooling, Encoder encoder) {
    if (pooling == Pooling.POOLER && encoder.pooler() == null) {
      throw new IllegalArgumentException(encoder.folder().path() + ": this model has no pooler");
    }
    this.pooling = pooling;
    this.encoder = encoder;
    pooled = Matrix.allocate(Arena.ofAuto(), 1, encoder.config().hiddenSize());
  }

  /**
   * Adds one window to the vector of its text.
   *
   * @param tokens the encoder's output for the window, shape (n, d)
   * @param window which of the tokens the window owns
   * @param textTokens tokens that all windows of the text own together
   * @param vector takes the sum, shape (d)
   */
  void add(Matrix tokens, Window window, int textTokens, float[] vector) {
    float share = (float) window.ownedCount() / textTokens;
    switch (pooling) {
      case MEAN ->
          RowSum.add(tokens.rows(window.ownedFrom(), window.ownedCount()), 1f / textTokens, vector);
      case CLS -> RowSum.add(tokens.rows(0, 1), share, vector);
      case POOLER -> {
        encoder.pooler().apply(tokens.rows(0, 1), pooled, encoder.product());
        for (int c = 0; c < vector.length; c++) {
          pooled.set(0, c, (float) Math.tanh(pooled.get(0, c)));
        }
        RowSum.add(pooled, share, vector);
      }
    }
  }

  /** Scales a vector to length 1; one of zeros stays. */
  static void normalize(float[] vector) {
    double squares = 0;
    for (float v : vector) {
      squares += (double) v * v;
    }
    if (squares > 0) {
      double factor = 1 / Math.sqrt(squares);
      for (int c = 0; c < vector.length; c++) {
        vector[c] = (float) (vector[c] * factor);
      }
    }
  }
}
