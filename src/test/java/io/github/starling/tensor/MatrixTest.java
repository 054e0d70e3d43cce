package io.github.starling.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MatrixTest {
  private final Arena arena = Arena.ofAuto();
  private final Matrix matrix =
      Matrix.of(arena, new float[][] {{0, 1, 2, 3}, {10, 11, 12, 13}, {20, 21, 22, 23}});

  @Test
  void slicesShareTheMemoryOfTheWhole() {
    var slice = matrix.rows(1, 2).columns(1, 2);
    assertEquals("(2, 2)", slice.shape());
    assertEquals(4, slice.rowStride());
    assertArrayEquals(new float[][] {{11, 12}, {21, 22}}, slice.toArray());
    slice.set(1, 0, 99);
    assertEquals(99, matrix.get(2, 1));
    assertEquals((2 * 4 + 1) * Float.BYTES, slice.byteOffset(1));
  }

  @Test
  void clearingASliceLeavesItsNeighbours() {
    matrix.rows(1, 1).columns(1, 2).clear();
    assertArrayEquals(
        new float[][] {{0, 1, 2, 3}, {10, 0, 0, 13}, {20, 21, 22, 23}}, matrix.toArray());
  }

  @Test
  void theLastRowNeedsNoRoomForItsStride() {
    var segment = MemorySegment.ofArray(new byte[Float.BYTES * (1 + 7 + 3)]);
    var strided = new Matrix(segment, 1, 2, 3, 7);
    strided.set(1, 2, 5);
    assertEquals(5, segment.get(Matrix.FLOAT, 10L * Float.BYTES));
    refuses(
        "shape (2, 3) with row stride 7 at element 2 does not fit in 11 elements",
        () -> new Matrix(segment, 2, 2, 3, 7));
    refuses(
        "shape (2, 3) with row stride 7 at element -1 does not fit in 11 elements",
        () -> new Matrix(segment, -1, 2, 3, 7));
  }

  @Test
  void storageIsLittleEndian() {
    var segment = arena.allocate(4);
    new Matrix(segment, 0, 1, 1, 1).set(0, 0, 1f); // 0x3f800000
    assertArrayEquals(new byte[] {0, 0, (byte) 0x80, 0x3f}, segment.toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void aMatrixMayBeEmpty() {
    assertEquals(0, Matrix.allocate(arena, 0, 5).toArray().length);
    assertEquals(0, Matrix.allocate(arena, 2, 0).toArray()[1].length);
    assertEquals("(0, 4)", matrix.rows(3, 0).shape());
    assertEquals("(3, 0)", matrix.columns(4, 0).shape());
    assertEquals("(0, 0)", Matrix.of(arena, new float[0][]).shape());
  }

  @Test
  void refusesShapesThatMakeNoSense() {
    refuses("a matrix cannot have shape (-1, 2)", () -> Matrix.allocate(arena, -1, 2));
    refuses("a matrix cannot have shape (2, -1)", () -> Matrix.allocate(arena, 2, -1));
    refuses(
        "rows of 3 columns cannot lie 0 apart", () -> new Matrix(arena.allocate(100), 0, 2, 3, 0));
    refuses(
        "row 1 has 1 values but row 0 has 2", () -> Matrix.of(arena, new float[][] {{1, 2}, {3}}));
  }

  @Test
  void rowsMayOverlapAsWindowsDo() {
    var row = Matrix.of(arena, new float[][] {{1, 2, 3, 4, 5, 6, 7}});
    var windows = new Matrix(row.data(), 0, 3, 3, 2);
    assertArrayEquals(new float[][] {{1, 2, 3}, {3, 4, 5}, {5, 6, 7}}, windows.toArray());
    refuses(
        "shape (4, 3) with row stride 2 at element 0 does not fit in 7 elements",
        () -> new Matrix(row.data(), 0, 4, 3, 2));
  }

  @Test
  void refusesElementsAndSlicesOutside() {
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(3, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(0, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.set(0, -1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.rows(2, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.columns(-1, 2));
    // A slice is as strict as a matrix, though the memory goes on.
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.columns(0, 2).get(0, 2));
  }

  private static void refuses(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void refusesAStrideWhoseSpanOverflows() {
    var data = Arena.ofAuto().allocate(100);
    var e = assertThrows(IllegalArgumentException.class, () -> new Matrix(data, 0, 5, 3, 1L << 62));
    assertEquals(
        "shape (5, 3) with row stride 4611686018427387904 at element 0 does not fit in 25 elements",
        e.getMessage());
  }

  @Test
  void copiesARowBetweenStridedViews() {
    var from = Matrix.of(Arena.ofAuto(), new float[][] {{1, 2, 3}, {4, 5, 6}}).columns(1, 2);
    var to = Matrix.of(Arena.ofAuto(), new float[][] {{7, 7, 7}, {7, 7, 7}});
    from.copyRow(1, to.columns(0, 2), 0);
    assertArrayEquals(new float[][] {{5, 6, 7}, {7, 7, 7}}, to.toArray());
    var e = assertThrows(IllegalArgumentException.class, () -> from.copyRow(0, to, 0));
    assertEquals("cannot copy a row of (2, 2) to (2, 3)", e.getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> from.copyRow(2, to.columns(0, 2), 0));
  }

  @Test
  void copiesAllRowsBetweenStridedViews() {
    var from = Matrix.of(Arena.ofAuto(), new float[][] {{1, 2, 3}, {4, 5, 6}}).columns(1, 2);
    var to = Matrix.of(Arena.ofAuto(), new float[][] {{7, 7, 7}, {7, 7, 7}, {7, 7, 7}});
    from.copyTo(to.rows(1, 2).columns(0, 2));
    assertArrayEquals(new float[][] {{7, 7, 7}, {2, 3, 7}, {5, 6, 7}}, to.toArray());
    var e = assertThrows(IllegalArgumentException.class, () -> from.copyTo(to.columns(0, 2)));
    assertEquals("cannot copy (2, 2) to (3, 2)", e.getMessage());
  }
}
