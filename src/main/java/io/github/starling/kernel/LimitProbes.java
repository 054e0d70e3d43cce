package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.Lanes.LONGS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.BIT_COUNT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;

/**
 * Loops that do one thing and nothing else, so that their speed is a limit of the machine.
 *
 * <pre>
 * multiplyAdd   12 accumulators += x · y                 12 + 2 of 16 registers; 8 hide the latency
 * countBits     8 vectors of words ← their popcounts     8 of 16 registers
 * read          8 loads into 4 accumulators by OR        the loads are the bound, not the ORs
 * </pre>
 *
 * <p>Each stores something that depends on all it did: else the compiler drops it.
 */
final class LimitProbes {
  /** Operations of a step of {@link #multiplyAdd}, a multiplication and an addition for a lane. */
  static final int STEP_FLOPS = 12 * 2 * LANES;

  /** Words that a step of {@link #countBits} counts. */
  static final int STEP_WORDS = 8 * LONGS.length();

  /** {@link #read} takes multiples of this. */
  static final int STEP_BYTES = 8 * LONGS.vectorByteSize();

  private LimitProbes() {}

  /** Multiplies and adds in registers; {@code data} holds 13 vectors. */
  static void multiplyAdd(int steps, float[] data) {
    var x = FloatVector.fromArray(FLOATS, data, 12 * LANES);
    var c0 = FloatVector.fromArray(FLOATS, data, 0 * LANES);
    var c1 = FloatVector.fromArray(FLOATS, data, 1 * LANES);
    var c2 = FloatVector.fromArray(FLOATS, data, 2 * LANES);
    var c3 = FloatVector.fromArray(FLOATS, data, 3 * LANES);
    var c4 = FloatVector.fromArray(FLOATS, data, 4 * LANES);
    var c5 = FloatVector.fromArray(FLOATS, data, 5 * LANES);
    var c6 = FloatVector.fromArray(FLOATS, data, 6 * LANES);
    var c7 = FloatVector.fromArray(FLOATS, data, 7 * LANES);
    var c8 = FloatVector.fromArray(FLOATS, data, 8 * LANES);
    var c9 = FloatVector.fromArray(FLOATS, data, 9 * LANES);
    var c10 = FloatVector.fromArray(FLOATS, data, 10 * LANES);
    var c11 = FloatVector.fromArray(FLOATS, data, 11 * LANES);
    for (int i = 0; i < steps; i++) {
      c0 = x.fma(x, c0);
      c1 = x.fma(x, c1);
      c2 = x.fma(x, c2);
      c3 = x.fma(x, c3);
      c4 = x.fma(x, c4);
      c5 = x.fma(x, c5);
      c6 = x.fma(x, c6);
      c7 = x.fma(x, c7);
      c8 = x.fma(x, c8);
      c9 = x.fma(x, c9);
      c10 = x.fma(x, c10);
      c11 = x.fma(x, c11);
    }
    c0 = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    c0.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).intoArray(data, 0);
  }

  /** Counts bits in registers; {@code data} holds 8 vectors. */
  static void countBits(int steps, long[] data) {
    int lanes = LONGS.length();
    var c0 = LongVector.fromArray(LONGS, data, 0 * lanes);
    var c1 = LongVector.fromArray(LONGS, data, 1 * lanes);
    var c2 = LongVector.fromArray(LONGS, data, 2 * lanes);
    var c3 = LongVector.fromArray(LONGS, data, 3 * lanes);
    var c4 = LongVector.fromArray(LONGS, data, 4 * lanes);
    var c5 = LongVector.fromArray(LONGS, data, 5 * lanes);
    var c6 = LongVector.fromArray(LONGS, data, 6 * lanes);
    var c7 = LongVector.fromArray(LONGS, data, 7 * lanes);
    for (int i = 0; i < steps; i++) {
      c0 = c0.lanewise(BIT_COUNT);
      c1 = c1.lanewise(BIT_COUNT);
      c2 = c2.lanewise(BIT_COUNT);
      c3 = c3.lanewise(BIT_COUNT);
      c4 = c4.lanewise(BIT_COUNT);
      c5 = c5.lanewise(BIT_COUNT);
      c6 = c6.lanewise(BIT_COUNT);
      c7 = c7.lanewise(BIT_COUNT);
    }
    c0.or(c1).or(c2).or(c3).or(c4).or(c5).or(c6).or(c7).intoArray(data, 0);
  }

  /**
   * Reads memory from its start on.
   *
   * @param bytes a multiple of {@link #STEP_BYTES}
   * @param out one vector
   */
  static void read(MemorySegment data, long bytes, long[] out) {
    var c0 = LongVector.zero(LONGS);
    var c1 = c0;
    var c2 = c0;
    var c3 = c0;
    long width = LONGS.vectorByteSize();
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      c0 = c0.or(load(data, at + 0 * width)).or(load(data, at + 4 * width));
      c1 = c1.or(load(data, at + 1 * width)).or(load(data, at + 5 * width));
      c2 = c2.or(load(data, at + 2 * width)).or(load(data, at + 6 * width));
      c3 = c3.or(load(data, at + 3 * width)).or(load(data, at + 7 * width));
    }
    c0.or(c1).or(c2).or(c3).intoArray(out, 0);
  }

  private static LongVector load(MemorySegment data, long at) {
    return LongVector.fromMemorySegment(LONGS, data, at, LITTLE_ENDIAN);
  }
}
