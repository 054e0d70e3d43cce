package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.INTS;
import static io.github.starling.kernel.Lanes.SHORTS;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.SUB;

import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;

/**
 * Counts, for each cluster and bit, the members whose signature has the bit.
 *
 * <pre>
 * signature   its bits are the mask of an increment of 64 counters of 16 bits
 * flush       16 bits count to 32,767: the counters are added to 32-bit ones before they can overflow
 * </pre>
 */
public final class BitMajority {
  /** The most signatures that one call can count. */
  public static final int MOST = Short.MAX_VALUE;

  private final short[] counters;
  private final boolean[] touched;
  private final int[] counts;
  private final int[] sizes;

  /**
   * Allocates the counts of some clusters, zero.
   *
   * @param clusters c
   */
  public BitMajority(int clusters) {
    counters = new short[clusters * Long.SIZE];
    touched = new boolean[clusters];
    counts = new int[clusters * Long.SIZE];
    sizes = new int[clusters];
  }

  /** Forgets all members. */
  public void clear() {
    Arrays.fill(counts, 0);
    Arrays.fill(sizes, 0);
    Arrays.fill(touched, false);
  }

  /**
   * Adds signatures to their clusters.
   *
   * @param signatures n words from {@code from}
   * @param keys n words from {@code from}, as of {@link HammingAssignment}
   * @param n at most {@link #MOST}
   */
  public void add(long[] signatures, long[] keys, int from, int n) {
    assert n <= MOST;
    for (int i = from; i < from + n; i++) {
      int cluster = HammingAssignment.cluster(keys[i]);
      sizes[cluster]++;
      touched[cluster] = true;
      increment(counters, cluster * Long.SIZE, signatures[i]);
    }
    flush();
  }

  /**
   * Moves signatures from one cluster to another.
   *
   * @param earlier the keys that the signatures were counted by
   * @param keys the keys that they are to be counted by
   * @param positions the signatures that move, {@code n} of them
   * @param n at most {@link #MOST}
   */
  public void move(long[] signatures, long[] earlier, long[] keys, int[] positions, int n) {
    assert n <= MOST;
    for (int i = 0; i < n; i++) {
      int position = positions[i];
      int from = HammingAssignment.cluster(earlier[position]);
      int to = HammingAssignment.cluster(keys[position]);
      sizes[from]--;
      sizes[to]++;
      touched[from] = true;
      touched[to] = true;
      decrement(counters, from * Long.SIZE, signatures[position]);
      increment(counters, to * Long.SIZE, signatures[position]);
    }
    flush();
  }

  private static void increment(short[] counters, int at, long bits) {
    for (int b = 0; b < Long.SIZE; b += SHORTS.length()) {
      var here = VectorMask.fromLong(SHORTS, bits >>> b);
      ShortVector.fromArray(SHORTS, counters, at + b)
          .lanewise(ADD, (short) 1, here)
          .intoArray(counters, at + b);
    }
  }

  private static void decrement(short[] counters, int at, long bits) {
    for (int b = 0; b < Long.SIZE; b += SHORTS.length()) {
      var here = VectorMask.fromLong(SHORTS, bits >>> b);
      ShortVector.fromArray(SHORTS, counters, at + b)
          .lanewise(SUB, (short) 1, here)
          .intoArray(counters, at + b);
    }
  }

  private void flush() {
    for (int j = 0; j < touched.length; j++) {
      if (touched[j]) {
        for (int i = j * Long.SIZE; i < (j + 1) * Long.SIZE; i++) {
          counts[i] += counters[i];
          counters[i] = 0;
        }
      }
    }
  }

  /** Adds the counts of another and clears them. */
  public void absorb(BitMajority other) {
    for (int j = 0; j < touched.length; j++) {
      if (other.touched[j]) {
        touched[j] = true;
        other.touched[j] = false;
        sizes[j] += other.sizes[j];
        other.sizes[j] = 0;
        for (int i = j * Long.SIZE; i < (j + 1) * Long.SIZE; i++) {
          counts[i] += other.counts[i];
          other.counts[i] = 0;
        }
      }
    }
  }

  /** Returns whether a cluster gained or lost a member since it was last asked. */
  public boolean takeTouched(int cluster) {
    boolean was = touched[cluster];
    touched[cluster] = false;
    return was;
  }

  /** Returns how many members a cluster has. */
  public int size(int cluster) {
    return sizes[cluster];
  }

  /** Returns the bits that more than half of a cluster's members have. */
  public long majority(int cluster) {
    int half = sizes[cluster] >> 1;
    long majority = 0;
    for (int b = 0; b < Long.SIZE; b += INTS.length()) {
      var more = IntVector.fromArray(INTS, counts, cluster * Long.SIZE + b).compare(GT, half);
      majority |= more.toLong() << b;
    }
    return majority;
  }
}
