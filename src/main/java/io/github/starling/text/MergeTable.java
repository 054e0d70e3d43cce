package io.github.starling.text;

import java.util.List;

/**
 * What pairs of neighbouring tokens become, and which of them first.
 *
 * <p>The pairs stand in one open-addressing hash table. Of two equal pairs the later one counts.
 */
final class MergeTable {
  /** No such pair. */
  static final int NONE = -1;

  /** Left id and right id of each pair, packed, plus 1; 0 where there is none. */
  private final long[] pairs;

  private final int[] ranks;

  /** Id of the merged token of each rank. */
  private final int[] ids;

  /**
   * Reads merges.
   *
   * @param merges left and right token with a space between, lowest rank first
   * @throws IllegalArgumentException if one is not of this form, or the vocabulary lacks a token
   */
  MergeTable(List<String> merges, Vocabulary vocabulary) {
    // a power of two, at most half full
    int capacity = Integer.highestOneBit(Math.max(1, merges.size())) * 4;
    pairs = new long[capacity];
    ranks = new int[capacity];
    ids = new int[merges.size()];
    for (int rank = 0; rank < ids.length; rank++) {
      String merge = merges.get(rank);
      int space = merge.indexOf(' ');
      if (space < 0) {
        throw new IllegalArgumentException("a merge is two tokens, unlike \"" + merge + '"');
      }
      String left = merge.substring(0, space);
      String right = merge.substring(space + 1);
      long pair = pair(require(left, vocabulary), require(right, vocabulary));
      int slot = slot(pair);
      pairs[slot] = pair;
      ranks[slot] = rank;
      ids[rank] = require(left + right, vocabulary);
    }
  }

  private static int require(String token, Vocabulary vocabulary) {
    return Vocabulary.require("merged", token, vocabulary.entry(token));
  }

  /** Returns the rank of a pair, or {@link #NONE}. */
  int rank(int left, int right) {
    int slot = slot(pair(left, right));
    return pairs[slot] == 0 ? NONE : ranks[slot];
  }

  /** Returns the id of the token that the pair of a rank becomes. */
  int id(int rank) {
    return ids[rank];
  }

  private static long pair(int left, int right) {
    return ((long) left << Integer.SIZE | right) + 1;
  }

  /** Returns where a pair stands, or the free slot where it would. */
  private int slot(long pair) {
    int mask = pairs.length - 1;
    // Fibonacci hashing: the upper bits of the product depend on all bits of the pair.
    int slot = (int) (pair * 0x9E3779B97F4A7C15L >>> 32) & mask;
    while (pairs[slot] != pair && pairs[slot] != 0) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
