package io.github.starling.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A dense float32 array of shape (batch, heads, length, width) in off-heap memory.
 *
 * <p>The layout of attention inputs and outputs at the door of the library; inside it every head is
 * a {@link Matrix}.
 *
 * @param data memory that holds every element, little-endian, in row-major order from its start
 * @param batch number of sequences
 * @param heads heads of each sequence
 * @param length rows of each head, padding included
 * @param width elements of each row
 */
public record Tensor(MemorySegment data, int batch, int heads, int length, int width) {
  /**
   * Checks that the segment has exactly the elements of the shape.
   *
   * @throws IllegalArgumentException if a dimension is negative or the size differs
   */
  public Tensor {
    Objects.requireNonNull(data, "data");
    long bytes = bytes(batch, heads, length, width);
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "shape (%d, %d, %d, %d) takes %d bytes but the segment has %d"
              .formatted(batch, heads, length, width, bytes, data.byteSize()));
    }
  }

  /**
   * Allocates zeros, aligned to a cache line.
   *
   * @param arena owner of the memory
   * @throws IllegalArgumentException if a dimension is negative
   */
  public static Tensor allocate(Arena arena, int batch, int heads, int length, int width) {
    var data = arena.allocate(bytes(batch, heads, length, width), 64);
    return new Tensor(data, batch, heads, length, width);
  }

  /**
   * Views one head of one sequence, shape (length, width).
   *
   * @throws IndexOutOfBoundsException if there is no such sequence or head
   */
  public Matrix head(int sequence, int head) {
    Objects.checkIndex(sequence, batch);
    Objects.checkIndex(head, heads);
    long offset = ((long) sequence * heads + head) * length * width;
    return new Matrix(data, offset, length, width, width);
  }

  /** Returns the shape as {@code (batch, heads, length, width)}, for messages. */
  public String shape() {
    return "(" + batch + ", " + heads + ", " + length + ", " + width + ")";
  }

  private static long bytes(int batch, int heads, int length, int width) {
    if (batch < 0 || heads < 0 || length < 0 || width < 0) {
      throw new IllegalArgumentException(
          "a tensor cannot have shape (%d, %d, %d, %d)".formatted(batch, heads, length, width));
    }
    long rows = Math.multiplyExact((long) batch * heads, (long) length);
    return Math.multiplyExact(Math.multiplyExact(rows, (long) width), (long) Float.BYTES);
  }
}
