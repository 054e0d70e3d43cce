package io.github.starling.transformer;

import io.github.starling.kernel.MatrixProduct;
import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;

/** The threads of an encoder, and the memory that its layers read and write. */
public final class Workspace implements AutoCloseable {
  private final Workers workers;
  private final MatrixProduct product;
  private final LayerPhases phases;
  private final GrowingMatrix tokenRows;
  private final GrowingMatrix projectionRows;
  private final GrowingMatrix contextRows;
  private final GrowingMatrix normedRows;
  private final GrowingMatrix wideRows;
  private int size;

  /**
   * Starts the threads; the memory comes with {@link #resize}.
   *
   * @param width d of a token
   * @param intermediate width between the two feed-forward products
   * @param threads number of threads, the caller's included
   * @throws IllegalArgumentException if there is no thread
   */
  public Workspace(int width, int intermediate, int threads) {
    workers = new Workers(threads);
    product = new MatrixProduct(workers);
    phases = new LayerPhases(workers);
    tokenRows = new GrowingMatrix(width);
    projectionRows = new GrowingMatrix(3 * width);
    contextRows = new GrowingMatrix(width);
    normedRows = new GrowingMatrix(width);
    wideRows = new GrowingMatrix(intermediate);
  }

  /** Returns the threads. */
  public Workers workers() {
    return workers;
  }

  /** Returns what computes products. */
  public MatrixProduct product() {
    return product;
  }

  LayerPhases phases() {
    return phases;
  }

  /** Makes room for so many tokens. */
  public void resize(int n) {
    size = n;
  }

  /** Returns the vectors that go into a layer and come out of it, shape (n, d). */
  public Matrix tokens() {
    return tokenRows.rows(size);
  }

  /** Returns queries, keys and values side by side, shape (n, 3d). */
  public Matrix projections() {
    return projectionRows.rows(size);
  }

  /** Returns the output of the attention, its heads side by side, shape (n, d). */
  public Matrix context() {
    return contextRows.rows(size);
  }

  /**
   * Returns the tokens between attention and feed-forward, and with the norm first also what the
   * next layer reads, shape (n, d).
   */
  public Matrix normed() {
    return normedRows.rows(size);
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
    normedRows.close();
    wideRows.close();
  }
}
