package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** A damaged pair of graphs is read or refused with a {@link FormatException}; no more happens. */
class MoonshineProperties {
  private static final TinyMoonshine MODEL = new TinyMoonshine();
  private static final byte[][] GRAPHS = {MODEL.encoder(), MODEL.decoder()};

  private Path folder;

  @BeforeProperty
  void createFolder() throws IOException {
    folder = Files.createTempDirectory("starling");
  }

  @AfterProperty
  void deleteFolder() throws IOException {
    AtomicWrite.delete(folder);
  }

  @Property(tries = 100)
  void truncatedGraphsAreRefused(
      @ForAll @IntRange(min = 0, max = 1) int which,
      @ForAll @IntRange(min = 0, max = 100_000) int length)
      throws Exception {
    assertTrue(isRead(GRAPHS));
    byte[][] graphs = GRAPHS.clone();
    graphs[which] = Arrays.copyOf(graphs[which], length % graphs[which].length);
    assertEquals(false, isRead(graphs));
  }

  @Property(tries = 500)
  void flippedBitsNeverCrash(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int flips)
      throws Exception {
    var random = new Random(seed);
    byte[][] graphs = {GRAPHS[0].clone(), GRAPHS[1].clone()};
    for (int i = 0; i < flips; i++) {
      byte[] graph = graphs[random.nextInt(2)];
      graph[random.nextInt(graph.length)] ^= (byte) (1 << random.nextInt(8));
    }
    isRead(graphs);
  }

  private boolean isRead(byte[][] graphs) throws IOException {
    Path encoder = Files.write(folder.resolve("encoder.onnx"), graphs[0]);
    Path decoder = Files.write(folder.resolve("decoder.onnx"), graphs[1]);
    try (var arena = Arena.ofConfined()) {
      var graph = new MoonshineGraph(OnnxFile.open(encoder, arena), OnnxFile.open(decoder, arena));
      for (var part : graph.parts()) {
        assertEquals(part.byteSize(), part.content().elements(arena).byteSize());
      }
      var written = graph.config().toJson();
      assertTrue(Json.file(written).length > 0);
      return true;
    } catch (FormatException e) {
      return false;
    }
  }
}
