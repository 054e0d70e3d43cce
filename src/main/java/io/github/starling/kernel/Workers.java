package io.github.starling.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of threads that run the items of a loop.
 *
 * <p>The calling thread is one of them. Items are claimed one at a time, in order, by whichever
 * thread is free; an item must write only what belongs to it, so the result does not depend on the
 * number of threads. A loop ends when its items are done: a thread that the system has not let run
 * meanwhile holds up nobody. Idle threads are daemons that park. One loop runs at a time: a second
 * caller waits for the first.
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

  /** Which loop it is, in the upper half, and the next item of it. */
  private final AtomicLong claim = new AtomicLong();

  private final AtomicInteger done = new AtomicInteger();
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
   * <p>The exception of an item is thrown here once no item is running; items not yet begun are
   * then dropped.
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
    // First no claim on the last loop can succeed any more: it would be for an item of this one.
    int loop = loop(claim.get()) + 2;
    claim.getAndSet(first(loop - 1) + Integer.MAX_VALUE);
    task = body;
    items = count;
    caller = Thread.currentThread();
    failure = null;
    done.set(0);
    claim.set(first(loop));
    for (var thread : others) {
      LockSupport.unpark(thread);
    }
    drain(loop, 0);
    for (int spin = 0; done.get() < count; spin++) {
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

  private static long first(int loop) {
    return (long) loop << Integer.SIZE;
  }

  private static int loop(long claim) {
    return (int) (claim >> Integer.SIZE);
  }

  private void serve(int worker) {
    int seen = 0;
    while (true) {
      for (int spin = 0; loop(claim.get()) == seen && !closed; spin++) {
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      seen = loop(claim.get());
      drain(seen, worker);
    }
  }

  /** Runs items of a loop as long as there are any. */
  private void drain(int loop, int worker) {
    int ran = 0;
    int count = 0;
    for (long next = claim.get(); loop(next) == loop; next = claim.get()) {
      // Of this loop, if the claim succeeds: it cannot end before this item is done.
      var body = task;
      count = items;
      int item = (int) next;
      if (item >= count) {
        break;
      }
      if (claim.compareAndSet(next, next + 1)) {
        ran++;
        try {
          body.run(item, worker);
        } catch (RuntimeException | Error e) {
          failure = e;
          ran += count - (int) claim.getAndSet(next - item + count); // none of them will run
        }
      }
    }
    if (ran > 0 && done.addAndGet(ran) == count) {
      LockSupport.unpark(caller);
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
