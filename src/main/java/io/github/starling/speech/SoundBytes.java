package io.github.starling.speech;

import io.github.starling.model.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The bytes of a sound in their order, each read once, so that a pipe is as good as a file. */
final class SoundBytes {
  /** The size of what has no size, such as a pipe. */
  static final long UNKNOWN = Long.MAX_VALUE;

  private final Path path;
  private final InputStream in;
  private final long size;
  private long at;

  /**
   * Begins at the first byte.
   *
   * @param path what messages call the sound
   * @param in its bytes
   * @param size their number, or {@link #UNKNOWN}
   */
  SoundBytes(Path path, InputStream in, long size) {
    this.path = path;
    this.in = in;
    this.size = size;
  }

  /** Returns the next byte's offset. */
  long at() {
    return at;
  }

  /** Returns how many bytes are left, or {@link #UNKNOWN}. */
  long left() {
    return size == UNKNOWN ? UNKNOWN : size - at;
  }

  /** Reads up to {@code count} bytes, fewer only at the end. */
  int read(byte[] into, int count) throws IOException {
    int read = in.readNBytes(into, 0, count);
    at += read;
    return read;
  }

  /**
   * Reads a part of a header.
   *
   * @throws FormatException if there are fewer bytes
   */
  ByteBuffer take(int count, ByteOrder order) throws IOException {
    var bytes = new byte[count];
    if (read(bytes, count) < count) {
      throw error(at, "the file ends within its header");
    }
    return ByteBuffer.wrap(bytes).order(order);
  }

  /**
   * Leaves bytes out.
   *
   * @throws FormatException if there are fewer
   */
  void skip(long count) throws IOException {
    boolean whole = count <= left();
    if (whole) {
      try {
        in.skipNBytes(count);
      } catch (EOFException _) {
        whole = false;
      }
    }
    if (!whole) {
      throw error(at, "the file ends before the %d bytes that belong here".formatted(count));
    }
    at += count;
  }

  /** Returns a fault at a byte, for the caller to throw. */
  FormatException error(long offset, String problem) {
    return new FormatException(path, offset, problem);
  }

  /** Returns four bytes as characters, with those that cannot be printed as question marks. */
  static String name(ByteBuffer in) {
    var bytes = new byte[4];
    in.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
  }
}
