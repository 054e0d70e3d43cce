package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** A damaged ONNX file is read or refused with a {@link FormatException}; nothing else happens. */
class OnnxProperties {
  private static final byte[] MODEL = new TinyBert().build();

  private Path file;

  @BeforeProperty
  void createFile() throws IOException {
    file = Files.createTempFile("starling", ".onnx");
  }

  @AfterProperty
  void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 300)
  void truncatedFilesAreRefused(@ForAll @IntRange(min = 0, max = 100_000) int length)
      throws Exception {
    assertEquals(true, isRead(MODEL));
    assertEquals(false, isRead(Arrays.copyOf(MODEL, length % MODEL.length)));
  }

  @Property(tries = 1500)
  void flippedBitsNeverCrash(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int flips)
      throws Exception {
    var random = new Random(seed);
    byte[] bytes = MODEL.clone();
    for (int i = 0; i < flips; i++) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    isRead(bytes);
  }

  private boolean isRead(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try (var arena = Arena.ofConfined()) {
      for (var part : new BertGraph(OnnxFile.open(file, arena)).parts()) {
        assertEquals(
            StoredTensor.byteSize(part.dtype(), part.shape()),
            part.content().elements(arena).byteSize());
      }
      return true;
    } catch (FormatException e) {
      return false;
    }
  }
}
