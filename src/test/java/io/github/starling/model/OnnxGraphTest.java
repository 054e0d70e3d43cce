package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxGraphTest {
  @TempDir Path folder;
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void equalWeightsThatTheExporterAliasedAreFound() throws Exception {
    var graph =
        graph(
            new OnnxBuilder()
                .floats("w", new float[] {5}, 1)
                .node("Identity", List.of("w"), "v")
                .node("Identity", List.of("v"), "u"));
    assertEquals("w", graph.constant("u").name());
  }

  @Test
  void aliasesInACircleLeadNowhere() throws Exception {
    var graph =
        graph(
            new OnnxBuilder()
                .node("Identity", List.of("a"), "b")
                .node("Identity", List.of("b"), "a"));
    assertNull(graph.constant("a"));
  }

  @Test
  void operationsInACircleAreWalkedOnce() throws Exception {
    var graph =
        graph(
            new OnnxBuilder()
                .node("Add", List.of("a", "b"), "c")
                .node("Mul", List.of("c", "c"), "a")
                .node("MatMul", List.of("c", "w"), "d"));
    assertEquals(2, graph.untilProduct("a").size());
  }

  @Test
  void weightsOfNoElementsAreRefused() throws Exception {
    // 0 · 2⁴⁰ elements take no bytes, and the second dimension is beyond an int
    for (long[] shape : new long[][] {{0, 1L << 40}, {1L << 40, 0}, {0, 4}}) {
      Path path = folder.resolve("m.onnx");
      var model = new OnnxBuilder().floats(BertTensors.WORDS, new float[0], shape).build();
      var file = OnnxFile.open(Files.write(path, model), arena);
      var e = assertThrows(FormatException.class, () -> new BertGraph(file));
      assertTrue(e.getMessage().contains("cannot have shape"), e.getMessage());
    }
  }

  private OnnxGraph graph(OnnxBuilder builder) throws IOException {
    var path = Files.write(folder.resolve("m.onnx"), builder.build());
    return new OnnxGraph(OnnxFile.open(path, arena));
  }
}
