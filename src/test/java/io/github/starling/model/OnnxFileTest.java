package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.tensor.Matrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {
  @TempDir Path folder;
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void nodesAreReadWithTheirAttributes() throws Exception {
    var file =
        open(
            new OnnxBuilder()
                .node(
                    "Gemm",
                    List.of("a", "", "c"),
                    "d",
                    OnnxBuilder.attribute("transB", -1),
                    OnnxBuilder.attribute("alpha", 0.5f),
                    OnnxBuilder.attribute("mode", "é"))
                .integers("e", 7, 8)
                .build());
    assertEquals(
        new OnnxNode(
            "Gemm",
            List.of("a", "", "c"),
            List.of("d"),
            Map.of("transB", -1L, "alpha", 0.5f, "mode", "é")),
        file.nodes().getFirst());
    var constant = (StoredTensor) file.nodes().getLast().attributes().get("value");
    assertArrayEquals(new long[] {7, 8}, constant.longs());
  }

  @Test
  void rawWeightsAreSlicesAtAnyByte() throws Exception {
    for (int length = 1; length < 6; length++) {
      String name = "w".repeat(length); // moves the data by a byte
      var file = open(new OnnxBuilder().floats(name, new float[] {1, 2, 3, 4, 5, 6}, 2, 3).build());
      var tensor = file.initializers().get(name);
      assertEquals(List.of(2L, 3L), tensor.shape());
      assertArrayEquals(new float[][] {{1, 2, 3}, {4, 5, 6}}, tensor.matrix(arena).toArray());
      assertEquals(tensor.data().address(), tensor.floats(arena).address());
    }
  }

  @Test
  void typedWeightsAreReadPackedAndOneByOne() throws Exception {
    var packed = tensor(1, 3, t -> OnnxBuilder.bytes(t, 4, OnnxBuilder.littleEndian(1, 2, 3)));
    var single =
        tensor(
            1,
            3,
            t -> {
              for (float value : new float[] {1, 2, 3}) {
                OnnxBuilder.varint(t, 4 << 3 | 5);
                t.writeBytes(OnnxBuilder.littleEndian(value));
              }
            });
    for (byte[] bytes : List.of(packed, single)) {
      var floats = open(new OnnxBuilder().initializer(bytes).build()).initializers().get("t");
      assertArrayEquals(new float[][] {{1, 2, 3}}, floats.matrix(arena).toArray());
    }
    var longs =
        tensor(
            7,
            2,
            t -> {
              var values = new ByteArrayOutputStream();
              OnnxBuilder.varint(values, -5);
              OnnxBuilder.varint(values, 300);
              OnnxBuilder.bytes(t, 7, values.toByteArray());
            });
    var ints =
        tensor(
            6,
            2,
            t -> {
              OnnxBuilder.integer(t, 5, -5);
              OnnxBuilder.integer(t, 5, 300);
            });
    for (byte[] bytes : List.of(longs, ints)) {
      var integers = open(new OnnxBuilder().initializer(bytes).build()).initializers().get("t");
      assertArrayEquals(new long[] {-5, 300}, integers.longs());
    }
  }

  @Test
  void halfPrecisionWeightsAreWidened() throws Exception {
    byte[] halves = {0x00, 0x3C, 0x00, (byte) 0xC0}; // 1 and -2
    var file = open(new OnnxBuilder().initializer(OnnxBuilder.raw("t", 10, halves, 2)).build());
    var floats = file.initializers().get("t").floats(arena);
    assertEquals(1f, floats.get(Matrix.FLOAT, 0));
    assertEquals(-2f, floats.get(Matrix.FLOAT, 4));
  }

  @Test
  void aShapeThatTheDataDoesNotFitIsRefused() {
    refused("F32 [2] takes 8 bytes but there are 4", tensorOf(new byte[4], 2));
    refused("impossibly many", tensorOf(new byte[4], 1L << 62, 4));
    refused("impossibly many", tensorOf(new byte[4], -1));
  }

  @Test
  void weightsInAnotherFileAreRefused() {
    refused("another file", tensor(1, 1, t -> OnnxBuilder.integer(t, 14, 1)));
  }

  @Test
  void twoWeightsOfOneNameAreRefused() {
    byte[] tensor = tensorOf(new byte[4], 1);
    var e =
        assertThrows(
            FormatException.class,
            () -> open(new OnnxBuilder().initializer(tensor).initializer(tensor).build()));
    assertTrue(e.getMessage().contains("two initializers are named \"t\""), e.getMessage());
  }

  @Test
  void lengthsBeyondTheirMessageAreRefusedBeforeAnythingIsAllocated() {
    // graph, 3 bytes: initializer of 2^62 bytes
    refused(
        "but only",
        7 << 3 | 2,
        12,
        5 << 3 | 2,
        0x80,
        0x80,
        0x80,
        0x80,
        0x80,
        0x80,
        0x80,
        0x80,
        0x40);
    refused("bytes but only 0 are left", 7 << 3 | 2, 1);
    refused(
        "18446744073709551615 bytes but only",
        7 << 3 | 2,
        255,
        255,
        255,
        255,
        255,
        255,
        255,
        255,
        255,
        1);
  }

  @Test
  void damagedTagsAndIntegersAreRefused() {
    refused("more than 10 bytes", 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1);
    refused("cut off", 8, 255);
    refused("cut off", 8 | 5, 1, 2);
    refused("wire type 3 is unknown", 8 | 3);
    refused("field number 0", 2, 0);
    refused("must be a message but has wire type 0", 7 << 3, 1);
  }

  @Test
  void unknownFieldsArePassedOver() throws Exception {
    var model = new ByteArrayOutputStream();
    OnnxBuilder.integer(model, 100, 5);
    OnnxBuilder.bytes(model, 101, new byte[] {1, 2, 3});
    OnnxBuilder.varint(model, 102 << 3 | 1);
    model.writeBytes(new byte[8]);
    OnnxBuilder.varint(model, 103 << 3 | 5);
    model.writeBytes(new byte[4]);
    model.writeBytes(new OnnxBuilder().node("Relu", List.of("x"), "y").build());
    assertEquals(1, open(model.toByteArray()).nodes().size());
  }

  @Test
  void whatBranchesHoldIsReadAsIfItStoodAround() throws Exception {
    var one = new OnnxBuilder().node("Relu", List.of("x"), "y").floats("v", new float[] {1}, 1);
    var other = new OnnxBuilder().node("Neg", List.of("x"), "y").floats("v", new float[] {2}, 1);
    other.floats("w", new float[] {3}, 1);
    var file =
        open(
            new OnnxBuilder()
                .node(
                    "If",
                    List.of("c"),
                    "y",
                    one.asAttribute("then_branch"),
                    other.asAttribute("else_branch"))
                .floats("w", new float[] {4}, 1)
                .build());
    var operations = file.nodes().stream().map(OnnxNode::operation).toList();
    assertEquals(List.of("Relu", "Neg", "If"), operations);
    // of one name, the main graph's counts and then the first
    assertEquals(1f, file.initializers().get("v").data().get(Matrix.FLOAT, 0));
    assertEquals(4f, file.initializers().get("w").data().get(Matrix.FLOAT, 0));
  }

  @Test
  void graphsWithinGraphsDoNotExhaustTheStack() throws Exception {
    assertEquals(33, open(nested(32)).nodes().size());
    for (int depth : new int[] {33, 3000}) {
      var e = assertThrows(FormatException.class, () -> open(nested(depth)));
      assertTrue(e.getMessage().contains("more than 32 graphs within graphs"), e.getMessage());
    }
  }

  private static byte[] nested(int depth) {
    var graph = new OnnxBuilder().node("Relu", List.of("x"), "y");
    for (int i = 0; i < depth; i++) {
      graph = new OnnxBuilder().node("If", List.of("c"), "y", graph.asAttribute("then_branch"));
    }
    return graph.build();
  }

  private static byte[] tensorOf(byte[] data, long... shape) {
    return OnnxBuilder.raw("t", 1, data, shape);
  }

  private static byte[] tensor(int type, long length, Consumer<ByteArrayOutputStream> data) {
    var tensor = new ByteArrayOutputStream();
    OnnxBuilder.integer(tensor, 1, length);
    OnnxBuilder.integer(tensor, 2, type);
    OnnxBuilder.text(tensor, 8, "t");
    data.accept(tensor);
    return tensor.toByteArray();
  }

  private OnnxFile open(byte[] bytes) throws IOException {
    return OnnxFile.open(Files.write(folder.resolve("m.onnx"), bytes), arena);
  }

  private void refused(String problem, byte[] tensor) {
    var e =
        assertThrows(
            FormatException.class, () -> open(new OnnxBuilder().initializer(tensor).build()));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }

  private void refused(String problem, int... bytes) {
    var file = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      file[i] = (byte) bytes[i];
    }
    var e = assertThrows(FormatException.class, () -> open(file));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertTrue(e.getMessage().startsWith(folder.resolve("m.onnx") + ", byte "), e.getMessage());
  }
}
