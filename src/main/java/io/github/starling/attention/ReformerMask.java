package io.github.starling.attention;

import io.github.starling.kernel.KeyMask;

/**
 * Hides a query's own key, and keys that it has met in an earlier round.
 *
 * <p>Each key counts once, so that all rounds together are one softmax over what they show; Kitaev
 * et al., arXiv:2001.04451 §2, divide a key's weight by how many rounds show it, which is the same.
 */
final class ReformerMask implements KeyMask {
  private final LshOrder orders;
  private int[] keyChunks = {};
  private int head;
  private int round;
  private int first;
  private int gathered;

  ReformerMask(LshOrder orders) {
    this.orders = orders;
  }

  /** Takes the place in the round's order of the block's first query. */
  void begin(int head, int round, int first) {
    this.head = head;
    this.round = round;
    this.first = first;
    gathered = -1;
  }

  @Override
  public boolean reaches(int row, int from, int count) {
    return true;
  }

  @Override
  public void hide(int row, int from, int count, float[] scores, int at) {
    int[] order = orders.order(head, round);
    if (from != gathered) {
      gather(order, from, count);
    }
    int own = first + row;
    for (int earlier = 0; earlier < round; earlier++) {
      int chunk = orders.chunks(head, earlier)[order[own]];
      int keys = earlier * count;
      for (int t = 0; t < count; t++) {
        int back = chunk - keyChunks[keys + t];
        if ((back & ~1) == 0) { // the same chunk, or the one before
          scores[at + t] = Float.NEGATIVE_INFINITY;
        }
      }
    }
    if (own >= from && own < from + count) {
      scores[at + own - from] = Float.NEGATIVE_INFINITY;
    }
  }

  /** Looks up the earlier chunks of the keys, once for all queries of the block. */
  private void gather(int[] order, int from, int count) {
    gathered = from;
    if (keyChunks.length < round * count) {
      keyChunks = new int[round * count];
    }
    for (int earlier = 0; earlier < round; earlier++) {
      int[] chunks = orders.chunks(head, earlier);
      for (int t = 0; t < count; t++) {
        keyChunks[earlier * count + t] = chunks[order[from + t]];
      }
    }
  }
}
