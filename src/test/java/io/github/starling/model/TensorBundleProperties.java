package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** A damaged index is read or refused with a {@link FormatException}; nothing else happens. */
class TensorBundleProperties {
  private Path folder;
  private Path index;
  private byte[] valid;
  private List<byte[]> blocks;

  @BeforeProperty
  void write() throws IOException {
    folder = Files.createTempDirectory("starling");
    var bert = new TinyCheckpoint();
    bert.width = 64;
    index = bert.write(folder);
    valid = Files.readAllBytes(index);
    blocks = TensorBundleFuzz.blocks(valid);
  }

  @AfterProperty
  void delete() throws IOException {
    AtomicWrite.delete(folder);
  }

  @Property(tries = 300)
  void truncatedIndexesAreRefused(@ForAll @IntRange(min = 0, max = 100_000) int length)
      throws Exception {
    assertEquals(true, isRead(valid));
    assertEquals(false, isRead(Arrays.copyOf(valid, length % valid.length)));
  }

  @Property(tries = 300)
  void anyBytesAreRefused(@ForAll byte[] bytes) throws Exception {
    assertEquals(false, isRead(bytes));
  }

  @Property(tries = 1000)
  void mutationsNeverCrash(@ForAll long seed) throws Exception {
    isRead(Mutations.of(valid, blocks, new Random(seed)));
  }

  @Property(tries = 1000)
  void mutationsBehindTheChecksumsNeverCrash(@ForAll long seed) throws Exception {
    isRead(TensorBundleFuzz.sealed(blocks, new Random(seed)));
  }

  @Property(tries = 100)
  void whatIsWrittenIsReadBack(
      @ForAll @IntRange(min = 1, max = 4) int shards,
      @ForAll @IntRange(min = 1, max = 9) int blockLength,
      @ForAll @IntRange(min = 1, max = 5) int restartInterval)
      throws Exception {
    var bert = new TinyCheckpoint();
    bert.width = 64;
    bert.bundle.shards = shards;
    bert.bundle.blockLength = blockLength;
    bert.bundle.restartInterval = restartInterval;
    bert.write(folder);
    assertEquals(true, isRead(Files.readAllBytes(index)));
  }

  private boolean isRead(byte[] bytes) throws IOException {
    Files.write(index, bytes);
    try (var arena = Arena.ofConfined()) {
      TensorBundleFuzz.read(index, arena);
      return true;
    } catch (FormatException e) {
      return false;
    }
  }
}
