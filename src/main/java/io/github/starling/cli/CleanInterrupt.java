package io.github.starling.cli;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a write tidy up when Ctrl-C ends the JVM.
 *
 * <p>The JVM would stop with the file half-written beside its target. Here it first interrupts the
 * writing thread, whose channel then fails like on a full disk, and waits for it to delete what it
 * began.
 */
final class CleanInterrupt {
  private static final int PATIENCE_SECONDS = 10;

  private CleanInterrupt() {}

  /** Something that writes files. */
  @FunctionalInterface
  interface Write {
    /** Writes, or leaves nothing. */
    void run() throws IOException;
  }

  static void run(Write write) throws IOException {
    var writer = Thread.currentThread();
    var tidy = new CountDownLatch(1);
    var hook = new Thread(() -> interrupt(writer, tidy), "starling-tidy");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      write.run();
    } finally {
      tidy.countDown();
      stopHereIfEnding(hook);
    }
  }

  private static void interrupt(Thread writer, CountDownLatch tidy) {
    writer.interrupt();
    // a writer that waits for a program is not interrupted
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
    try {
      tidy.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A person who pressed Ctrl-C need not read that the write failed. */
  private static void stopHereIfEnding(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      while (true) {
        try {
          Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException again) {
          // the JVM ends any moment
        }
      }
    }
  }
}
