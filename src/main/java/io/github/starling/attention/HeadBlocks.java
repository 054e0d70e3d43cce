package io.github.starling.attention;

import java.util.Arrays;
import java.util.List;

/** The items of a parallel loop: every head cut into blocks of queries. */
final class HeadBlocks {
  private final int blockSize;
  private List<Head> heads;
  private int[] firstItems = new int[1];

  HeadBlocks(int blockSize) {
    this.blockSize = blockSize;
  }

  void divide(List<Head> heads) {
    this.heads = heads;
    if (firstItems.length <= heads.size()) {
      firstItems = new int[heads.size() + 1];
    }
    for (int h = 0; h < heads.size(); h++) {
      int blocks = Math.ceilDiv(heads.get(h).query().rows(), blockSize);
      firstItems[h + 1] = Math.addExact(firstItems[h], blocks);
    }
  }

  int count() {
    return firstItems[heads.size()];
  }

  Head head(int item) {
    return heads.get(headIndex(item));
  }

  int firstQuery(int item) {
    return (item - firstItems[headIndex(item)]) * blockSize;
  }

  /** Queries of the item, from {@link #firstQuery} on. */
  int queryCount(int item) {
    return Math.min(blockSize, head(item).query().rows() - firstQuery(item));
  }

  /** The last head that begins at or before the item; heads without queries have no item. */
  int headIndex(int item) {
    int at = Arrays.binarySearch(firstItems, 0, heads.size() + 1, item);
    if (at < 0) {
      return -at - 2;
    }
    while (firstItems[at + 1] == item) {
      at++;
    }
    return at;
  }
}
