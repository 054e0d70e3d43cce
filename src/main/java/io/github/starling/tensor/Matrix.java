package io.github.starling.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A strided view of float32 rows in off-heap memory.
 *
 * <p>The segment belongs to the caller's {@link Arena}; a view copies nothing and owns nothing.
 * Elements of a row are adjacent, rows are {@code rowStride} elements apart, so a head of an (n, d)
 * projection is a column slice of it. Storage is little-endian and need not be aligned.
 *
 * @param data memory that holds every element of the view
 * @param offset index of the first element, in elements from the start of the segment
 * @param rows number of rows, ≥ 0
 * @param columns number of columns, ≥ 0
 * @param rowStride elements between the starts of adjacent rows, ≥ 1 where there are several; rows
 *     overlap if it is less than the columns, as the windows of a convolution do, and are then only
 *     to be read
 */
public record Matrix(MemorySegment data, long offset, int rows, int columns, long rowStride) {
  /** Element layout of every Starling array: little-endian float32 at any byte address. */
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Checks that the view lies inside its segment.
   *
   * @throws IllegalArgumentException if a dimension is negative, rows do not advance, or the view
   *     sticks out
   */
  public Matrix {
    Objects.requireNonNull(data, "data");
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          "a matrix cannot have shape (" + rows + ", " + columns + ")");
    }
    if (rowStride < 1 && rows > 1 && columns > 0) {
      throw new IllegalArgumentException(
          "rows of " + columns + " columns cannot lie " + rowStride + " apart");
    }
    long elements = data.byteSize() / Float.BYTES;
    boolean empty = rows == 0 || columns == 0;
    // By division: the span of a huge stride would overflow.
    boolean fits =
        offset >= 0
            && offset <= elements
            && (empty
                || columns <= elements - offset
                    && (rows == 1 || rowStride <= (elements - offset - columns) / (rows - 1)));
    if (!fits) {
      throw new IllegalArgumentException(
          "shape (%d, %d) with row stride %d at element %d does not fit in %d elements"
              .formatted(rows, columns, rowStride, offset, elements));
    }
  }

  /**
   * Allocates a dense matrix of zeros, aligned to a cache line.
   *
   * @param arena owner of the memory
   * @throws IllegalArgumentException if a dimension is negative
   */
  public static Matrix allocate(Arena arena, int rows, int columns) {
    long bytes = (long) Math.max(rows, 0) * Math.max(columns, 0) * Float.BYTES;
    return new Matrix(arena.allocate(bytes, 64), 0, rows, columns, columns);
  }

  /**
   * Copies an array into new off-heap memory.
   *
   * @param values shape (rows, columns), rows of one length
   * @throws IllegalArgumentException if the rows differ in length
   */
  public static Matrix of(Arena arena, float[][] values) {
    int columns = values.length == 0 ? 0 : values[0].length;
    var matrix = allocate(arena, values.length, columns);
    for (int r = 0; r < values.length; r++) {
      if (values[r].length != columns) {
        throw new IllegalArgumentException(
            "row %d has %d values but row 0 has %d".formatted(r, values[r].length, columns));
      }
      MemorySegment.copy(values[r], 0, matrix.data, FLOAT, matrix.byteOffset(r), columns);
    }
    return matrix;
  }

  /** Returns element (row, column). */
  public float get(int row, int column) {
    checkElement(row, column);
    return data.get(FLOAT, byteOffset(row) + (long) column * Float.BYTES);
  }

  /** Sets element (row, column). */
  public void set(int row, int column, float value) {
    checkElement(row, column);
    data.set(FLOAT, byteOffset(row) + (long) column * Float.BYTES, value);
  }

  /** Returns the byte offset of the first element of a row within {@link #data}. */
  public long byteOffset(int row) {
    return (offset + row * rowStride) * Float.BYTES;
  }

  /**
   * Views rows {@code from} to {@code from + count - 1}.
   *
   * @throws IndexOutOfBoundsException if the range sticks out
   */
  public Matrix rows(int from, int count) {
    Objects.checkFromIndexSize(from, count, rows);
    return new Matrix(data, offset + from * rowStride, count, columns, rowStride);
  }

  /**
   * Views columns {@code from} to {@code from + count - 1} of every row.
   *
   * @throws IndexOutOfBoundsException if the range sticks out
   */
  public Matrix columns(int from, int count) {
    Objects.checkFromIndexSize(from, count, columns);
    return new Matrix(data, offset + from, rows, count, rowStride);
  }

  /**
   * Copies a row to a row of another matrix with as many columns.
   *
   * @throws IllegalArgumentException if the columns differ
   * @throws IndexOutOfBoundsException if there is no such row in either
   */
  public void copyRow(int row, Matrix to, int toRow) {
    if (to.columns != columns) {
      throw new IllegalArgumentException(
          "cannot copy a row of %s to %s".formatted(shape(), to.shape()));
    }
    Objects.checkIndex(row, rows);
    Objects.checkIndex(toRow, to.rows);
    long bytes = (long) columns * Float.BYTES;
    MemorySegment.copy(data, byteOffset(row), to.data, to.byteOffset(toRow), bytes);
  }

  /**
   * Copies all rows to another matrix.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public void copyTo(Matrix to) {
    if (to.rows != rows || to.columns != columns) {
      throw new IllegalArgumentException("cannot copy %s to %s".formatted(shape(), to.shape()));
    }
    for (int r = 0; r < rows; r++) {
      copyRow(r, to, r);
    }
  }

  /** Sets every element to zero. */
  public void clear() {
    for (int r = 0; r < rows; r++) {
      data.asSlice(byteOffset(r), (long) columns * Float.BYTES).fill((byte) 0);
    }
  }

  /** Copies the elements to a new array, shape (rows, columns). */
  public float[][] toArray() {
    var values = new float[rows][columns];
    for (int r = 0; r < rows; r++) {
      MemorySegment.copy(data, FLOAT, byteOffset(r), values[r], 0, columns);
    }
    return values;
  }

  private void checkElement(int row, int column) {
    Objects.checkIndex(row, rows);
    Objects.checkIndex(column, columns);
  }

  /** Returns the shape as {@code (rows, columns)}, for messages. */
  public String shape() {
    return "(" + rows + ", " + columns + ")";
  }
}
