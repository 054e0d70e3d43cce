package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.model.FormatException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvRowsTest {
  @Test
  void linesBecomeRowsAndCommasSplitThem() throws Exception {
    assertEquals(List.of(List.of("a", "b"), List.of("c")), fields("a,b\nc\n"));
    assertEquals(List.of(List.of("a", "b"), List.of("c")), fields("a,b\r\nc"));
    assertEquals(List.of(List.of("", "", "")), fields(",,"));
    assertEquals(List.of(List.of(""), List.of(" a ")), fields("\n a \n"));
    assertEquals(List.of(), fields(""));
  }

  @Test
  void quotesProtectCommasLineEndsAndQuotes() throws Exception {
    assertEquals(List.of(List.of("a,b", "c\r\nd", "e")), fields("\"a,b\",\"c\r\nd\",e"));
    assertEquals(
        List.of(List.of("say \"hi\"", "\"", "")), fields("\"say \"\"hi\"\"\",\"\"\"\",\"\""));
  }

  @Test
  void aRowKnowsWhereItStarts() throws Exception {
    var rows = CsvRows.of(new TextFile(Path.of("some.csv"), "a,\"\n\"\nb"));
    assertEquals(List.of(0, 6), rows.stream().map(CsvRows.Row::at).toList());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "x,a\"b|3|a field that holds a quote must be in quotes",
        "x,\"a\"b|5|a field must end with a comma or the line",
        "x,\"a|2|this quote is not closed",
        "x,\"a\"\"|2|this quote is not closed",
      })
  void aMisplacedQuoteIsRefusedWhereItIs(String text, int at, String problem) {
    var e = assertThrows(FormatException.class, () -> fields(text));
    assertEquals("some.csv, byte " + at + ": line 1: " + problem, e.getMessage());
  }

  private static List<List<String>> fields(String text) throws FormatException {
    return CsvRows.of(new TextFile(Path.of("some.csv"), text)).stream()
        .map(CsvRows.Row::fields)
        .toList();
  }
}
