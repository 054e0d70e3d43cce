package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void aFileIsNamedWithWhatIsWrong() {
    assertEquals("a.txt: no such file", Failures.sentence(new NoSuchFileException("a.txt")));
    assertEquals("a.txt: permission denied", Failures.sentence(new AccessDeniedException("a.txt")));
    assertEquals(
        "a.txt: too large", Failures.sentence(new FileSystemException("a.txt", null, "too large")));
  }

  @Test
  void aWrappedFailureIsUnwrapped() {
    var failure = new UncheckedIOException(new IOException("the disk is gone"));
    assertEquals("the disk is gone", Failures.sentence(failure));
  }

  @Test
  void anUnexpectedFailureIsCalledInternal() {
    String sentence = Failures.sentence(new IllegalStateException("impossible"));
    assertTrue(sentence.startsWith("internal error"), sentence);
    assertTrue(sentence.contains("impossible"), sentence);
  }
}
