package io.github.starling.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes .tgz files for tests, field by field after POSIX.1-1988. */
final class TarBuilder {
  private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

  /** Adds a plain file. */
  TarBuilder file(String name, byte[] content) {
    return entry('0', "", name, content);
  }

  /**
   * Adds an entry.
   *
   * @param type 0 is a plain file, 2 a symbolic link, 5 a folder
   * @param prefix what stands before a long name, without the slash between
   */
  TarBuilder entry(char type, String prefix, String name, byte[] content) {
    var header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, 124, "%011o\0".formatted(content.length));
    put(header, 136, "00000000000\0" + "        " + type);
    put(header, 257, "ustar\00000");
    put(header, 345, prefix);
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xFF;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    tar.writeBytes(header);
    tar.writeBytes(content);
    tar.writeBytes(new byte[-content.length & 511]);
    return this;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** Returns the archive before compression. */
  byte[] build() {
    tar.writeBytes(new byte[1024]);
    return tar.toByteArray();
  }

  /** Compresses an archive. */
  static Path compressed(byte[] tar, Path to) throws IOException {
    try (var out = new GZIPOutputStream(Files.newOutputStream(to))) {
      out.write(tar);
    }
    return to;
  }
}
