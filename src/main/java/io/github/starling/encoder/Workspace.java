package io.github.starling.encoder;

import io.github.starling.kernel.MatrixProduct;
import io.github.starling.kernel.Workers;
import io.github.starling.model.EncoderConfig;
import io.github.starling.tensor.Matrix;

/** The threads of an encoder, and the memory that its layers read and write. */
final class Workspace implements AutoCloseable {
  private final Workers workers;
  private final MatrixProduct product;
  private final EncoderPhases phases;
  private final GrowingMatrix tokenRows;
  private final GrowingMatrix projectionRows;
  private final GrowingMatrix contextRows;
  private final GrowingMatrix attendedRows;
  private final GrowingMatrix wideRows;
  private int size;

  /**
   * Starts the threads; the memory comes with {@link #resize}.
   *
   * @throws IllegalArgumentException if there is no thread
   */
  Workspace(EncoderConfig config, int threads) {
    workers = new Workers(threads);
    product = new MatrixProduct(workers);
    phases = new EncoderPhases(workers);
    int d = config.hiddenSize();
    tokenRows = new GrowingMatrix(d);
    projectionRows = new GrowingMatrix(3 * d);
    contextRows = new GrowingMatrix(d);
    attendedRows = new GrowingMatrix(d);
    wideRows = new GrowingMatrix(config.intermediateSize());
  }

  Workers workers() {
    return workers;
  }

  MatrixProduct product() {
    return product;
  }

  EncoderPhases phases() {
    return phases;
  }

  /** Makes room for so many tokens. */
  void resize(int n) {
    size = n;
  }

  /** Returns the vectors that go into a layer and come out of it, shape (n, d). */
  Matrix tokens() {
    return tokenRows.rows(size);
  }

  /** Returns queries, keys and values side by side, shape (n, 3d). */
  Matrix projections() {
    return projectionRows.rows(size);
  }

  /** Returns the output of the attention, its heads side by side, shape (n, d). */
  Matrix context() {
    return contextRows.rows(size);
  }

  /** Returns the tokens between attention and feed-forward, shape (n, d). */
  Matrix attended() {
    return attendedRows.rows(size);
  }

  /** Returns what is between the two feed-forward products, shape (n, intermediate). */
  Matrix wide() {
    return wideRows.rows(size);
  }

  @Override
  public void close() {
    workers.close();
    tokenRows.close();
    projectionRows.close();
    contextRows.close();
    attendedRows.close();
    wideRows.close();
  }
}
