package io.github.starling.kernel;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.BIT_COUNT;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.SUB;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;

/**
 * Shows the Vector API's own methods every kind of operation before the first kernel is compiled.
 *
 * <p>Methods such as {@code VectorOperators.opCode} serve all operations and element types. HotSpot
 * compiles them early, for the one or two types that it saw by then, and counts a trap whenever
 * another comes along. A kernel inherits the counts of all that it inlines; past a hundred, C2 no
 * longer believes any type, and what is left of the kernel boxes its vectors. Whether that happens
 * hangs on the order of the first calls: it made one JVM in eight slow, for good. A type profile
 * that knows all kinds from the start leaves no trap to count.
 */
final class TypeProfiles {
  /** The interpreter keeps a profile from a method's 512th call on; each round makes several. */
  private static final int ROUNDS = 64;

  private TypeProfiles() {}

  static void record() {
    var floats = new float[Lanes.LANES];
    var shorts = new short[Lanes.SHORTS.length()];
    for (int round = 0; round < ROUNDS; round++) {
      floats(floats);
      integers(new int[Lanes.LANES], new long[Lanes.LONGS.length()]);
      masks(floats, shorts);
    }
  }

  private static void floats(float[] values) {
    var x = FloatVector.fromArray(Lanes.FLOATS, values, 0);
    var y = FloatVector.broadcast(Lanes.FLOATS, 1f);
    var z = x.fma(y, y).add(y).sub(x).max(y).lanewise(ABS);
    z.blend(y, x.compare(GT, y)).intoArray(values, 0);
    values[0] = z.reduceLanes(MAX) + z.lane(0);
  }

  private static void integers(int[] ints, long[] longs) {
    var i = FloatVector.zero(Lanes.FLOATS).reinterpretAsInts();
    i = i.lanewise(XOR, i.lanewise(ASHR, 31)).add(IntVector.fromArray(Lanes.INTS, ints, 0));
    i.reinterpretAsFloats().reinterpretAsInts().intoArray(ints, 0);
    ints[0] = i.reduceLanes(MAX) + i.lane(0);
    var l = LongVector.fromArray(Lanes.LONGS, longs, 0);
    l.lanewise(XOR, LongVector.broadcast(Lanes.LONGS, 1))
        .lanewise(BIT_COUNT)
        .lanewise(LSHL, 1)
        .or(1)
        .min(l)
        .intoArray(longs, 0);
  }

  private static void masks(float[] values, short[] shorts) {
    var x = FloatVector.fromArray(Lanes.FLOATS, values, 0);
    var passes = x.compare(GE, 0f).and(x.compare(LT, 1f)).and(Lanes.FLOATS.indexInRange(0, 1));
    if (passes.anyTrue()) {
      values[0] = passes.trueCount() + passes.toLong();
    }
    x.compress(passes).intoArray(values, 0);
    var ones = IntVector.broadcast(Lanes.INTS, 1).compress(passes.cast(Lanes.INTS));
    values[0] += ones.compare(GT, 0).toLong();
    var here = VectorMask.fromLong(Lanes.SHORTS, 1);
    ShortVector.fromArray(Lanes.SHORTS, shorts, 0)
        .lanewise(ADD, (short) 1, here)
        .lanewise(SUB, (short) 1, here)
        .intoArray(shorts, 0);
  }
}
