package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.SHORTS;
import static jdk.incubator.vector.VectorOperators.ADD;

import java.util.Arrays;
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
  /** Signatures between two flushes. */
  private static final int CHUNK = Short.MAX_VALUE;

  private BitMajority() {}

  /**
   * Adds signatures to the counts of their clusters.
   *
   * @param signatures n words from {@code from}
   * @param keys n words from {@code from}, the cluster in the low 16 bits
   * @param counts out, shape (c, 64)
   * @param sizes out, shape (c), members
   * @param scratch c · 64 counters
   */
  public static void count(
      long[] signatures, long[] keys, int from, int n, int[] counts, int[] sizes, short[] scratch) {
    for (int start = 0; start < n; start += CHUNK) {
      int end = Math.min(n, start + CHUNK);
      Arrays.fill(scratch, (short) 0);
      for (int i = from + start; i < from + end; i++) {
        int cluster = HammingAssignment.cluster(keys[i]);
        sizes[cluster]++;
        increment(scratch, cluster * Long.SIZE, signatures[i]);
      }
      flush(scratch, counts);
    }
  }

  private static void increment(short[] counters, int at, long bits) {
    for (int b = 0; b < Long.SIZE; b += SHORTS.length()) {
      var here = VectorMask.fromLong(SHORTS, bits >>> b);
      ShortVector.fromArray(SHORTS, counters, at + b)
          .lanewise(ADD, (short) 1, here)
          .intoArray(counters, at + b);
    }
  }

  /** A plain loop: the compiler vectorises it, and it runs once in 32,767 signatures. */
  private static void flush(short[] counters, int[] counts) {
    for (int i = 0; i < counters.length; i++) {
      counts[i] += counters[i];
    }
  }

  /**
   * Votes.
   *
   * @param counts 64 counts from {@code at}
   * @param size members
   * @return the bits that more than half of the members have
   */
  public static long majority(int[] counts, int at, int size) {
    long majority = 0;
    for (int b = 0; b < Long.SIZE; b++) {
      if (2L * counts[at + b] > size) {
        majority |= 1L << b;
      }
    }
    return majority;
  }
}
