package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final Path PATH = Path.of("some.json");

  @Test
  void valuesComeInDocumentOrder() throws Exception {
    var value = (Map<?, ?>) parse(" { \"b\" : [1, -2.5e1, true, null], \"a\" : {} } ");
    assertEquals(List.of("b", "a"), new ArrayList<>(value.keySet()));
    assertEquals(Arrays.asList(1L, -25.0, true, null), value.get("b"));
    assertEquals(Map.of(), value.get("a"));
  }

  @Test
  void wholeNumbersAreLongsAsFarAsTheyFit() throws Exception {
    assertEquals(Long.MAX_VALUE, parse("9223372036854775807"));
    assertEquals(Long.MIN_VALUE, parse("-9223372036854775808"));
    assertEquals(9.223372036854775808e18, parse("9223372036854775808"));
    assertEquals(-0.0, parse("-0"));
  }

  @Test
  void escapesAndUtf8GiveTheSameCharacters() throws Exception {
    assertEquals(
        "é€😀\"\\/\b\f\n\r\t", parse("\"\\u00e9\\u20AC\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\""));
    assertEquals("é€😀", parse("\"é€😀\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "[,1]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{a:1}",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x10",
        "NaN",
        "Infinity",
        "tru",
        "nul",
        "'a'",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "[1 2]",
        "1 2",
        "{\"a\":1 \"b\":2}",
        "// c\n1",
        "\uFEFF1",
        "1e999"
      })
  void whatIsNotJsonIsRefused(String text) {
    assertThrows(FormatException.class, () -> parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [1;2]           | 2
          {"a":1,"a":2}   | 7
          [1,@]           | 3
          ["ab            | 4
          [true,falsy]    | 10
          """)
  void errorsNameFileAndByte(String text, long offset) {
    var e = assertThrows(FormatException.class, () -> parse(text));
    assertEquals(offset, e.offset(), e.getMessage());
    assertTrue(e.getMessage().startsWith("some.json, byte " + offset + ": "), e.getMessage());
  }

  @Test
  void offsetsCountBytesNotCharacters() {
    var e = assertThrows(FormatException.class, () -> parse("[\"é€\",@]"));
    assertEquals(9, e.offset());
  }

  @Test
  void invalidUtf8IsRefusedWhereItStands() {
    byte[][] invalid = {
      {(byte) 0x80},
      {(byte) 0xC0, (byte) 0x80},
      {(byte) 0xC3},
      {(byte) 0xE0, (byte) 0x80, (byte) 0x80},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
      {(byte) 0xFF},
      {(byte) 0xE2, (byte) 0x28, (byte) 0xA1}
    };
    for (byte[] bytes : invalid) {
      var text = new byte[bytes.length + 3];
      text[0] = '"';
      text[1] = 'a';
      System.arraycopy(bytes, 0, text, 2, bytes.length);
      text[text.length - 1] = '"';
      var e = assertThrows(FormatException.class, () -> Json.parse(PATH, text));
      assertEquals(2, e.offset(), Arrays.toString(bytes));
    }
  }

  @Test
  void depthIsLimited() throws Exception {
    parse("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH));
    var e = assertThrows(FormatException.class, () -> parse("[".repeat(1_000_000)));
    assertTrue(e.getMessage().contains("levels"), e.getMessage());
  }

  @Test
  void writingIsOneLine() {
    var object = new java.util.LinkedHashMap<String, Object>();
    object.put("text", "a\n\"b\"\u0001é\ud800");
    object.put("embedding", new float[] {0.1f, 1e-12f, -0f});
    object.put("d", 0.1);
    object.put("n", Arrays.asList(1, 2L, null, true, Map.of(), List.of()));
    assertEquals(
        "{\"text\":\"a\\n\\\"b\\\"\\u0001é\\ud800\",\"embedding\":[0.1,1.0E-12,-0.0],\"d\":0.1,"
            + "\"n\":[1,2,null,true,{},[]]}",
        Json.write(object));
  }

  @Test
  void whatJsonCannotSayIsNotWritten() {
    assertThrows(IllegalArgumentException.class, () -> Json.write(Double.NaN));
    assertThrows(
        IllegalArgumentException.class, () -> Json.write(new float[] {Float.POSITIVE_INFINITY}));
    assertThrows(IllegalArgumentException.class, () -> Json.write(new Object()));
    assertThrows(IllegalArgumentException.class, () -> Json.write(Map.of(1, 2)));
  }

  private static Object parse(String text) throws FormatException {
    return Json.parse(PATH, text.getBytes(StandardCharsets.UTF_8));
  }
}
