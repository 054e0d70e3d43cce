package io.github.starling.model;

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
}
