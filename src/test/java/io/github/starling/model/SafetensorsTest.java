package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir Path folder;

  @Test
  void aFileWrittenByHandIsRead() throws Exception {
    var json =
        "{\"__metadata__\":{\"who\":\"me\"},"
            + "\"m\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
            + "\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[8,12]},"
            + "\"b\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[12,14]},"
            + "\"i\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[14,18]},"
            + "\"l\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[18,26]},"
            + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[26,26]}}   ";
    var data = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(1.5f).putFloat(-2f);
    data.putShort((short) 0x3C00).putShort((short) 0xC000); // 1 and -2 in binary16
    data.putShort((short) 0x4049); // the upper half of 3.140625
    data.putInt(-5).putLong(1L << 40);
    try (var arena = Arena.ofConfined()) {
      var file = Safetensors.open(write(json, data.array()), arena);
      assertEquals(Map.of("who", "me"), file.metadata());
      assertEquals(List.of("m", "h", "b", "i", "l", "none"), new ArrayList<>(file.names()));
      assertArrayEquals(new float[][] {{1.5f}, {-2f}}, file.tensor("m").matrix(arena).toArray());
      assertArrayEquals(new float[][] {{1f, -2f}}, file.tensor("h").matrix(arena).toArray());
      var b = file.tensor("b").floats(arena);
      assertEquals(3.140625f, b.get(ValueLayout.JAVA_FLOAT, 0));
      assertArrayEquals(new long[] {-5}, file.tensor("i").longs());
      assertArrayEquals(new long[] {1L << 40}, file.tensor("l").longs());
      assertEquals("(0, 7)", file.tensor("none").matrix(arena).shape());
    }
  }

  @Test
  void floatsAreReadInPlace() throws Exception {
    try (var arena = Arena.ofConfined()) {
      var tensor = Safetensors.open(write(one("F32", "[1]", 0, 4), new byte[4]), arena).tensor("a");
      assertEquals(tensor.data().address(), tensor.floats(arena).address());
    }
  }

  @Test
  void theWrongElementTypeIsNamed() throws Exception {
    try (var arena = Arena.ofConfined()) {
      var tensor = Safetensors.open(write(one("I8", "[1]", 0, 1), new byte[1]), arena).tensor("a");
      var e = assertThrows(IllegalArgumentException.class, () -> tensor.floats(arena));
      assertTrue(e.getMessage().contains("type I8"), e.getMessage());
      assertThrows(IllegalArgumentException.class, tensor::longs);
    }
  }

  @Test
  void aMissingTensorIsNamed() throws Exception {
    try (var arena = Arena.ofConfined()) {
      var file = Safetensors.open(write("{}", new byte[0]), arena);
      var e = assertThrows(FormatException.class, () -> file.tensor("query"));
      assertTrue(e.getMessage().contains("\"query\""), e.getMessage());
    }
  }

  @Test
  void aMissingFileIsNamed() {
    var path = folder.resolve("none.safetensors");
    var e = assertThrows(NoSuchFileException.class, () -> open(path));
    assertTrue(e.getMessage().contains("none.safetensors"), e.getMessage());
  }

  @Test
  void aFolderIsRefused() {
    refused("not a regular file", 0, folder);
  }

  @Test
  void anEmptyFileIsRefused() throws Exception {
    var path = Files.write(folder.resolve("t"), new byte[0]);
    refused("ends inside the header length", 0, path);
  }

  @Test
  void aHeaderLengthOutsideTheFileIsRefused() throws Exception {
    for (long length : new long[] {0, 1, 3, 1 << 30, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      var bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      var path = Files.write(folder.resolve("t"), bytes.put((byte) '{').put((byte) '}').array());
      refused("header cannot have " + Long.toUnsignedString(length) + " bytes", 0, path);
    }
  }

  @Test
  void aHugeHeaderIsRefusedBeforeItIsRead() throws Exception {
    var path = folder.resolve("huge");
    try (var channel =
        java.nio.channels.FileChannel.open(
            path,
            java.nio.file.StandardOpenOption.CREATE_NEW,
            java.nio.file.StandardOpenOption.WRITE)) {
      var length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1L << 34);
      channel.write(length);
      channel.write(ByteBuffer.allocate(1), 1L << 35); // a sparse file: the length does fit in it
    }
    refused("header cannot have", 0, path);
  }

  @Test
  void aHeaderThatIsNoObjectIsRefused() throws Exception {
    refused("must begin with {", 8, write("[]", new byte[0]));
    refused("must begin with {", 8, write(" {}", new byte[0]));
    refused("must be an object", 9, write("{\"a\":1}", new byte[0]));
    refused("invalid JSON", 11, write("{} x", new byte[0]));
  }

  @Test
  void duplicateNamesAreRefused() throws Exception {
    var entry = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    refused(
        "duplicate name \"a\"",
        10 + entry.length(),
        write("{" + entry + "," + entry + "}", new byte[4]));
  }

  @Test
  void metadataMustBeTexts() throws Exception {
    refused(
        "__metadata__.a must be a string", 9, write("{\"__metadata__\":{\"a\":1}}", new byte[0]));
  }

  @Test
  void anUnknownTypeIsRefused() throws Exception {
    refused("dtype \"F31\" is unknown", 9, write(one("F31", "[1]", 0, 4), new byte[4]));
  }

  @Test
  void missingAndMistypedMembersAreRefused() throws Exception {
    refused("a.dtype must be a string but is missing", 9, write("{\"a\":{}}", new byte[0]));
    refused(
        "a.shape must be an array of whole numbers",
        9,
        write(one("F32", "[1.5]", 0, 4), new byte[4]));
    refused("a.shape must be an array", 9, write(one("F32", "3", 0, 4), new byte[4]));
    refused(
        "data_offsets must be two numbers",
        9,
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", new byte[4]));
  }

  @Test
  void impossibleShapesAreRefused() throws Exception {
    refused("impossibly large", 9, write(one("F32", "[-1]", 0, 4), new byte[4]));
    refused("impossibly large", 9, write(one("F32", "[4294967296,4294967296]", 0, 4), new byte[4]));
    refused("impossibly large", 9, write(one("F64", "[1152921504606846976]", 0, 0), new byte[0]));
    // 2^32 * 2^32 wraps to 0: a span of nothing must not pass for it
    refused("impossibly large", 9, write(one("I8", "[4294967296,4294967296]", 0, 0), new byte[0]));
  }

  @Test
  void theSpanMustBeThatOfTheShape() throws Exception {
    refused("F32 [2] takes 8 bytes", 9, write(one("F32", "[2]", 0, 4), new byte[4]));
    refused("takes 4 bytes", 9, write(one("F32", "[1]", 4, 0), new byte[4]));
    refused("takes 4 bytes", 9, write(one("F32", "[1]", -4, 0), new byte[4]));
    refused(
        "takes 4 bytes",
        9,
        write(one("F32", "[1]", Long.MIN_VALUE, Long.MIN_VALUE + 4), new byte[4]));
  }

  @Test
  void offsetsOutsideTheFileAreRefused() throws Exception {
    refused(
        "\"a\" ends at byte 4 of the data, which has 3",
        9,
        write(one("F32", "[1]", 0, 4), new byte[3]));
    refused("ends at byte", 9, write(one("F32", "[1]", 1L << 40, (1L << 40) + 4), new byte[4]));
  }

  @Test
  void overlapsAreRefused() throws Exception {
    refused(
        "\"b\" overlaps the tensor before it by 2 bytes", -1, write(two(0, 4, 2, 6), new byte[6]));
  }

  @Test
  void gapsAreRefused() throws Exception {
    refused("\"b\" leaves a gap of 1 bytes", -1, write(two(0, 4, 5, 9), new byte[9]));
    refused("\"a\" leaves a gap of 1 bytes", 9, write(one("F32", "[1]", 1, 5), new byte[5]));
  }

  @Test
  void bytesOfNoTensorAreRefused() throws Exception {
    var json = one("F32", "[1]", 0, 4);
    refused("2 bytes belong to no tensor", 8 + json.length() + 4, write(json, new byte[6]));
  }

  @Test
  void dataBeginsAtAMultipleOfEight() throws Exception {
    for (int extra = 0; extra < 9; extra++) {
      var path = folder.resolve("aligned");
      var data = MemorySegment.ofArray(new byte[3]);
      var part = SafetensorsWriter.Part.of("x".repeat(1 + extra), DType.U8, data, 3);
      SafetensorsWriter.write(path, Map.of(), List.of(part));
      long header =
          ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN).getLong();
      assertEquals(0, header % 8);
      assertEquals(8 + header + 3, Files.size(path));
      open(path);
    }
  }

  @Test
  void theWriterRefusesWhatTheReaderWould() {
    var data = MemorySegment.ofArray(new byte[4]);
    var part = SafetensorsWriter.Part.of("a", DType.F32, data, 1);
    var path = folder.resolve("t");
    assertThrows(
        IllegalArgumentException.class,
        () -> SafetensorsWriter.write(path, Map.of(), List.of(part, part)));
    assertThrows(
        IllegalArgumentException.class, () -> SafetensorsWriter.Part.of("a", DType.F32, data, 2));
    assertThrows(
        IllegalArgumentException.class,
        () -> SafetensorsWriter.Part.of("__metadata__", DType.F32, data, 1));
    var wrong = new SafetensorsWriter.Part("a", DType.F32, List.of(2L), _ -> data);
    assertThrows(
        IllegalArgumentException.class,
        () -> SafetensorsWriter.write(path, Map.of(), List.of(wrong)));
    assertTrue(Files.notExists(path));
    assertEquals(0, folder.toFile().list().length);
  }

  private static String one(String dtype, String shape, long begin, long end) {
    return "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}}"
        .formatted(dtype, shape, begin, end);
  }

  private static String two(long begin, long end, long begin2, long end2) {
    String a = one("F32", "[1]", begin, end);
    String b = one("F32", "[1]", begin2, end2).replace("\"a\"", "\"b\"");
    return a.substring(0, a.length() - 1) + "," + b.substring(1);
  }

  private Path write(String json, byte[] data) throws IOException {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header).put(data);
    return Files.write(folder.resolve("t.safetensors"), bytes.array());
  }

  private static void open(Path path) throws IOException {
    try (var arena = Arena.ofConfined()) {
      Safetensors.open(path, arena);
    }
  }

  private static void refused(String problem, long offset, Path path) {
    var e = assertThrows(FormatException.class, () -> open(path));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertTrue(e.getMessage().startsWith(path + ", byte "), e.getMessage());
    if (offset >= 0) {
      assertEquals(offset, e.offset(), e.getMessage());
    }
  }
}
