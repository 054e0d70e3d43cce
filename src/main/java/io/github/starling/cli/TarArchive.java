package io.github.starling.cli;

import io.github.starling.model.FormatException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A compressed tar archive (ustar of POSIX.1-1988, .tgz), read once from its start.
 *
 * <p>Only files that the caller names are unpacked, so that nothing in an archive can choose where
 * it goes. Extensions for names of more than 255 characters are passed over.
 */
final class TarArchive {
  private static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE_BYTES = 12;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int TYPE_AT = 156;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX_BYTES = 155;

  private final Path archive;
  private final InputStream content;

  private TarArchive(Path archive, InputStream content) {
    this.archive = archive;
    this.content = content;
  }

  /**
   * Unpacks some files.
   *
   * @param files their names in the archive, which are also their places in the folder
   * @param folder an existing folder
   * @throws FormatException if the archive is damaged, lacks one of them, has one twice, or one is
   *     a link or the like
   * @throws IOException if the archive cannot be read or the folder not written
   */
  static void unpack(Path archive, Collection<String> files, Path folder) throws IOException {
    try (var content =
        new BufferedInputStream(new GZIPInputStream(Files.newInputStream(archive)))) {
      new TarArchive(archive, content).unpack(new HashSet<>(files), folder);
    } catch (EOFException e) {
      throw new FormatException(archive, 0, "damaged archive: it is cut off");
    } catch (ZipException e) {
      throw new FormatException(archive, 0, "damaged archive: " + e.getMessage());
    }
  }

  private void unpack(Set<String> files, Path folder) throws IOException {
    var missing = new HashSet<>(files);
    for (byte[] header = next(); header != null; header = next()) {
      String prefix = text(header, PREFIX_AT, PREFIX_BYTES);
      String name = (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, NAME_BYTES);
      long size = octal(header, SIZE_AT, SIZE_BYTES, name);
      if (files.contains(name)) {
        boolean isFile = header[TYPE_AT] == '0' || header[TYPE_AT] == 0;
        if (!isFile || !missing.remove(name)) {
          throw error(name + (isFile ? " is in it twice" : " is no plain file"));
        }
        save(folder.resolve(name), size);
      } else {
        content.skipNBytes(size);
      }
      content.skipNBytes(-size & (BLOCK - 1)); // files end at full blocks
    }
    content.transferTo(OutputStream.nullOutputStream()); // the checksum is at the end
    if (!missing.isEmpty()) {
      throw error("no file in it is named " + missing.iterator().next());
    }
  }

  /** Returns the next header, or null at the end, which is a block of zeros. */
  private byte[] next() throws IOException {
    byte[] header = content.readNBytes(BLOCK);
    if (header.length < BLOCK) {
      throw new EOFException();
    }
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean isChecksum = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES;
      sum += isChecksum ? ' ' : Byte.toUnsignedInt(header[i]);
    }
    if (sum == CHECKSUM_BYTES * ' ' && Arrays.equals(header, new byte[BLOCK])) {
      return null;
    }
    if (octal(header, CHECKSUM_AT, CHECKSUM_BYTES, "a header") != sum) {
      throw error("the checksum of a header is wrong");
    }
    return header;
  }

  private void save(Path file, long size) throws IOException {
    Files.createDirectories(file.getParent());
    try (var out = Files.newOutputStream(file)) {
      long left = size;
      for (byte[] part = part(left); part.length > 0; part = part(left)) {
        out.write(part);
        left -= part.length;
      }
      if (left > 0) {
        throw new EOFException();
      }
    }
  }

  private byte[] part(long left) throws IOException {
    return content.readNBytes((int) Math.min(left, 1 << 16));
  }

  /** Returns what stands before the first zero byte. */
  private static String text(byte[] header, int at, int bytes) {
    int end = at;
    while (end < at + bytes && header[end] != 0) {
      end++;
    }
    return new String(header, at, end - at, StandardCharsets.UTF_8);
  }

  private long octal(byte[] header, int at, int bytes, String of) throws FormatException {
    String digits = text(header, at, bytes).strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw error("a number of " + of + " is not octal");
    }
    return Long.parseLong(digits, 8);
  }

  private FormatException error(String problem) {
    return new FormatException(archive, 0, "damaged archive: " + problem);
  }
}
