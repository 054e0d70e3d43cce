package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Work;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an encoder tells its profile and Flight Recorder. */
class EncoderProfileTest {
  /** Six tokens and five, the special ones included. */
  private static final List<String> TEXTS = List.of("a b c d", "a b c");

  private static final EmbedderOptions OPTIONS = EmbedderOptions.defaults().withThreads(2);

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws Exception {
    new TinyModel().write(folder);
  }

  @Test
  void everyPhaseHasItsWork() throws Exception {
    var profile = new Profile(null);
    try (var embedder = Embedder.open(folder, OPTIONS)) {
      embedder.encoder().profile(profile);
      embedder.embed(TEXTS);
    }
    var found = new HashMap<String, Work>();
    for (var phase : profile.phases()) {
      found.put(phase.name(), phase.work());
      assertTrue(phase.threadNanos() > 0, phase.name());
    }
    // 11 tokens, width 20, feed-forward of 37, two layers of four heads
    double projection = 2 * (2 * 11 * 20 * 60);
    double output = 2 * (2 * 11 * 20 * 20);
    double feedForward = 2 * 2 * (2 * 11 * 20 * 37);
    double attention = 2 * 4 * (2 * (6 * 6 + 5 * 5) * 10);
    assertEquals(
        Map.of(
            "tokenization", Work.NONE,
            "embedding", Work.floats(3 * 11 * 20),
            "projection",
                Work.flops(projection).and(Work.floats(2 * (11 * 20 + 20 * 60 + 11 * 60))),
            "attend", Work.flops(attention).and(Work.floats(2 * 4 * 2 * 11 * 10)),
            "output", Work.flops(output).and(Work.floats(2 * (11 * 20 + 20 * 20 + 11 * 20))),
            "feed-forward",
                Work.flops(feedForward).and(Work.floats(2 * 2 * (11 * 20 + 20 * 37 + 11 * 37))),
            "layer-norm", Work.floats(2 * 2 * 3 * 11 * 20),
            "pooling", Work.floats(11 * 20)),
        found);
  }

  @Test
  void clusteredAttentionReportsItsOwnPhases() throws Exception {
    var profile = new Profile(null);
    var attention = new ImprovedClusteredAttention(ClusterOptions.of(3), 2);
    try (var embedder = Embedder.open(folder, OPTIONS.withAttention(attention))) {
      embedder.encoder().profile(profile);
      embedder.embed(TEXTS);
    }
    assertEquals(
        List.of(
            "tokenization",
            "embedding",
            "projection",
            "hash",
            "cluster",
            "group",
            "average",
            "attend",
            "spread",
            "output",
            "feed-forward",
            "layer-norm",
            "pooling"),
        profile.phases().stream().map(Profile.Phase::name).toList());
  }

  @Test
  void phasesFillTheTimeOfTheThreadsAndNoMore() throws Exception {
    var profile = new Profile(null);
    try (var embedder = Embedder.open(folder, OPTIONS)) {
      embedder.encoder().profile(profile);
      long start = System.nanoTime();
      embedder.embed(TEXTS);
      long wall = System.nanoTime() - start;
      assertTrue(profile.total().threadNanos() <= 2 * wall);
      for (var phase : profile.phases()) {
        assertEquals(0, phase.threadNanos() % 2, phase.name());
      }
    }
  }

  @Test
  void everyLayerIsAnEvent() throws Exception {
    for (boolean asked : List.of(true, false)) {
      var events = new ArrayList<RecordedEvent>();
      try (var recording = new Recording();
          var embedder = Embedder.open(folder, OPTIONS)) {
        if (asked) {
          recording.enable("starling.Layer");
        }
        recording.start();
        embedder.embed(TEXTS);
        recording.stop();
        Path file = folder.resolve("recording.jfr");
        recording.dump(file);
        events.addAll(RecordingFile.readAllEvents(file));
      }
      events.removeIf(e -> !e.getEventType().getName().startsWith("starling."));
      assertEquals(
          asked ? List.of(0, 1) : List.of(), events.stream().map(e -> e.getInt("layer")).toList());
      events.forEach(EncoderProfileTest::check);
    }
  }

  private static void check(RecordedEvent event) {
    assertEquals(2, event.getInt("sequences"));
    assertEquals(11, event.getInt("tokens"));
    assertEquals(20, event.getInt("width"));
    assertTrue(event.getDouble("gigaflops") > 0);
    assertTrue(Double.isNaN(event.getDouble("roofline")));
    long nanos = 0;
    for (String phase : List.of("projection", "attention", "output", "feedForward", "layerNorm")) {
      assertTrue(event.getDuration(phase).toNanos() > 0, phase);
      nanos += event.getDuration(phase).toNanos();
    }
    assertTrue(nanos <= event.getDuration().toNanos());
  }
}
