package io.github.starling.text;

import java.util.Arrays;

/**
 * The merges that are possible in a word: lowest rank first, of one rank leftmost first.
 *
 * <p>A binary heap of longs; {@link java.util.PriorityQueue} would box each.
 */
final class MergeQueue {
  /** Rank and place of each merge, packed so that they compare as longs. */
  private long[] heap = new long[64];

  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** Adds a merge; rank and place are at least 0. */
  void add(int rank, int place) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    long merge = (long) rank << Integer.SIZE | place;
    int at = size++;
    for (; at > 0 && merge < heap[(at - 1) / 2]; at = (at - 1) / 2) {
      heap[at] = heap[(at - 1) / 2];
    }
    heap[at] = merge;
  }

  /** Takes the first merge: its rank in the upper half, its place in the lower. */
  long remove() {
    long first = heap[0];
    long last = heap[--size];
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (last <= heap[child]) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
