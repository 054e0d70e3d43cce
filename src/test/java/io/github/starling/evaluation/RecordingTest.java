package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.evaluation.ClipList.Clip;
import io.github.starling.speech.Transcriber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  @TempDir private Path folder;

  private static List<Recording> recordings(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Recording(TinyClips.noise(1000 + i, i), "Word " + i + "."))
        .toList();
  }

  private static List<String> texts(List<Recording> recordings) {
    return recordings.stream().map(Recording::text).toList();
  }

  @Test
  void consecutiveClipsAreJoinedAndTheLastMayBeShorter() {
    var single = recordings(5);
    var pairs = Recording.join(single, 2);
    assertEquals(List.of("Word 0. Word 1.", "Word 2. Word 3.", "Word 4."), texts(pairs));
    float[] second = pairs.get(1).samples();
    assertEquals(1002 + 1003, second.length);
    assertArrayEquals(single.get(2).samples(), Arrays.copyOf(second, 1002));
    assertArrayEquals(single.get(3).samples(), Arrays.copyOfRange(second, 1002, second.length));
    assertEquals(texts(single), texts(Recording.join(single, 1)));
    assertEquals(1, Recording.join(single, 9).size());
  }

  @Test
  void lessThanOneClipIsNone() {
    var e = assertThrows(IllegalArgumentException.class, () -> Recording.join(recordings(2), 0));
    assertEquals("at least 1 clip makes a clip, not 0", e.getMessage());
  }

  @Test
  void filesOfAListAreRead() throws Exception {
    var list = ClipList.read(TinyClips.list(folder, 3));
    var read = Recording.read(list, 2);
    assertEquals(2, read.size());
    assertEquals(8_000 + 9_000, read.get(0).samples().length);
    assertEquals("One two three four five six: 2", read.get(1).text());
    assertArrayEquals(TinyClips.noise(10_000, 2), read.get(1).samples(), 1 / 32_768f);
  }

  @Test
  void aClipThatCannotBeTranscribedOrComparedIsNamed() throws Exception {
    int few = Transcriber.SHORTEST - 1;
    Path file = Files.write(folder.resolve("a.wav"), TinyClips.wav(new float[few]));
    refused(file, "a", "a recording needs at least %d samples, not %d".formatted(few + 1, few));
    Files.write(file, TinyClips.wav(new float[few + 1]));
    refused(file, "...", "the text \"...\" has no words");
  }

  private static void refused(Path file, String text, String problem) {
    var list = new ClipList(List.of(new Clip("a", "", file, text)));
    var e = assertThrows(IllegalArgumentException.class, () -> Recording.read(list, 1));
    assertEquals(file + ": " + problem, e.getMessage());
  }
}
