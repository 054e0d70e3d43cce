package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.model.FormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  @TempDir private Path folder;

  @Test
  void aFaultHasItsByteAndLine() throws Exception {
    var file = TextFile.read(Files.writeString(folder.resolve("some"), "é\n🐦 x"));
    assertEquals("é\n🐦 x", file.text());
    // 2 bytes, a line end, 4 bytes, a space
    var e = file.error(file.text().indexOf('x'), "wrong");
    assertEquals(8, e.offset());
    assertEquals(folder.resolve("some") + ", byte 8: line 2: wrong", e.getMessage());
  }

  @Test
  void whatIsNotUtf8IsRefusedWhereItIs() throws Exception {
    var latin = Files.write(folder.resolve("latin"), new byte[] {'a', 'b', (byte) 0xE9, 'c'});
    assertEquals(2, assertThrows(FormatException.class, () -> TextFile.read(latin)).offset());
    var cut = Files.write(folder.resolve("cut"), new byte[] {'a', (byte) 0xC3});
    assertEquals(1, assertThrows(FormatException.class, () -> TextFile.read(cut)).offset());
  }
}
