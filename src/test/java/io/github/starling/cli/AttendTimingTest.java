package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code attend --repeat --json --profile} prints. */
class AttendTimingTest {
  private static final List<String> PHASES =
      List.of("hash", "cluster", "group", "average", "attend", "spread");

  @TempDir Path folder;
  private Path in;
  private Path out;

  @BeforeEach
  void input() throws IOException {
    in =
        new AttendFile()
            .random("query", 1, 2, 3, 40, 6)
            .random("key", 2, 2, 3, 50, 6)
            .random("value", 3, 2, 3, 50, 5)
            .write(folder.resolve("in.safetensors"));
    out = folder.resolve("out.safetensors");
  }

  private CommandRun attend(Object... more) {
    var words = new ArrayList<Object>(List.of("attend", in, "--attention=improved-clustered"));
    words.addAll(List.of(more));
    return CommandRun.of(folder, words.toArray());
  }

  @Test
  void jsonHasWhatAutomaticAttentionChoseForEachSequence() throws IOException {
    var run =
        CommandRun.of(
            folder, "attend", in, "--attention=auto", "--max-error=0.25", "--repeat=3", "--json");
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    var choice =
        Map.of(
            "max_error",
            0.25,
            "heads",
            3L,
            "exact_heads",
            3L,
            "error",
            0.0,
            "why",
            "exact: nothing else pays at this length with an error of 0.2500 accepted");
    var line = (Map<?, ?>) Json.parse(in, run.out().strip().getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of(choice, choice), line.get("choices"));
  }

  @Test
  @SuppressWarnings("unchecked")
  void jsonIsOneLineWithAFigureForEachRun() throws IOException {
    var run = attend("--threads=2", "--repeat=4", "--json", "--profile", "-o", out);
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    assertEquals(1, run.out().lines().count());
    var line =
        (Map<String, Object>) Json.parse(in, run.out().strip().getBytes(StandardCharsets.UTF_8));
    assertEquals(
        List.of("attention", "shape", "keys", "dv", "threads", "ms", "median_ms", "phases"),
        List.copyOf(line.keySet()));
    assertEquals("improved-clustered", line.get("attention"));
    assertEquals(List.of(2L, 3L, 40L, 6L), line.get("shape"));
    assertEquals(50L, line.get("keys"));
    assertEquals(5L, line.get("dv"));
    assertEquals(2L, line.get("threads"));
    var ms = (List<Double>) line.get("ms");
    assertEquals(4, ms.size());
    assertTrue(ms.stream().allMatch(figure -> figure > 0), ms.toString());
    var sorted = ms.stream().sorted().toList();
    assertEquals((sorted.get(1) + sorted.get(2)) / 2, line.get("median_ms"));
    var phases = (List<Map<String, Object>>) line.get("phases");
    assertEquals(PHASES, phases.stream().map(phase -> phase.get("phase")).toList());
    for (var phase : phases) {
      assertEquals(List.of("phase", "ms", "gflops", "roofline"), List.copyOf(phase.keySet()));
      assertTrue((double) phase.get("ms") > 0, phase.toString());
      assertTrue((double) phase.get("gflops") >= 0, phase.toString());
      assertTrue((double) phase.get("roofline") > 0, phase.toString());
    }
    assertTrue((double) phases.getFirst().get("gflops") > 0);
    byte[] measured = Files.readAllBytes(out);
    attend("-o", out);
    assertArrayEquals(Files.readAllBytes(out), measured);
  }

  @Test
  void aPersonGetsASentenceAndATable() throws IOException {
    var run = attend("--repeat=3", "--profile", "--trace", "--threads=1", "-o", out);
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.out());
    var lines = run.err().lines().toList();
    assertTrue(
        lines
            .getFirst()
            .matches(
                "starling: improved-clustered attention, queries of shape \\[2, 3, 40, 6], 50 keys,"
                    + " 1 thread: median of 3 runs [0-9]+\\.[0-9]{3} ms"),
        lines.getFirst());
    var rows = lines.subList(2, lines.indexOf("")).stream().map(l -> l.split(" ")[0]).toList();
    var expected = new ArrayList<>(PHASES);
    expected.addAll(List.of("rest", "all"));
    assertEquals(expected, rows);
    assertTrue(run.err().contains("A thread of this machine can do"), run.err());
    byte[] measured = Files.readAllBytes(out);
    attend("--trace", "-o", out);
    assertArrayEquals(Files.readAllBytes(out), measured);
  }

  @Test
  void withoutOutputThereMustBeSomethingToMeasure() {
    attend().refused(2, "Missing required option: '--output=OUT', or --repeat to measure");
    attend("--json", "--trace").refused(2, "--trace needs --output=OUT to write to");
  }

  @Test
  void noRunsAreRefused() {
    attend("--repeat", 0).refused(1, "--repeat must be at least 1, not 0");
    attend("--repeat", -1, "--json").refused(1, "--repeat must be at least 1, not -1");
    attend("--repeat", "often")
        .refused(2, "Invalid value for option '--repeat': 'often' is not an int");
  }

  @Test
  void anOutputThatCannotBeWrittenIsRefusedBeforeAnythingIsTimed() {
    Path bad = folder.resolve("none").resolve("out.safetensors");
    attend("--json", "-o", bad)
        .refused(1, bad + ": cannot write: folder " + bad.getParent() + " does not exist");
  }

  @Test
  void badInputIsRefusedWithoutALine() throws IOException {
    Files.delete(in);
    attend("--json").refused(1, in + ": no such file");
    new AttendFile()
        .random("query", 1, 2, 5, 4)
        .random("key", 2, 2, 6, 3)
        .random("value", 3, 2, 6, 4)
        .write(in);
    attend("--json").refused(1, in + ": queries have 4 columns but keys have 3");
  }

  @Test
  @SuppressWarnings("unchecked")
  void jsonHasTheAuditOfAllHeadsAndOfEach() throws IOException {
    var run = attend("--json", "--audit=3");
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    var line =
        (Map<String, Object>) Json.parse(in, run.out().strip().getBytes(StandardCharsets.UTF_8));
    var audit = (Map<String, Object>) line.get("audit");
    assertEquals(
        List.of("queries", "error", "standard_error", "heads"), List.copyOf(audit.keySet()));
    assertEquals(3L, audit.get("queries"));
    assertTrue((double) audit.get("error") > 0);
    assertTrue((double) audit.get("standard_error") > 0);
    var heads = (List<Map<String, Object>>) audit.get("heads");
    assertEquals(6, heads.size());
    for (var head : heads) {
      assertEquals(List.of("error", "standard_error"), List.copyOf(head.keySet()));
    }
    var single = attend("--json", "--audit=1").out();
    assertTrue(single.contains("\"standard_error\":null"), single);
  }
}
