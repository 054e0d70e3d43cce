package io.github.starling.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * JSON texts (RFC 8259) as plain Java values.
 *
 * <p>An object is a {@code Map<String, Object>} in document order, an array a {@code List<Object>},
 * a string a {@code String}, a literal a {@code Boolean} or {@code null}. A number without fraction
 * or exponent that fits is a {@code Long}, every other number a {@code Double}.
 *
 * <p>The parser is strict: UTF-8 without a byte order mark, no comments, no duplicate names, no
 * numbers beyond the range of a double, at most {@value #MAX_DEPTH} levels. What it allocates is
 * proportional to the bytes it has read.
 */
public final class Json {
  /** Levels of arrays and objects that a text may have. */
  public static final int MAX_DEPTH = 128;

  /** Bytes that a JSON file may have; the largest tokenizer in circulation has a tenth of it. */
  static final long MAX_FILE_BYTES = 256L << 20;

  private Json() {}

  /**
   * Parses a whole text.
   *
   * @param source file that the text comes from, for messages
   * @param utf8 the text
   * @throws FormatException at the first byte that is not JSON
   */
  public static Object parse(Path source, byte[] utf8) throws FormatException {
    var parser = new JsonParser(source, utf8, 0);
    Object value = parser.value();
    parser.end();
    return value;
  }

  /**
   * Reads a file.
   *
   * @throws FormatException if it is not JSON
   * @throws IOException if it is missing or cannot be read
   */
  public static Object read(Path path) throws IOException {
    return parse(path, bytes(path));
  }

  /** Reads a file that is not larger than a JSON file may be. */
  static byte[] bytes(Path path) throws IOException {
    long size = Files.size(path);
    if (size > MAX_FILE_BYTES) {
      throw new FormatException(
          path,
          0,
          "%d bytes are too many for a file of its kind: at most %d"
              .formatted(size, MAX_FILE_BYTES));
    }
    return Files.readAllBytes(path);
  }

  /**
   * Writes a value on one line, without a line end.
   *
   * <p>Floats and doubles have the fewest digits that read back as the same value. Unpaired
   * surrogates are escaped.
   *
   * @param value a map with string keys, an iterable, a {@code float[]}, a string, a number, a
   *     boolean or null, to any depth
   * @throws IllegalArgumentException if a number is NaN or infinite, which JSON cannot say, or a
   *     value is of another type
   */
  public static String write(Object value) {
    var out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  /** Returns {@link #write} of the value with a line end, in UTF-8: the content of a file. */
  static byte[] file(Object value) {
    return (write(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case String s -> writeString(s, out);
      case Float f -> out.append(finite(f, Float.isFinite(f)));
      case Double d -> out.append(finite(d, Double.isFinite(d)));
      case Boolean _, Integer _, Long _, Short _, Byte _ -> out.append(value);
      case float[] floats -> writeFloats(floats, out);
      case Map<?, ?> map -> writeObject(map, out);
      case Iterable<?> items -> writeArray(items, out);
      default ->
          throw new IllegalArgumentException(
              "JSON has no form for a " + value.getClass().getName() + ": " + value);
    }
  }

  private static Object finite(Object number, boolean isFinite) {
    if (!isFinite) {
      throw new IllegalArgumentException("JSON has no " + number + ": numbers must be finite");
    }
    return number;
  }

  private static void writeObject(Map<?, ?> map, StringBuilder out) {
    String separator = "{";
    for (var entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new IllegalArgumentException("JSON names are strings, not " + entry.getKey());
      }
      out.append(separator);
      writeString(name, out);
      out.append(':');
      write(entry.getValue(), out);
      separator = ",";
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private static void writeArray(Iterable<?> items, StringBuilder out) {
    String separator = "";
    out.append('[');
    for (Object item : items) {
      out.append(separator);
      write(item, out);
      separator = ",";
    }
    out.append(']');
  }

  private static void writeFloats(float[] floats, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < floats.length; i++) {
      out.append(i == 0 ? "" : ",");
      write(floats[i], out);
    }
    out.append(']');
  }

  private static void writeString(String s, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || isUnpaired(s, i)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** A surrogate alone has no UTF-8 form: unescaped, it would turn into a question mark. */
  private static boolean isUnpaired(String s, int i) {
    char c = s.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == s.length() || !Character.isLowSurrogate(s.charAt(i + 1));
    }
    return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(s.charAt(i - 1)));
  }

  /** Returns a short description of a value, for messages. */
  static String describe(Object value) {
    return switch (value) {
      case null -> "null";
      case String s -> '"' + (s.length() > 80 ? s.substring(0, 80) + "…" : s) + '"';
      case List<?> list -> "an array of " + list.size();
      case Map<?, ?> map -> "an object of " + map.size();
      default -> value.toString();
    };
  }
}
