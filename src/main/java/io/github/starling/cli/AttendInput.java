package io.github.starling.cli;

import io.github.starling.attention.Head;
import io.github.starling.clustering.Planes;
import io.github.starling.model.DType;
import io.github.starling.model.FormatException;
import io.github.starling.model.Safetensors;
import io.github.starling.model.StoredTensor;
import io.github.starling.tensor.Matrix;
import io.github.starling.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code attend} reads from its input file.
 *
 * @param query shape (batch, heads, n, dk)
 * @param key shape (batch, heads, m, dk)
 * @param value shape (batch, heads, m, dv)
 * @param hasBatch whether the file's tensors have a batch dimension
 * @param lengths valid positions of each sequence
 * @param planes to hash with, or null
 * @param initial positions whose signatures are the first centroids, or null
 */
record AttendInput(
    Tensor query,
    Tensor key,
    Tensor value,
    boolean hasBatch,
    Head.Lengths lengths,
    Planes planes,
    int[] initial) {
  /**
   * Maps a file and checks the shapes.
   *
   * @param unbiased whether thresholds of planes are taken for 0
   * @param arena owner of the mapping
   * @throws IllegalArgumentException if a tensor has a wrong type or shape
   * @throws IOException if the file cannot be read, is damaged or lacks a tensor
   */
  static AttendInput open(Path path, boolean unbiased, Arena arena) throws IOException {
    var file = new Reader(Safetensors.open(path, arena));
    var query = file.heads("query");
    var key = file.heads("key");
    var value = file.heads("value");
    var lengths = Head.Lengths.full(query, key);
    return new AttendInput(
        query,
        key,
        value,
        file.rank("query") == 4,
        new Head.Lengths(
            file.integers("query_lengths", lengths.queries()),
            file.integers("key_lengths", lengths.keys())),
        file.planes(query.width(), unbiased),
        file.integers("initial", null));
  }

  /** Reads tensors and names the file in every complaint. */
  private record Reader(Safetensors file) {
    int rank(String name) throws FormatException {
      return file.tensor(name).shape().size();
    }

    Tensor heads(String name) throws FormatException {
      var tensor = typed(name, DType.F32);
      int rank = tensor.shape().size();
      if (rank != rank("query") || rank != 3 && rank != 4) {
        throw bad(tensor, "(heads, length, width) or (batch, heads, length, width), as query has");
      }
      if (tensor.shape().getLast() == 0) {
        throw bad(tensor, "a width of at least 1");
      }
      int first = rank - 3;
      return new Tensor(
          tensor.data(),
          rank == 4 ? tensor.dimension(0) : 1,
          tensor.dimension(first),
          tensor.dimension(first + 1),
          tensor.dimension(first + 2));
    }

    int[] integers(String name, int[] otherwise) throws FormatException {
      if (!file.names().contains(name)) {
        return otherwise;
      }
      var tensor = typed(name, DType.I64);
      if (tensor.shape().size() != 1) {
        throw bad(tensor, "one dimension");
      }
      long[] values = tensor.longs();
      var integers = new int[values.length];
      for (int i = 0; i < values.length; i++) {
        integers[i] = (int) values[i];
        if (integers[i] != values[i] || values[i] < 0) {
          throw new IllegalArgumentException(
              "%s: element %d of %s is %d, which is no position"
                  .formatted(file.path(), i, name, values[i]));
        }
      }
      return integers;
    }

    Planes planes(int dk, boolean unbiased) throws FormatException {
      if (!file.names().contains("planes")) {
        return null;
      }
      var tensor = typed("planes", DType.F32);
      List<Long> shape = tensor.shape();
      if (shape.size() != 2
          || shape.getFirst() < 1
          || shape.getFirst() > Long.SIZE
          || shape.getLast() != dk + 1) {
        throw bad(tensor, "(B, " + (dk + 1) + ") with B from 1 to 64");
      }
      float[] values = tensor.data().toArray(Matrix.FLOAT);
      for (int i = dk; unbiased && i < values.length; i += dk + 1) {
        values[i] = 0;
      }
      return new Planes(values, tensor.dimension(0), dk);
    }

    private StoredTensor typed(String name, DType type) throws FormatException {
      var tensor = file.tensor(name);
      if (tensor.dtype() != type) {
        throw new IllegalArgumentException(
            "%s: %s is of %s but %s is needed".formatted(file.path(), name, tensor.dtype(), type));
      }
      return tensor;
    }

    private IllegalArgumentException bad(StoredTensor tensor, String wanted) {
      return new IllegalArgumentException(
          "%s: %s has shape %s but needs %s"
              .formatted(file.path(), tensor.name(), tensor.shape(), wanted));
    }
  }
}
