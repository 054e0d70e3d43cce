package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.evaluation.StsData.Pair;
import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StsDataTest {
  @TempDir private Path folder;

  @Test
  void everyRowIsAPair() throws Exception {
    assertEquals(
        List.of(
            new Pair("A bird sings.", "A bird is singing.", 5),
            new Pair("Yes, it \"sings\".", "No", 0.25)),
        read("A bird sings.,A bird is singing.,5.0\n\"Yes, it \"\"sings\"\".\",No,0.25\n").pairs());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-0.1", "5.01", "NaN", "0,5"})
  void aScoreOutOfRangeIsRefusedWithItsLine(String score) {
    var e = assertThrows(FormatException.class, () -> read("á,b,1\nc,d," + score + "\n"));
    assertEquals(7, e.offset());
    assertEquals("line 2", e.getMessage().split(": ")[1]);
  }

  @Test
  void aRowOfTwoIsRefused() {
    var e = assertThrows(FormatException.class, () -> read("a,1\n"));
    assertEquals(
        folder.resolve("sts.csv")
            + ", byte 0: line 1: a row must be sentence, sentence, score, not 2 fields",
        e.getMessage());
  }

  private StsData read(String text) throws IOException {
    return StsData.read(Files.writeString(folder.resolve("sts.csv"), text));
  }
}
