package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.evaluation.LabelledData.Item;
import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelledDataTest {
  @TempDir private Path folder;

  @Test
  void aHeaderNamesTheColumns() throws Exception {
    assertEquals(
        new LabelledData(
            List.of(new Item("it \"sings\" . ", 1), new Item("", 0)), List.of("0", "1")),
        read("sentence\tlabel\nit \"sings\" . \t1\n\t0\n"));
    assertEquals(
        new LabelledData(List.of(new Item("x", 0)), List.of("joy")),
        read("id\tlabel\ttext\r\n7\tjoy\tx\r\n"));
  }

  @Test
  void colaHasFourColumnsWithoutHeader() throws Exception {
    assertEquals(
        new LabelledData(
            List.of(new Item("Birds sing.", 1), new Item("Bird sing.", 0)), List.of("0", "1")),
        read("bb\t1\t\tBirds sing.\nbb\t0\t*\tBird sing."));
  }

  @Test
  void classesAreTheSortedLabelsOrThoseOfTheTrainingSet() throws Exception {
    String text = "text\tlabel\na\tsad\nb\tcalm\nc\tsad\n";
    assertEquals(
        new LabelledData(
            List.of(new Item("a", 1), new Item("b", 0), new Item("c", 1)), List.of("calm", "sad")),
        read(text));
    var three = List.of("angry", "calm", "sad");
    assertEquals(
        new LabelledData(List.of(new Item("a", 2), new Item("b", 1), new Item("c", 2)), three),
        LabelledData.read(write(text), three));
  }

  @Test
  void aLabelThatTheTrainingSetHasNotIsRefused() throws Exception {
    var path = write("text\tlabel\na\tsad\nb\tglad\n");
    var e = assertThrows(FormatException.class, () -> LabelledData.read(path, List.of("sad")));
    assertEquals(path + ", byte 17: line 3: the label \"glad\" is none of [sad]", e.getMessage());
  }

  @Test
  void aLineWithOtherColumnsIsRefused() {
    var e = assertThrows(FormatException.class, () -> read("text\tlabel\na\t0\n\nb\t1\n"));
    assertEquals(
        folder.resolve("some.tsv") + ", byte 15: line 3: a line must have 2 columns, not 1",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "a\t1\n", "sentence\tclass\n", "title\tlabel\n"})
  void unknownColumnsAreRefused(String text) {
    assertEquals(0, assertThrows(FormatException.class, () -> read(text)).offset());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("some.tsv"), text);
  }

  private LabelledData read(String text) throws IOException {
    return LabelledData.read(write(text));
  }
}
