package io.github.starling.model;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * The checksum of LevelDB's tables: a CRC-32C, rotated right by 15 bits with a constant added.
 *
 * <p>The masking keeps a checksum of data with embedded checksums from being weak (LevelDB, {@code
 * util/crc32c.h}).
 */
final class MaskedCrc {
  private static final int ROTATION = 15;
  private static final int DELTA = 0xa282ead8;

  /** Bytes taken at once; a segment can be larger than a buffer may be. */
  private static final long CHUNK = 1L << 20;

  private MaskedCrc() {}

  /** Returns the checksum of bytes. */
  static int of(MemorySegment bytes) {
    var crc = new CRC32C();
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      crc.update(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
    }
    return Integer.rotateRight((int) crc.getValue(), ROTATION) + DELTA;
  }
}
