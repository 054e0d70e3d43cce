package io.github.starling.attention;

import io.github.starling.kernel.KeyMask;
import io.github.starling.kernel.MaskedAttention;
import io.github.starling.kernel.TopKeys;
import java.util.Arrays;

/** Attention of a cluster's members to those of its top keys that are not after them. */
final class CausalMembers implements KeyMask {
  private static final int MEMBERS = 96;

  private final MaskedAttention rows;
  private final int[] top;
  private final int[] early = new int[MEMBERS];
  private int[] all = {};
  private int[] queryList;
  private int firstQuery;
  private int[] keyList;

  /**
   * Allocates.
   *
   * @param k the most top keys
   */
  CausalMembers(int k, int dk, int dv) {
    rows = new MaskedAttention(MEMBERS, dk, dv);
    top = new int[k];
  }

  /**
   * Fills the output of a cluster's members.
   *
   * @param tops holds the top keys, finished
   * @param row of the cluster in tops
   * @param order positions of the members from {@code from} to {@code to − 1}, rising
   */
  void attend(Head head, TopKeys tops, int row, int[] order, int from, int to, double factor) {
    tops.copyKeys(row, top);
    if (all.length < head.key().rows()) {
      all = new int[head.key().rows()];
      Arrays.setAll(all, t -> t);
    }
    for (int p = from; p < to; p += MEMBERS) {
      int end = Math.min(to, p + MEMBERS);
      int earlyCount = 0;
      while (p + earlyCount < end && order[p + earlyCount] < top[0]) {
        early[earlyCount] = order[p + earlyCount];
        earlyCount++;
      }
      attend(head, early, 0, earlyCount, all, factor);
      attend(head, order, p + earlyCount, end - p - earlyCount, top, factor);
    }
  }

  private void attend(Head head, int[] queries, int first, int count, int[] keys, double factor) {
    if (count == 0) {
      return;
    }
    queryList = queries;
    firstQuery = first;
    keyList = keys;
    int to = keys == top ? top.length : queries[first + count - 1] + 1;
    rows.begin(head.query(), queries, first, count, factor);
    rows.attend(head.key(), head.value(), keys, 0, to, null, this);
    for (int r = 0; r < count; r++) {
      rows.store(r, head.output(), queries[first + r]);
    }
  }

  @Override
  public boolean reaches(int row, int from, int count) {
    return keyList[from] <= queryList[firstQuery + row];
  }

  @Override
  public void hide(int row, int from, int count, float[] scores, int at) {
    int own = queryList[firstQuery + row];
    for (int t = count - 1; t >= 0 && keyList[from + t] > own; t--) { // keys rise
      scores[at + t] = Float.NEGATIVE_INFINITY;
    }
  }
}
