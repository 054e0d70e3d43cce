package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.evaluation.ClipList.Clip;
import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClipListTest {
  @TempDir private Path folder;

  @BeforeEach
  void recordings() throws IOException {
    Files.createFile(folder.resolve("a.wav"));
    Files.createFile(folder.resolve("b.wav"));
    Files.createFile(Files.createDirectory(folder.resolve("sub")).resolve("c.aiff"));
  }

  @Test
  void aRecordingIsBesideTheListUnderItsId() throws Exception {
    assertEquals(
        List.of(
            new Clip("a", "slt", folder.resolve("a.wav"), "Yes, \"it\" is."),
            new Clip("b", "rms", folder.resolve("b.wav"), "Nö.")),
        read("id\tvoice\tseconds\ttext\na\tslt\t2.5\tYes, \"it\" is.\nb\trms\t1\tNö.\n").clips());
  }

  @Test
  void aColumnMayNameTheFileAndNoVoiceIsNeeded() throws Exception {
    assertEquals(
        List.of(new Clip("1", "", folder.resolve("sub/c.aiff"), "x")),
        read("text\tfile\tid\r\nx\tsub/c.aiff\t1").clips());
  }

  @Test
  void aMissingColumnIsNamed() {
    refused("line 1: the columns must be id, text and others, not [id, words]", 0, "id\twords\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "id\ttext\n"})
  void aListWithoutClipsIsRefused(String list) {
    refused("line 1: the list has no clips", 0, list);
  }

  @Test
  void faultsOfALineAreToldWithItsNumber() {
    String good = "id\ttext\na\tÄ\n"; // 13 bytes
    refused(
        "line 3: there must be 2 values between tabs, as the first line says, not 1",
        13,
        good + "b\n");
    refused(
        "line 3: there must be 2 values between tabs, as the first line says, not 3",
        13,
        good + "b\tx\ty\n");
    refused(
        "line 3: there must be 2 values between tabs, as the first line says, not 1",
        13,
        good + "\nb\tx\n");
    refused("line 3: the id \"a\" is empty or stands above", 13, good + "a\tx\n");
    refused("line 3: the id \"\" is empty or stands above", 13, good + "\tx\n");
    refused("line 3: the text is empty", 13, good + "b\t \n");
    refused("line 3: there is no recording \"d.wav\"", 13, good + "d\tx\n");
    refused("line 3: there is no recording \"\0.wav\"", 13, good + "\0\tx\n");
  }

  @Test
  void aMissingListIsNamed() {
    assertThrows(NoSuchFileException.class, () -> ClipList.read(folder.resolve("none.tsv")));
  }

  private void refused(String problem, int offset, String list) {
    var e = assertThrows(FormatException.class, () -> read(list));
    assertEquals(folder.resolve("clips.tsv") + ", byte " + offset + ": " + problem, e.getMessage());
  }

  private ClipList read(String text) throws IOException {
    return ClipList.read(Files.writeString(folder.resolve("clips.tsv"), text));
  }
}
