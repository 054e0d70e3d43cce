package io.github.starling.model;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A tensor of 8-bit integers q that stand for scale·(q − zero point) + shift.
 *
 * <p>One of zero point and shift is 0: graphs quantise either to an integer zero point or to a
 * shift that is multiplied with the scale already.
 *
 * @param integers of type U8 or I8
 * @param scale the step between neighbouring values
 * @param zeroPoint the integer that stands for 0
 * @param shift what is added after scaling
 */
record QuantizedTensor(StoredTensor integers, float scale, int zeroPoint, float shift) {
  private static final int LEVELS = 256;

  /**
   * Returns the values.
   *
   * @param arena owner of the result
   * @return little-endian float32, one for each integer
   */
  MemorySegment floats(Arena arena) {
    float[] values = levels();
    var floats = arena.allocate(integers.elements() * Float.BYTES, 64);
    for (long i = 0; i < integers.elements(); i++) {
      float value = values[Byte.toUnsignedInt(integers.data().get(ValueLayout.JAVA_BYTE, i))];
      floats.set(Matrix.FLOAT, i * Float.BYTES, value);
    }
    return floats;
  }

  /** Returns what each byte stands for, by its unsigned value. */
  private float[] levels() {
    var values = new float[LEVELS];
    for (int bits = 0; bits < LEVELS; bits++) {
      values[bits] = scale * (integer(integers.dtype(), (byte) bits) - zeroPoint) + shift;
    }
    return values;
  }

  /** Returns an element of type U8 or I8. */
  static int integer(DType dtype, byte bits) {
    return dtype == DType.U8 ? Byte.toUnsignedInt(bits) : bits;
  }

  /**
   * Returns the values with rows and columns exchanged.
   *
   * @param arena owner of the result
   * @return shape (c, r) for integers of shape (r, c)
   */
  MemorySegment transposed(Arena arena) {
    int rows = integers.dimension(0);
    int columns = integers.dimension(1);
    return Transposition.of(new Matrix(floats(arena), 0, rows, columns, columns), arena).data();
  }
}
