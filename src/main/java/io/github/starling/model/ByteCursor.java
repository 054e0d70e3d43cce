package io.github.starling.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A cursor over a stretch of a mapped file that never leaves it. */
final class ByteCursor {
  private static final int MAX_VARINT_BYTES = 10;

  private final Path path;
  private final MemorySegment file;
  private final long end;
  private long at;

  /**
   * Starts at the first byte of a stretch.
   *
   * @param path the file, for messages
   * @param file all its bytes
   * @param begin first byte of the stretch
   * @param end the byte after its last
   */
  ByteCursor(Path path, MemorySegment file, long begin, long end) {
    this.path = path;
    this.file = file;
    this.at = begin;
    this.end = end;
  }

  /** Returns the byte of the file at which the cursor stands. */
  long at() {
    return at;
  }

  /** Returns how many bytes are left. */
  long left() {
    return end - at;
  }

  /**
   * Passes over bytes; returns where they began.
   *
   * @param what what they are, for messages
   * @throws FormatException if the count is negative or more than are left
   */
  long take(long bytes, String what) throws FormatException {
    if (bytes < 0 || bytes > left()) {
      throw error(
          "%s is cut off: it has %s bytes but only %d are left"
              .formatted(what, Long.toUnsignedString(bytes), left()));
    }
    long begin = at;
    at += bytes;
    return begin;
  }

  /**
   * Reads a base-128 integer, low bits first.
   *
   * @throws FormatException if it is cut off or has more than 10 bytes
   */
  long varint() throws FormatException {
    long begin = at;
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (at == end) {
        throw new FormatException(path, begin, "an integer is cut off");
      }
      byte next = file.get(ValueLayout.JAVA_BYTE, at++);
      value |= (next & 0x7FL) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new FormatException(path, begin, "an integer has more than 10 bytes");
  }

  /** Returns a fault of the place at which the cursor stands. */
  FormatException error(String problem) {
    return new FormatException(path, at, problem);
  }
}
