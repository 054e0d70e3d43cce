package io.github.starling.model;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A named tensor as a file holds it.
 *
 * @param name its name in the file
 * @param dtype its element type
 * @param shape its dimensions, each ≥ 0; empty for a scalar
 * @param data its elements, little-endian, in row-major order; need not be aligned
 */
public record StoredTensor(String name, DType dtype, List<Long> shape, MemorySegment data) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Checks that the data has the elements of the shape.
   *
   * @throws IllegalArgumentException if a dimension is negative or the size differs
   */
  public StoredTensor {
    shape = List.copyOf(shape);
    long bytes = byteSize(dtype, shape);
    if (bytes != data.byteSize()) {
      throw new IllegalArgumentException(
          "tensor %s: %s %s takes %s bytes but there are %d"
              .formatted(
                  name, dtype, shape, bytes < 0 ? "impossibly many" : bytes, data.byteSize()));
    }
  }

  /**
   * Returns the bytes that a tensor takes, or −1 if a dimension is negative or the product
   * overflows.
   */
  static long byteSize(DType dtype, List<Long> shape) {
    long bytes = dtype.bytes();
    for (long dimension : shape) {
      if (dimension < 0 || Math.multiplyHigh(bytes, dimension) != 0 || bytes * dimension < 0) {
        return -1;
      }
      bytes *= dimension;
    }
    return bytes;
  }

  /** Returns the number of elements. */
  public long elements() {
    return data.byteSize() / dtype.bytes();
  }

  /**
   * Returns the elements as float32: in place if they are, else converted.
   *
   * @param arena owner of the converted copy
   * @return little-endian float32, one for each element
   * @throws IllegalArgumentException if the elements are not F32, F16 or BF16
   */
  public MemorySegment floats(Arena arena) {
    return switch (dtype) {
      case F32 -> data;
      case F16, BF16 -> widened(arena);
      default -> throw notReadableAs("floats", "F32, F16 or BF16");
    };
  }

  private MemorySegment widened(Arena arena) {
    long n = elements();
    var floats = arena.allocate(Math.multiplyExact(n, (long) Float.BYTES), 64);
    boolean isHalf = dtype == DType.F16;
    for (long i = 0; i < n; i++) {
      short bits = data.get(SHORT, i * Short.BYTES);
      float value = isHalf ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
      floats.set(Matrix.FLOAT, i * Float.BYTES, value);
    }
    return floats;
  }

  /**
   * Views a tensor of two dimensions, or of one as a single row.
   *
   * @param arena owner of the copy if the elements are not float32
   * @return shape (rows, columns)
   * @throws IllegalArgumentException if the tensor has other dimensions, is too large or is not of
   *     floats
   */
  public Matrix matrix(Arena arena) {
    if (shape.isEmpty() || shape.size() > 2) {
      throw new IllegalArgumentException(
          "tensor " + name + " has shape " + shape + " but one or two dimensions are needed");
    }
    int rows = shape.size() == 1 ? 1 : dimension(0);
    int columns = dimension(shape.size() - 1);
    return new Matrix(floats(arena), 0, rows, columns, columns);
  }

  /**
   * Returns a dimension that must fit in an int.
   *
   * @throws IllegalArgumentException if it does not fit
   * @throws IndexOutOfBoundsException if there is no such dimension
   */
  public int dimension(int index) {
    long dimension = shape.get(index);
    if (dimension > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "tensor " + name + " of shape " + shape + " is too large: at most 2147483647 each way");
    }
    return (int) dimension;
  }

  /**
   * Copies integers to an array.
   *
   * @throws IllegalArgumentException if the elements are not I64 or I32, or too many for an array
   */
  public long[] longs() {
    if (dtype != DType.I64 && dtype != DType.I32) {
      throw notReadableAs("integers", "I64 or I32");
    }
    if (elements() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "tensor " + name + " has " + elements() + " elements, too many for an array");
    }
    var values = new long[(int) elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          dtype == DType.I64
              ? data.get(LONG, (long) i * Long.BYTES)
              : data.get(INT, (long) i * Integer.BYTES);
    }
    return values;
  }

  private IllegalArgumentException notReadableAs(String what, String wanted) {
    return new IllegalArgumentException(
        "tensor %s of type %s cannot be read as %s: %s is needed"
            .formatted(name, dtype, what, wanted));
  }
}
