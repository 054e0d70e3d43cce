package io.github.starling.text;

import java.util.Arrays;

/**
 * A set of strings, each with a number, that is walked one character at a time.
 *
 * <p>The edges stand in one open-addressing hash table: a step costs one probe, and the whole of
 * BERT's vocabulary takes a few megabytes.
 */
final class Trie {
  /** The node before the first character. */
  static final int ROOT = 0;

  /** No such node, or no string ends here. */
  static final int NONE = -1;

  /** Parent and character of each edge, packed, plus 1; 0 where there is none. */
  private long[] edges = new long[1 << 10];

  private int[] children = new int[1 << 10];

  /** Number of the string that ends at each node. */
  private int[] values = new int[1 << 8];

  private int nodes = 1;

  Trie() {
    Arrays.fill(values, NONE);
  }

  /** Adds a string, or gives it another number. */
  void put(String string, int value) {
    int node = ROOT;
    for (int i = 0; i < string.length(); i++) {
      int child = child(node, string.charAt(i));
      node = child == NONE ? grow(node, string.charAt(i)) : child;
    }
    values[node] = value;
  }

  /** Returns the number of a string, or {@link #NONE}. */
  int get(String string) {
    int node = walk(string);
    return node == NONE ? NONE : values[node];
  }

  /** Returns the node at the end of a string, or {@link #NONE} when nothing begins with it. */
  int walk(String string) {
    int node = ROOT;
    for (int i = 0; i < string.length() && node != NONE; i++) {
      node = child(node, string.charAt(i));
    }
    return node;
  }

  /** Returns the node one character on, or {@link #NONE}. */
  int child(int node, char c) {
    int slot = slot(edge(node, c));
    return edges[slot] == 0 ? NONE : children[slot];
  }

  /** Returns the number of the string that ends at a node, or {@link #NONE}. */
  int value(int node) {
    return values[node];
  }

  private static long edge(int node, char c) {
    return ((long) node << Character.SIZE | c) + 1;
  }

  /** Returns where an edge stands, or the free slot where it would. */
  private int slot(long edge) {
    int mask = edges.length - 1;
    // Fibonacci hashing: the upper bits of the product depend on all bits of the edge.
    int slot = (int) (edge * 0x9E3779B97F4A7C15L >>> 32) & mask;
    while (edges[slot] != edge && edges[slot] != 0) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private int grow(int parent, char c) {
    if (2 * nodes >= edges.length) {
      rehash();
    }
    if (nodes == values.length) {
      values = Arrays.copyOf(values, 2 * nodes);
      Arrays.fill(values, nodes, values.length, NONE);
    }
    int slot = slot(edge(parent, c));
    edges[slot] = edge(parent, c);
    children[slot] = nodes;
    return nodes++;
  }

  private void rehash() {
    long[] oldEdges = edges;
    int[] oldChildren = children;
    edges = new long[2 * oldEdges.length];
    children = new int[edges.length];
    for (int i = 0; i < oldEdges.length; i++) {
      if (oldEdges[i] != 0) {
        int slot = slot(oldEdges[i]);
        edges[slot] = oldEdges[i];
        children[slot] = oldChildren[i];
      }
    }
  }
}
