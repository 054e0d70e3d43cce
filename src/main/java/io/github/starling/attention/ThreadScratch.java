package io.github.starling.attention;

import java.util.ArrayList;
import java.util.List;

/**
 * The scratch memory of each thread, kept while the widths stay the same.
 *
 * @param <T> the memory of one thread
 */
final class ThreadScratch<T> {
  private final Factory<T> factory;
  private final List<T> ofThreads = new ArrayList<>();
  private int dk;
  private int dv;

  /** Allocates the memory of a thread. */
  @FunctionalInterface
  interface Factory<T> {
    T create(int dk, int dv);
  }

  ThreadScratch(Factory<T> factory) {
    this.factory = factory;
  }

  /** Returns whether the scratch memory is new. */
  boolean prepare(Head head, int threads) {
    int newDk = head.query().columns();
    int newDv = head.value().columns();
    if (ofThreads.size() >= threads && newDk == dk && newDv == dv) {
      return false;
    }
    dk = newDk;
    dv = newDv;
    ofThreads.clear();
    for (int i = 0; i < threads; i++) {
      ofThreads.add(factory.create(dk, dv));
    }
    return true;
  }

  T of(int worker) {
    return ofThreads.get(worker);
  }
}
