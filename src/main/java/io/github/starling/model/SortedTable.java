package io.github.starling.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads a LevelDB table from its first entry to its last (LevelDB, {@code doc/table_format.md}).
 *
 * <pre>
 * data blocks   one after the other from byte 0, keys ascending through all of them
 * index block   for each data block, a key not below its last → offset, size (two varints)
 * footer        48 bytes: place of the meta index, place of the index, padding, magic number
 *
 * block         entries, restart offsets, their number; then a type byte and a masked CRC-32C
 * entry         varints: bytes shared with the key before, further bytes, bytes of the value;
 *               then the further bytes, then the value
 * </pre>
 *
 * <p>Nothing is searched for, so the restarts are passed over, as is the meta index.
 */
final class SortedTable {
  private static final int FOOTER = 48;
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int TRAILER = 1 + Integer.BYTES;
  private static final int SNAPPY = 1;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final MemorySegment file;
  private final Sink sink;
  private final long blocksEnd;

  /** Bytes that keys may still take: a key that many entries share could cost the square. */
  private long keyBudget;

  private long dataEnd;
  private String lastKey;

  /** Takes the entries. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes one entry.
     *
     * @param key its key, a character for each byte
     * @param begin byte of the file at which its value begins
     * @param end the byte after the value's last
     */
    void entry(String key, long begin, long end) throws FormatException;
  }

  /** A checked block: where it begins, its entries end, and its trailer ends. */
  private record Block(long begin, long entriesEnd, long end) {}

  private SortedTable(Path path, MemorySegment file, Sink sink) {
    this.path = path;
    this.file = file;
    this.sink = sink;
    blocksEnd = file.byteSize() - FOOTER;
    keyBudget = (64L << 10) + 16 * file.byteSize();
  }

  /**
   * Reads and checks a table.
   *
   * @param path the file, for messages
   * @param file all bytes of the file
   * @throws FormatException at the first fault
   */
  static void read(Path path, MemorySegment file, Sink sink) throws FormatException {
    if (file.byteSize() < FOOTER) {
      throw new FormatException(
          path, file.byteSize(), "the file ends inside the footer, which takes 48 bytes");
    }
    long magicAt = file.byteSize() - Long.BYTES;
    if (file.get(LONG, magicAt) != MAGIC) {
      throw new FormatException(
          path, magicAt, "the magic number of a LevelDB table is missing: no TensorFlow index");
    }
    var table = new SortedTable(path, file, sink);
    var footer = new ByteCursor(path, file, table.blocksEnd, magicAt);
    footer.varint();
    footer.varint();
    table.entries(table.block(footer), null, table::readData);
  }

  private void readData(String separator, long begin, long end) throws FormatException {
    var block = block(new ByteCursor(path, file, begin, end));
    if (block.begin != dataEnd) { // else a small index could name one block again and again
      throw new FormatException(
          path,
          begin,
          "a data block must begin at byte %d but begins at %d".formatted(dataEnd, block.begin));
    }
    dataEnd = block.end;
    lastKey = entries(block, lastKey, sink);
  }

  /** Checks the block whose place stands next. */
  private Block block(ByteCursor place) throws FormatException {
    long at = place.at();
    long begin = place.varint();
    long size = place.varint();
    if (begin < 0
        || size < Integer.BYTES
        || size > blocksEnd
        || begin > blocksEnd - size - TRAILER) {
      throw new FormatException(
          path,
          at,
          "no block of %s bytes can begin at byte %s: blocks end at byte %d"
              .formatted(Long.toUnsignedString(size), Long.toUnsignedString(begin), blocksEnd));
    }
    long end = begin + size;
    checkTrailer(begin, end);
    long restarts = Integer.toUnsignedLong(file.get(INT, end - Integer.BYTES));
    if (restarts > size / Integer.BYTES - 1) {
      throw new FormatException(
          path, end - Integer.BYTES, restarts + " restarts do not fit in the block");
    }
    return new Block(begin, end - (restarts + 1) * Integer.BYTES, end + TRAILER);
  }

  private void checkTrailer(long begin, long end) throws FormatException {
    int type = file.get(ValueLayout.JAVA_BYTE, end);
    if (type != 0) {
      throw new FormatException(
          path,
          end,
          "block compression %s is not supported: the index must not be compressed"
              .formatted(type == SNAPPY ? "Snappy" : type));
    }
    int crc = MaskedCrc.of(file.asSlice(begin, end + 1 - begin));
    int expected = file.get(INT, end + 1);
    if (crc != expected) {
      throw new FormatException(
          path,
          begin,
          "the checksum of a block is %08x but must be %08x: the file is damaged"
              .formatted(crc, expected));
    }
  }

  /** Hands on the entries of a block; returns the last key. */
  private String entries(Block block, String before, Sink taker) throws FormatException {
    var cursor = new ByteCursor(path, file, block.begin, block.entriesEnd);
    String last = before;
    String previous = ""; // the first key of a block shares nothing
    while (cursor.left() > 0) {
      long at = cursor.at();
      long shared = cursor.varint();
      long further = cursor.varint();
      long valueSize = cursor.varint();
      if (shared < 0 || shared > previous.length()) {
        throw new FormatException(
            path,
            at,
            "a key shares %s bytes with one of %d"
                .formatted(Long.toUnsignedString(shared), previous.length()));
      }
      long begin = cursor.take(further, "a key");
      keyBudget -= shared + further;
      if (keyBudget < 0) {
        throw new FormatException(path, at, "the keys are too long for a file of this size");
      }
      String key = previous.substring(0, (int) shared) + text(begin, further);
      if (last != null && key.compareTo(last) <= 0) {
        throw new FormatException(
            path,
            at,
            "keys must ascend but %s follows %s"
                .formatted(Json.describe(key), Json.describe(last)));
      }
      last = key;
      previous = key;
      long valueBegin = cursor.take(valueSize, "a value");
      taker.entry(key, valueBegin, valueBegin + valueSize);
    }
    return last;
  }

  /** A character for each byte, which keeps their order. */
  private String text(long begin, long size) {
    byte[] bytes = file.asSlice(begin, size).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
