package io.github.starling.cli;

import io.github.starling.model.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A text and where it is from.
 *
 * @param text what to read, not blank
 * @param place a path or what else says where it is from
 * @param isFile whether the place is a file, whose text need not be repeated in the output
 */
record TextSource(String text, String place, boolean isFile) {
  /** The name of the standard input among the files. */
  static final String STANDARD_INPUT = "-";

  /**
   * Checks that there is something to read.
   *
   * @throws IllegalArgumentException if the text is blank
   */
  TextSource {
    if (text.isBlank()) {
      throw new IllegalArgumentException(name(place) + ": the text is empty");
    }
  }

  /** Returns what a message calls the place. */
  String name() {
    return name(place);
  }

  private static String name(String place) {
    return place.equals(STANDARD_INPUT) ? "standard input" : place;
  }

  /** Returns a text of the command line, the {@code number}th, from 1. */
  static TextSource argument(String text, int number) {
    return new TextSource(text, "--text " + number, false);
  }

  /**
   * Reads a file of UTF-8 text.
   *
   * @param file a path, or {@link #STANDARD_INPUT}
   * @throws IllegalArgumentException if it is blank
   * @throws IOException if it cannot be read or is not UTF-8
   */
  static TextSource read(String file, InputStream standardInput) throws IOException {
    byte[] bytes;
    if (file.equals(STANDARD_INPUT)) {
      bytes = standardInput.readAllBytes();
    } else {
      if (Files.isDirectory(Path.of(file))) {
        throw new FileSystemException(file, null, "a folder, not a text file");
      }
      bytes = Files.readAllBytes(Path.of(file));
    }
    return new TextSource(decode(file, bytes), file, true);
  }

  private static String decode(String file, byte[] bytes) throws FormatException {
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length); // UTF-8 has no more characters than bytes
    var result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (result.isError()) {
      throw new FormatException(Path.of(name(file)), in.position(), "text must be UTF-8");
    }
    return out.flip().toString();
  }

  /**
   * Takes every line for a text of its own.
   *
   * @throws IllegalArgumentException if a line is blank
   */
  List<TextSource> lines() {
    var lines = new ArrayList<TextSource>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      lines.add(new TextSource(line, name() + ", line " + (lines.size() + 1), false));
    }
    return lines;
  }
}
