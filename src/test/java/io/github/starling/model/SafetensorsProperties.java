package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class SafetensorsProperties {
  private Path file;

  @BeforeProperty
  void createFile() throws IOException {
    file = Files.createTempFile("starling", ".safetensors");
  }

  @AfterProperty
  void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 100)
  void whatIsWrittenIsReadBack(@ForAll long seed) throws Exception {
    var random = new Random(seed);
    var parts = new ArrayList<SafetensorsWriter.Part>();
    var metadata = new LinkedHashMap<String, String>();
    for (int i = random.nextInt(4); i > 0; i--) {
      metadata.put("key é " + i, "value \n " + random.nextInt());
    }
    var names = new ArrayList<String>();
    var contents = new ArrayList<byte[]>();
    for (int i = random.nextInt(6); i > 0; i--) {
      var dtype = DType.values()[random.nextInt(DType.values().length)];
      var shape = random.ints(random.nextInt(4), 0, 4).asLongStream().toArray();
      long elements = 1;
      for (long dimension : shape) {
        elements *= dimension;
      }
      var content = new byte[(int) elements * dtype.bytes()];
      random.nextBytes(content);
      names.add("tensor \"" + i + "\"");
      contents.add(content);
      parts.add(
          SafetensorsWriter.Part.of(names.getLast(), dtype, MemorySegment.ofArray(content), shape));
    }
    SafetensorsWriter.write(file, metadata, parts);
    try (var arena = Arena.ofConfined()) {
      var read = Safetensors.open(file, arena);
      assertEquals(metadata, read.metadata());
      assertEquals(names, new ArrayList<>(read.names()));
      for (int i = 0; i < parts.size(); i++) {
        var tensor = read.tensor(names.get(i));
        assertEquals(parts.get(i).dtype(), tensor.dtype());
        assertEquals(parts.get(i).shape(), tensor.shape());
        assertEquals(-1, tensor.data().mismatch(MemorySegment.ofArray(contents.get(i))));
      }
    }
  }

  @Property(tries = 300)
  void truncatedFilesAreRefused(@ForAll @IntRange(min = 0, max = 400) int length) throws Exception {
    byte[] whole = sample();
    int kept = length % whole.length;
    Files.write(file, java.util.Arrays.copyOf(whole, kept));
    try (var arena = Arena.ofConfined()) {
      org.junit.jupiter.api.Assertions.assertThrows(
          FormatException.class, () -> Safetensors.open(file, arena));
    }
  }

  @Property(tries = 1000)
  void flippedBitsGiveAReadableFileOrAFormatException(
      @ForAll @IntRange(min = 0, max = 100_000) int where,
      @ForAll @IntRange(min = 1, max = 255) int bits)
      throws Exception {
    byte[] bytes = sample();
    bytes[where % bytes.length] ^= (byte) bits;
    Files.write(file, bytes);
    try (var arena = Arena.ofConfined()) {
      var read = Safetensors.open(file, arena);
      for (String name : read.names()) {
        var tensor = read.tensor(name);
        long sum = 0;
        for (long i = 0; i < tensor.data().byteSize(); i++) {
          sum += tensor.data().get(ValueLayout.JAVA_BYTE, i);
        }
        assertEquals(sum, sum);
      }
    } catch (FormatException e) {
      // the damage was seen
    }
  }

  private byte[] sample() throws IOException {
    var data = MemorySegment.ofArray(new byte[24]);
    SafetensorsWriter.write(
        file,
        Map.of("a", "b"),
        List.of(
            SafetensorsWriter.Part.of("first", DType.F32, data, 2, 3),
            SafetensorsWriter.Part.of("second", DType.I64, data, 3)));
    return Files.readAllBytes(file);
  }
}
