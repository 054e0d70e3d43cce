package io.github.starling.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBundleFuzz {
  @TempDir Path folder;

  @Test
  void mutatedIndexesAreReadOrRefused() throws Exception {
    var bert = new TinyCheckpoint();
    bert.width = 64;
    bert.hasNextHead = true;
    Path index = bert.write(folder);
    byte[] valid = Files.readAllBytes(index);
    var blocks = blocks(valid);
    Fuzzing.run(
        index,
        random ->
            random.nextInt(4) == 0
                ? Mutations.of(valid, List.of(valid), random)
                : sealed(blocks, random),
        TensorBundleFuzz::read);
  }

  static void read(Path file, Arena arena) throws IOException {
    var bundle = TensorBundle.open(file, arena);
    for (var part : new BertCheckpoint(bundle, null).parts()) {
      try (var scratch = Arena.ofConfined()) { // of the size of the data, not of the index
        Fuzzing.touch(part.content().elements(scratch));
      } catch (FormatException e) {
        // this weight's checksum
      }
    }
  }

  /** Returns the data blocks of an index, then its index block, without their trailers. */
  static List<byte[]> blocks(byte[] index) throws IOException {
    var blocks = new ArrayList<byte[]>();
    int at = 0;
    while (blocks.size() < 100) { // a block is where the checksum fits
      int end = at + 4;
      while (end + 5 <= index.length
          && !Arrays.equals(
              BundleBuilder.sealed(Arrays.copyOfRange(index, at, end), 0),
              Arrays.copyOfRange(index, at, end + 5))) {
        end++;
      }
      if (end + 5 > index.length) {
        return blocks;
      }
      blocks.add(Arrays.copyOfRange(index, at, end));
      at = end + 5;
    }
    throw new AssertionError("too many blocks");
  }

  /** Damages one block, and gives the file the checksums of what it now holds. */
  static byte[] sealed(List<byte[]> valid, Random random) {
    var blocks = new ArrayList<>(valid);
    byte[] index = blocks.removeLast();
    blocks.removeLast(); // the meta index
    int damaged = random.nextInt(blocks.size() + 1);
    if (damaged < blocks.size()) {
      blocks.set(damaged, Mutations.of(blocks.get(damaged), valid, random));
      return BundleBuilder.table(blocks.toArray(byte[][]::new));
    }
    var file = new ByteArrayOutputStream();
    blocks.forEach(block -> file.writeBytes(BundleBuilder.sealed(block, 0)));
    return BundleBuilder.finished(file, Mutations.of(index, valid, random));
  }
}
