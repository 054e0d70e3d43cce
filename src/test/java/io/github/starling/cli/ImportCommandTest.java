package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.model.TinyMoonshine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
  @TempDir Path temporary;

  @AfterEach
  void nothingHalfWrittenStays() throws IOException {
    try (Stream<Path> entries = Files.list(temporary)) {
      assertFalse(entries.anyMatch(e -> e.getFileName().toString().endsWith(".tmp")));
    }
  }

  @Test
  void aMissingSourceIsNamed() {
    Path source = temporary.resolve("gone.onnx");
    CommandRun.of(temporary, "import", source, temporary.resolve("model"))
        .refused(1, source + ": no such file or folder");
  }

  @Test
  void aDamagedGraphIsNamedWithTheByte() throws IOException {
    Path source = temporary.resolve("bad.onnx");
    Files.write(source, new byte[] {0x3a, 0x7f, 1});
    Files.writeString(temporary.resolve("tokenizer.json"), "{}");
    var run = CommandRun.of(temporary, "import", source, temporary.resolve("model"));
    assertEquals(1, run.status());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void aMissingParentFolderIsNamed() throws IOException {
    Path target = temporary.resolve("gone/model");
    CommandRun.of(temporary, "import", temporary.resolve("a.onnx"), target)
        .refused(1, target + ": cannot write: folder " + target.getParent() + " does not exist");
  }

  @Test
  void anotherKindOfFileIsToldWhatIsWanted() throws IOException {
    Path source = Files.writeString(temporary.resolve("a.bin"), "");
    CommandRun.of(temporary, "import", "--no-normalize", source, temporary.resolve("model"))
        .refused(
            1,
            source
                + ", byte 0: cannot import this: an .onnx file, a TensorFlow checkpoint"
                + " (NAME.index, or variables/variables.index of a SavedModel), or a folder, .jar"
                + " or .zip with one is needed");
  }

  @Test
  void graphsOfAFolderAreComparedWithThePublishedOnes() throws IOException {
    Path source = new TinyMoonshine().write(Files.createDirectory(temporary.resolve("small")));
    Path encoder = source.resolve("encoder_model.onnx");
    var run = CommandRun.of(temporary, "import", source, temporary.resolve("model"));
    assertEquals(0, run.status(), run.err());
    assertEquals(3, run.out().lines().count(), run.out());
    String sum = RemoteModel.sha256(encoder);
    assertTrue(run.out().contains(encoder + " is not one of those published in "), run.out());
    assertTrue(run.out().contains("its SHA-256 is " + sum), run.out());
    String same = new PublishedGraphs("a@1", Set.of(sum)).compare(encoder);
    assertEquals(encoder + " is as published in a@1", same);
  }

  @Test
  void oneArgumentIsBadUsage() {
    CommandRun.of(temporary, "import", "a.onnx").refused(2, "Missing required parameter: 'DEST'");
  }
}
