package io.github.starling.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of threads that run the items of a loop.
 *
 * <p>The calling thread is one of them. Items are claimed one at a time, in order, by whichever
 * thread is free; an item must write only what belongs to it, so the result does not depend on the
 * number of threads. Idle threads are daemons that park. One loop runs at a time: a second caller
 * waits for the first.
 */
public final class Workers implements AutoCloseable {
  /** The body of a loop. */
  @FunctionalInterface
  public interface Task {
    /**
     * Runs one item.
     *
     * @param item which item, from 0
     * @param worker which thread, from 0 to {@link #threads()} − 1, to choose scratch memory by
     */
    void run(int item, int worker);
  }

  /**
   * Spins before a waiting thread parks, some 0.3 ms: longer than the gap between two loops of a
   * computation, and several times what waking a thread takes.
   */
  private static final int SPINS = 20_000;

  private final Thread[] others;
  private final AtomicInteger nextItem = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private volatile int generation;
  private volatile boolean closed;
  private volatile Throwable failure;
  private volatile Profile profile;
  private Task task;
  private int items;
  private Thread caller;

  /**
   * Starts the threads.
   *
   * @param threads number of threads, the caller's included, ≥ 1
   * @throws IllegalArgumentException if there is none
   */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "cannot run on " + threads + " threads, only on 1 or more");
    }
    others = new Thread[threads - 1];
    for (int i = 0; i < others.length; i++) {
      int worker = i + 1;
      others[i] = new Thread(() -> serve(worker), "starling-" + worker);
      others[i].setDaemon(true);
      others[i].start();
    }
  }

  /** Returns the number of threads, the caller's included. */
  public int threads() {
    return others.length + 1;
  }

  /**
   * Has computations on these workers say where their time goes.
   *
   * @param profile takes their phases; null, as at first, for none
   */
  public void profile(Profile profile) {
    this.profile = profile;
  }

  /** Returns what takes the phases, or null. */
  public Profile profile() {
    return profile;
  }

  /**
   * Runs every item and returns when all are done.
   *
   * <p>The first exception of an item is thrown here once every thread has stopped; items not yet
   * begun are then dropped.
   *
   * @param count number of items
   * @param body what to do with each
   * @throws IllegalStateException if these workers are closed
   */
  public synchronized void forEach(int count, Task body) {
    if (closed) {
      throw new IllegalStateException("these workers are closed");
    }
    if (others.length == 0 || count <= 1) {
      for (int i = 0; i < count; i++) {
        body.run(i, 0);
      }
      return;
    }
    task = body;
    items = count;
    caller = Thread.currentThread();
    failure = null;
    nextItem.set(0);
    running.set(others.length);
    generation++;
    for (var thread : others) {
      LockSupport.unpark(thread);
    }
    drain(0);
    for (int spin = 0; running.get() > 0; spin++) {
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, 50_000);
      }
    }
    task = null;
    if (failure != null) {
      rethrow(failure);
    }
  }

  private void serve(int worker) {
    int seen = 0;
    while (true) {
      for (int spin = 0; generation == seen && !closed; spin++) {
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      seen = generation;
      drain(worker);
      if (running.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  private void drain(int worker) {
    try {
      for (int item; (item = nextItem.getAndIncrement()) < items; ) {
        task.run(item, worker);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      nextItem.set(items);
    }
  }

  private static void rethrow(Throwable failure) {
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure); // drain catches nothing else
    }
  }

  /** Stops the threads; a loop must not be running. */
  @Override
  public synchronized void close() {
    closed = true;
    for (var thread : others) {
      LockSupport.unpark(thread);
    }
  }
}
