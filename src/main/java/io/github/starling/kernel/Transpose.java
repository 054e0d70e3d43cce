package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.INTS;
import static io.github.starling.kernel.Lanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Transposes square blocks by perfect shuffles.
 *
 * <pre>
 * one shuffle   rows i and i + L/2 become rows 2i and 2i + 1:
 *                 a0 a1 a2 a3        a0 b0 a1 b1
 *                 b0 b1 b2 b3   →    a2 b2 a3 b3
 * L × L block   log2 L shuffles; two at a time keep four rows in registers
 * </pre>
 *
 * <p>The same two index vectors serve every step and every width, where the usual butterfly needs a
 * body for each.
 */
final class Transpose {
  /** Lanes of the first and of the second half of two interleaved vectors. */
  private static final IntVector LOW = zip(0);

  private static final IntVector HIGH = zip(LANES / 2);

  private Transpose() {}

  private static IntVector zip(int from) {
    var lanes = new int[LANES];
    for (int i = 0; i < LANES; i++) {
      lanes[i] = from + i / 2 + (i % 2) * LANES;
    }
    return IntVector.fromArray(INTS, lanes, 0);
  }

  /**
   * Transposes one block of {@code LANES} × {@code LANES} floats.
   *
   * @param in at {@code at}, row stride {@code ldi}
   * @param out at {@code ot}, row stride {@code ldo}; not in
   * @param scratch at least LANES² floats
   */
  static void block(float[] in, int at, int ldi, float[] out, int ot, int ldo, float[] scratch) {
    switch (LANES) {
      case 4 -> shuffleTwice(in, at, ldi, out, ot, ldo);
      case 8 -> {
        shuffle(in, at, ldi, scratch, 0, LANES);
        shuffleTwice(scratch, 0, LANES, out, ot, ldo);
      }
      case 16 -> {
        shuffleTwice(in, at, ldi, scratch, 0, LANES);
        shuffleTwice(scratch, 0, LANES, out, ot, ldo);
      }
      default -> throw new AssertionError("no transpose of " + LANES + " lanes");
    }
  }

  private static void shuffle(float[] in, int at, int ldi, float[] out, int ot, int ldo) {
    for (int i = 0; i < LANES / 2; i++) {
      var a = load(in, at + i * ldi);
      var b = load(in, at + (i + LANES / 2) * ldi);
      store(LOW.selectFrom(a, b), out, ot + 2 * i * ldo);
      store(HIGH.selectFrom(a, b), out, ot + (2 * i + 1) * ldo);
    }
  }

  private static void shuffleTwice(float[] in, int at, int ldi, float[] out, int ot, int ldo) {
    for (int i = 0; i < LANES / 4; i++) {
      var a = load(in, at + i * ldi);
      var b = load(in, at + (i + LANES / 4) * ldi);
      var c = load(in, at + (i + LANES / 2) * ldi);
      var d = load(in, at + (i + LANES / 4 * 3) * ldi);
      var acLow = LOW.selectFrom(a, c);
      var acHigh = HIGH.selectFrom(a, c);
      var bdLow = LOW.selectFrom(b, d);
      var bdHigh = HIGH.selectFrom(b, d);
      store(LOW.selectFrom(acLow, bdLow), out, ot + 4 * i * ldo);
      store(HIGH.selectFrom(acLow, bdLow), out, ot + (4 * i + 1) * ldo);
      store(LOW.selectFrom(acHigh, bdHigh), out, ot + (4 * i + 2) * ldo);
      store(HIGH.selectFrom(acHigh, bdHigh), out, ot + (4 * i + 3) * ldo);
    }
  }

  private static IntVector load(float[] a, int at) {
    return FloatVector.fromArray(FLOATS, a, at).reinterpretAsInts();
  }

  private static void store(IntVector row, float[] a, int at) {
    row.reinterpretAsFloats().intoArray(a, at);
  }
}
