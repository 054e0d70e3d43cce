package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.model.AtomicWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends another JVM in the middle of a write, as Ctrl-C does. */
class CleanInterruptTest {
  @TempDir Path folder;

  /** Writes for ever, or waits for a program that does not end. */
  static final class Writer {
    public static void main(String... args) throws IOException {
      CleanInterrupt.run(
          () ->
              AtomicWrite.file(
                  Path.of(args[0]),
                  channel -> {
                    channel.write(ByteBuffer.wrap(new byte[1000]));
                    if (args[1].equals("waiting")) {
                      new ProcessBuilder("sleep", "60").start().getInputStream().read();
                    }
                    while (true) {
                      channel.write(ByteBuffer.wrap(new byte[1000]), 0);
                    }
                  }));
    }
  }

  @Test
  void whatIsHalfWrittenIsDeleted() throws Exception {
    endsCleanly("writing");
  }

  @Test
  void aProgramThatIsWaitedForEndsToo() throws Exception {
    endsCleanly("waiting");
  }

  private void endsCleanly(String how) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.resolve("file").toString(),
                how)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      while (files().isEmpty()) {
        assertTrue(process.isAlive(), "the writer ended by itself");
        Thread.sleep(20);
      }
      if (how.equals("waiting")) {
        while (process.children().findAny().isEmpty()) {
          Thread.sleep(20);
        }
      }
      process.destroy();
      assertTrue(process.waitFor(5, TimeUnit.SECONDS), "it waits for what does not end");
      assertEquals(128 + 15, process.exitValue());
      assertEquals(List.of(), files());
    } finally {
      process.destroyForcibly();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
