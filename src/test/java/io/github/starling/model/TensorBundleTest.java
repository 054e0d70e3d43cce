package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBundleTest {
  private static final byte[] HEADER = BundleBuilder.header(1, 0);

  @TempDir Path folder;
  private final BundleBuilder bundle = new BundleBuilder();

  @Test
  void tensorsOfSeveralBlocksAndFilesAreRead() throws Exception {
    bundle.shards = 3;
    bundle.blockLength = 4;
    for (int i = 0; i < 20; i++) {
      bundle.floats("model/layer_" + i + "/kernel", new float[] {i, -i}, 1, 2);
    }
    bundle.floats("scalar", new float[] {7});
    bundle.tensor("steps", 9, new byte[] {5, 0, 0, 0, 0, 0, 0, 0});
    try (var arena = Arena.ofConfined()) {
      var read = TensorBundle.open(bundle.write(folder, "m"), arena);
      assertEquals(22, read.names().size());
      for (int i = 0; i < 20; i++) {
        var tensor = read.tensor(read.entry("model/layer_" + i + "/kernel"));
        assertEquals(List.of(1L, 2L), tensor.shape());
        assertArrayEquals(new float[] {i, -i}, tensor.matrix(arena).toArray()[0]);
      }
      assertEquals(List.of(), read.tensor(read.entry("scalar")).shape());
      assertArrayEquals(new long[] {5}, read.tensor(read.entry("steps")).longs());
    }
  }

  @Test
  void whatCannotBeReadIsKeptByName() throws Exception {
    bundle.tensor("graph", 7, new byte[] {1, 2, 3});
    var sliced = new ByteArrayOutputStream();
    OnnxBuilder.integer(sliced, 1, BundleBuilder.FLOAT);
    OnnxBuilder.bytes(sliced, 7, new byte[0]);
    bundle.entry("sliced", sliced.toByteArray());
    try (var arena = Arena.ofConfined()) {
      var read = TensorBundle.open(bundle.write(folder, "m"), arena);
      assertEquals(null, read.entry("graph").dtype());
      assertEquals(null, read.entry("sliced").dtype());
    }
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    bundle.floats("a", new float[] {1}, 1).floats("ab", new float[] {2}, 1);
    Path index = bundle.write(folder, "m");
    byte[] whole = Files.readAllBytes(index);
    for (int length = 0; length < whole.length; length++) {
      refused(Arrays.copyOf(whole, length), "");
    }
    Files.write(index, whole);
    Files.write(folder.resolve("m.data-00000-of-00001"), new byte[7]);
    refused(whole, "tensor \"ab\": ends at byte 8 of its data file, which has 7");
  }

  @Test
  void everyChangedByteOfABlockIsSeen() throws Exception {
    bundle.floats("a", new float[] {1}, 1).floats("ab", new float[] {2}, 1);
    byte[] index = Files.readAllBytes(bundle.write(folder, "m"));
    var blocks = TensorBundleFuzz.blocks(index);
    for (int i = 0; i < blocks.getFirst().length + 5; i++) {
      byte[] damaged = index.clone();
      damaged[i] ^= 1;
      refused(damaged, "");
    }
  }

  @Test
  void aChangedWeightIsSeenWhenItIsRead() throws Exception {
    Path index = bundle.floats("a", new float[] {1, 2}, 2).write(folder, "m");
    Files.write(folder.resolve("m.data-00000-of-00001"), OnnxBuilder.littleEndian(1, 3));
    try (var arena = Arena.ofConfined()) {
      var read = TensorBundle.open(index, arena);
      var e = assertThrows(FormatException.class, () -> read.tensor(read.entry("a")));
      assertTrue(e.getMessage().contains("the checksum of tensor \"a\" is"), e.getMessage());
    }
  }

  @Test
  void anotherFileIsNamedSo() {
    refused(new byte[100], "no TensorFlow index");
  }

  @Test
  void compressionIsRefused() {
    var file = new ByteArrayOutputStream();
    byte[] block = block(BundleBuilder.entry(0, "", HEADER));
    file.writeBytes(BundleBuilder.sealed(block, 1));
    byte[] index = block(BundleBuilder.entry(0, "x", BundleBuilder.place(0, block.length)));
    refused(BundleBuilder.finished(file, index), "compression Snappy is not supported");
  }

  @Test
  void oneBlockIsNotReadTwice() {
    var file = new ByteArrayOutputStream();
    byte[] block = block();
    file.writeBytes(BundleBuilder.sealed(block, 0));
    byte[] place = BundleBuilder.place(0, block.length);
    byte[] index = block(BundleBuilder.entry(0, "x", place), BundleBuilder.entry(0, "y", place));
    refused(BundleBuilder.finished(file, index), "must begin at byte 13 but begins at 0");
  }

  @Test
  void blocksLieBeforeTheFooter() {
    for (long[] place : new long[][] {{0, 1L << 40}, {-1, 8}, {0, -1}, {1L << 40, 8}, {0, 3}}) {
      byte[] index = block(BundleBuilder.entry(0, "x", BundleBuilder.place(place[0], place[1])));
      byte[] file = BundleBuilder.finished(new ByteArrayOutputStream(), index);
      refused(file, "no block of " + Long.toUnsignedString(place[1]) + " bytes can begin at byte");
    }
  }

  @Test
  void restartsFitInTheBlock() {
    refused(BundleBuilder.table(new byte[] {2, 0, 0, 0}), "2 restarts do not fit");
    refused(BundleBuilder.table(new byte[] {-1, -1, -1, -1}), "4294967295 restarts do not fit");
  }

  @Test
  void damagedEntriesAreRefused() {
    refusedBlock("a key shares 1 bytes with one of 0", BundleBuilder.entry(1, "a", HEADER));
    refusedBlock("a key is cut off: it has 100 bytes but only", new byte[] {0, 100, 0, 'a'});
    refusedBlock("a value is cut off: it has 100 bytes but only", new byte[] {0, 0, 100, 'a'});
    refusedBlock("an integer has more than 10 bytes", endless());
    refusedBlock("an integer is cut off", new byte[] {0, -1});
    refusedBlock(
        "keys must ascend but \"\" follows \"\"",
        BundleBuilder.entry(0, "", HEADER),
        BundleBuilder.entry(0, "", HEADER));
  }

  @Test
  void keysThatUnpackToMuchAreRefused() {
    var entries = new ArrayList<byte[]>();
    entries.add(BundleBuilder.entry(0, "", HEADER));
    entries.add(BundleBuilder.entry(0, "a".repeat(10_000), first(0, 0)));
    for (int i = 1; i < 1000; i++) {
      entries.add(BundleBuilder.entry(9_999 + i, "b", first(0, 0)));
    }
    refusedBlock("the keys are too long", entries.toArray(byte[][]::new));
  }

  @Test
  void aHeaderMustBeThere() {
    refusedBlock("the index has no header");
    refusedBlock("the index has no header", BundleBuilder.entry(0, "a", first(0, 0)));
  }

  @Test
  void impossibleHeadersAreRefused() {
    refusedBlock("0 data files are", BundleBuilder.entry(0, "", BundleBuilder.header(0, 0)));
    refusedBlock(
        "18446744073709551615 data files", BundleBuilder.entry(0, "", BundleBuilder.header(-1, 0)));
    refusedBlock("big-endian", BundleBuilder.entry(0, "", BundleBuilder.header(1, 1)));
  }

  @Test
  void impossibleTensorsAreRefused() throws IOException {
    Files.write(folder.resolve("m.data-00000-of-00001"), new byte[16]);
    refusedTensor("shape [-1] has a negative", first(4, -1));
    refusedTensor("impossibly large", first(0, 1L << 40, 1L << 40));
    refusedTensor("F32 [2] takes 8 bytes but has 4", first(4, 2));
    refusedTensor("4 bytes at byte -8 are impossible", at(0, -8, 4, 1));
    refusedTensor("-4 bytes at byte 0 are impossible", at(0, 0, -4, 1));
    refusedTensor("are impossible", at(0, Long.MAX_VALUE, 4, 1));
    refusedTensor("ends at byte 20 of its data file, which has 16", at(0, 16, 4, 1));
    refusedTensor("no data file 1: there are 1", at(1, 0, 4, 1));
    refusedTensor("no data file -1: there are 1", at(-1, 0, 4, 1));
    refusedTensor("more than 254 dimensions", first(4, new long[300]));
    refusedTensor("must be four bytes but has wire type 0", new byte[] {6 << 3, 1});
  }

  @Test
  void overlapIsRefused() throws IOException {
    Files.write(folder.resolve("m.data-00000-of-00001"), new byte[16]);
    refusedBlock(
        "tensor \"b\": overlaps the tensor before it by 4 bytes",
        BundleBuilder.entry(0, "", HEADER),
        BundleBuilder.entry(0, "a", at(0, 0, 8, 2)),
        BundleBuilder.entry(0, "b", at(0, 4, 8, 2)));
  }

  @Test
  void aMissingDataFileIsNamed() {
    refusedTensor("its data file m.data-00000-of-00001 is missing", at(0, 0, 4, 1));
  }

  private static byte[] endless() {
    var bytes = new byte[40];
    Arrays.fill(bytes, (byte) -1);
    return bytes;
  }

  private static byte[] first(long size, long... shape) {
    return at(0, 0, size, shape);
  }

  private static byte[] at(long shard, long begin, long size, long... shape) {
    return BundleBuilder.message(BundleBuilder.FLOAT, shard, begin, size, 0, shape);
  }

  private static byte[] block(byte[]... entries) {
    var all = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      all.writeBytes(entry);
    }
    return BundleBuilder.block(all.toByteArray(), List.of(0));
  }

  private void refusedTensor(String problem, byte[] message) {
    refusedBlock(problem, BundleBuilder.entry(0, "", HEADER), BundleBuilder.entry(0, "a", message));
  }

  private void refusedBlock(String problem, byte[]... entries) {
    refused(BundleBuilder.table(block(entries)), problem);
  }

  private void refused(byte[] index, String problem) {
    var e =
        assertThrows(
            FormatException.class,
            () -> {
              Path path = Files.write(folder.resolve("m.index"), index);
              try (var arena = Arena.ofConfined()) {
                TensorBundle.open(path, arena);
              }
            });
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }
}
