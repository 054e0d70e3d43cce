package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
  @TempDir Path cache;

  @Test
  void itsHelpSaysWhatIsNeeded() {
    var run = CommandRun.of(cache, "bench", "--help");
    assertEquals(0, run.status());
    assertTrue(run.out().contains("libopenblas0"), run.out());
    assertTrue(run.out().contains("--quick"), run.out());
    assertTrue(run.out().contains("--calibrate"), run.out());
  }

  @Test
  void withoutMavenItSaysSo() {
    var run = CommandRun.of(cache, "bench");
    assertEquals(1, run.status());
    assertTrue(
        run.err().contains("starling: the build of the benchmarks cannot be run: "), run.err());
    assertTrue(run.err().contains("/no/such/maven"), run.err());
  }

  @Test
  void aCalibrationNeedsItsTextAndModels() {
    CommandRun.of(cache, "bench", "--calibrate", "--text", "no.txt")
        .refused(1, "no.txt: no such text");
    var run = CommandRun.of(cache, "bench", "--calibrate", "--offline");
    assertEquals(1, run.status());
    assertTrue(run.err().contains("the model e5-small-v2 is not in "), run.err());
  }
}
