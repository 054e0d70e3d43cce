package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.MachineLimits;
import io.github.starling.kernel.MachineLimits.Bandwidth;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What attention tells Flight Recorder. */
class RecordingTest {
  private static final ClusterOptions OPTIONS = new ClusterOptions(4, 13, 3, true, 1, null, null);

  @TempDir Path folder;
  private final Arena arena = Arena.ofAuto();

  private List<Head> heads() {
    return heads(Kind.FULL);
  }

  private List<Head> heads(Kind kind) {
    var random = new RandomHeads(arena, 1);
    return List.of(
        random.head(40, kind.keys(40, 50), 6, 5), random.head(30, kind.keys(30, 70), 6, 5));
  }

  private List<RecordedEvent> record(Runnable run, String... names) throws IOException {
    try (var recording = new Recording()) {
      for (String name : names) {
        recording.enable(name);
      }
      recording.start();
      run.run();
      recording.stop();
      Path file = folder.resolve("recording.jfr");
      recording.dump(file);
      var events = new ArrayList<>(RecordingFile.readAllEvents(file));
      events.removeIf(e -> !e.getEventType().getName().startsWith("starling."));
      return events;
    }
  }

  @Test
  void aCallIsAnEventWithItsShapeAndPhases() throws IOException {
    try (var workers = new Workers(1)) {
      var attention = new ImprovedClusteredAttention(OPTIONS, 7);
      var events = record(() -> attention.attend(heads(), 1, workers), "starling.Attention");
      assertEquals(1, events.size());
      var event = events.getFirst();
      assertEquals("improved-clustered", event.getString("attention"));
      assertEquals(2, event.getInt("heads"));
      assertEquals(40, event.getInt("queries"));
      assertEquals(70, event.getInt("keys"));
      assertEquals(6, event.getInt("dk"));
      assertEquals(5, event.getInt("dv"));
      assertEquals(1, event.getInt("threads"));
      assertTrue(event.getDouble("gigaflops") > 0);
      assertTrue(Double.isNaN(event.getDouble("roofline")));
      long nanos = 0;
      for (String phase : List.of("hash", "cluster", "group", "average", "attend", "spread")) {
        assertTrue(event.getDuration(phase).toNanos() > 0, phase);
        nanos += event.getDuration(phase).toNanos();
      }
      assertTrue(nanos <= event.getDuration().toNanos());
    }
  }

  @Test
  void everyKindHasItsName() throws IOException {
    try (var workers = new Workers(2)) {
      var events =
          record(
              () -> {
                for (var kind : Kind.values()) {
                  kind.create(OPTIONS, 7).attend(heads(kind), 1, workers);
                }
              },
              "starling.Attention");
      assertEquals(
          List.of(
              "full",
              "clustered",
              "improved-clustered",
              "refined-clustered",
              "full", // what automatic attention chooses for short heads
              "oracle-top-k",
              "causal",
              "local",
              "shared-qk",
              "reformer",
              "causal-improved-clustered"),
          events.stream().map(e -> e.getString("attention")).toList());
      for (var event : events) {
        assertEquals(2, event.getInt("threads"));
        assertTrue(event.getDuration("attend").toNanos() > 0);
      }
      assertEquals(0, events.getFirst().getDuration("hash").toNanos());
    }
  }

  @Test
  void theClusteringOfEachHeadIsAnEvent() throws IOException {
    try (var workers = new Workers(1)) {
      var attention = new ClusteredAttention(OPTIONS);
      var events = record(() -> attention.attend(heads(), 1, workers), "starling.Clustering");
      assertEquals(List.of(40, 30), events.stream().map(e -> e.getInt("queries")).toList());
      for (var event : events) {
        assertEquals(6, event.getInt("dk"));
        assertEquals(13, event.getInt("bits"));
        assertEquals(4, event.getInt("clusters"));
        int assignments = event.getInt("assignments");
        assertTrue(assignments >= 1 && assignments <= 3, "" + assignments);
        long nanos = 0;
        for (String phase : List.of("hash", "cluster", "group")) {
          assertTrue(event.getDuration(phase).toNanos() > 0, phase);
          nanos += event.getDuration(phase).toNanos();
        }
        assertTrue(nanos <= event.getDuration().toNanos());
      }
    }
  }

  @Test
  void anAuditIsAnEventWithItsError() throws IOException {
    try (var workers = new Workers(1)) {
      var heads = heads();
      new ClusteredAttention(OPTIONS).attend(heads, 1, workers);
      var results = new ArrayList<Audit.Result>();
      var events =
          record(() -> results.add(new Audit(5).measure(heads, 1, workers)), "starling.Audit");
      assertEquals(1, events.size());
      var event = events.getFirst();
      assertEquals(2, event.getInt("heads"));
      assertEquals(5, event.getInt("queries"));
      assertEquals(results.getFirst().all().error(), event.getDouble("error"));
      assertEquals(results.getFirst().all().standardError(), event.getDouble("standardError"));
      assertTrue(event.getDouble("error") > 0);
      assertEquals(List.of(), record(() -> new Audit(5).measure(heads, 1, workers)));
    }
  }

  @Test
  void theShareOfTheRooflineIsKnownWithTheLimits() throws IOException {
    var limits = new MachineLimits(1e3, 1e30, List.of(new Bandwidth(1, 1e30)));
    try (var workers = new Workers(1)) {
      workers.profile(new Profile(limits));
      var heads = heads();
      var events =
          record(() -> new FullAttention().attend(heads, 1, workers), "starling.Attention");
      double flops = 2 * 11 * (40 * 50 + 30 * 70);
      var event = events.getFirst();
      double seconds = event.getDuration("attend").toNanos() * 1e-9;
      assertEquals(flops / 1e3 / seconds, event.getDouble("roofline"), 1e-6 * flops / seconds);
      assertEquals(flops, workers.profile().total().work().flops());
    }
  }

  @Test
  void aRecordingThatDoesNotAskGetsNone() throws IOException {
    try (var workers = new Workers(1)) {
      var attention = new ImprovedClusteredAttention(OPTIONS, 7);
      assertEquals(List.of(), record(() -> attention.attend(heads(), 1, workers)));
    }
  }
}
