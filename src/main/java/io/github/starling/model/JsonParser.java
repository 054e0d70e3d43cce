package io.github.starling.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A recursive-descent parser of one JSON text, RFC 8259; see {@link Json} for what it accepts. */
final class JsonParser {
  private final Path source;
  private final JsonScanner scanner;
  private int depth;

  /**
   * Starts at the first byte of a text.
   *
   * @param source file that the text is in, for messages
   * @param text the text in UTF-8
   * @param start byte of the file at which the text starts
   */
  JsonParser(Path source, byte[] text, long start) {
    this.source = source;
    this.scanner = new JsonScanner(source, text, start);
  }

  /** Takes one member of an object; must call {@link #value} exactly once. */
  interface Member {
    void read(String name, long offset) throws FormatException;
  }

  /** Reads a value of any type. */
  Object value() throws FormatException {
    scanner.skipSpace();
    return switch (scanner.peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> scanner.string();
      case 't' -> scanner.literal("true", Boolean.TRUE);
      case 'f' -> scanner.literal("false", Boolean.FALSE);
      case 'n' -> scanner.literal("null", null);
      default -> scanner.number();
    };
  }

  private Map<String, Object> object() throws FormatException {
    var members = new LinkedHashMap<String, Object>();
    members((name, _) -> members.put(name, value()));
    return members;
  }

  /** Reads an object member by member, so that the caller sees where each one stands. */
  void members(Member member) throws FormatException {
    scanner.skipSpace();
    scanner.expect('{', "an object");
    enter();
    var seen = new HashSet<String>();
    scanner.skipSpace();
    if (scanner.peek() != '}') {
      do {
        scanner.skipSpace();
        long offset = scanner.offset();
        if (scanner.peek() != '"') {
          throw scanner.unexpected("a name in quotes");
        }
        String name = scanner.string();
        if (!seen.add(name)) {
          throw new FormatException(source, offset, "duplicate name " + Json.describe(name));
        }
        scanner.skipSpace();
        scanner.expect(':', "a colon");
        member.read(name, offset);
        scanner.skipSpace();
      } while (scanner.accept(','));
    }
    scanner.expect('}', "a comma or }");
    depth--;
  }

  private List<Object> array() throws FormatException {
    var items = new ArrayList<Object>(0);
    scanner.expect('[', "an array");
    enter();
    scanner.skipSpace();
    if (scanner.peek() != ']') {
      do {
        items.add(value());
        scanner.skipSpace();
      } while (scanner.accept(','));
    }
    scanner.expect(']', "a comma or ]");
    depth--;
    return items;
  }

  private void enter() throws FormatException {
    if (++depth > Json.MAX_DEPTH) {
      throw scanner.error("more than " + Json.MAX_DEPTH + " levels of arrays and objects");
    }
  }

  /**
   * Checks that only white space follows.
   *
   * @throws FormatException at the first byte of anything else
   */
  void end() throws FormatException {
    scanner.skipSpace();
    if (scanner.peek() != JsonScanner.END) {
      throw scanner.unexpected("the end of the text");
    }
  }
}
