package io.github.starling.evaluation;

import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A UTF-8 file in memory that tells where in it a fault is.
 *
 * @param path the file
 * @param text all of it
 */
record TextFile(Path path, String text) {
  /**
   * Reads a file.
   *
   * @throws FormatException at the first byte that is not UTF-8
   * @throws IOException if it is missing or cannot be read
   */
  static TextFile read(Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
      throw new FormatException(path, in.position(), "the file must be UTF-8");
    }
    return new TextFile(path, out.flip().toString());
  }

  /** Returns a fault at a {@code char} of the text, for the caller to throw. */
  FormatException error(int at, String problem) {
    String before = text.substring(0, at);
    long line = 1 + before.chars().filter(c -> c == '\n').count();
    return new FormatException(
        path, before.getBytes(StandardCharsets.UTF_8).length, "line " + line + ": " + problem);
  }
}
