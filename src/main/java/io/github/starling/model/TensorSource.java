package io.github.starling.model;

import java.lang.foreign.Arena;

/** The weights of a model by their names. */
public interface TensorSource {
  /**
   * Returns a tensor.
   *
   * @throws FormatException if there is none of this name
   */
  StoredTensor tensor(String name) throws FormatException;

  /** Tells whether there is a tensor of this name. */
  boolean hasTensor(String name);

  /**
   * Copies a tensor of one dimension.
   *
   * @throws FormatException if there is none of this name
   */
  default float[] row(String name) throws FormatException {
    try (var scratch = Arena.ofConfined()) {
      return tensor(name).matrix(scratch).toArray()[0];
    }
  }
}
