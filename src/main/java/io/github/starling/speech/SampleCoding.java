package io.github.starling.speech;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How a sample is written; full scale is 1. */
enum SampleCoding {
  /** Eight bits, of which 128 is silence. */
  UNSIGNED_8(1),
  SIGNED_8(1),
  SIGNED_16(2),
  SIGNED_24(3),
  SIGNED_32(4),
  FLOAT_32(4),
  FLOAT_64(8),
  /** ITU-T G.711, 14 bits on a logarithmic scale. */
  MU_LAW(1),
  /** ITU-T G.711, 13 bits on a logarithmic scale. */
  A_LAW(1);

  private final int bytes;

  SampleCoding(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns the coding of whole numbers of so many bits, in the high bits of whole bytes; or null.
   */
  static SampleCoding signed(int bits) {
    return switch (Math.ceilDiv(bits, 8)) {
      case 1 -> SIGNED_8;
      case 2 -> SIGNED_16;
      case 3 -> SIGNED_24;
      case 4 -> SIGNED_32;
      default -> null;
    };
  }

  /** Returns the coding of floating-point numbers of so many bits, or null. */
  static SampleCoding floating(int bits) {
    return switch (bits) {
      case 32 -> FLOAT_32;
      case 64 -> FLOAT_64;
      default -> null;
    };
  }

  /** Returns the bytes of a sample. */
  int bytes() {
    return bytes;
  }

  /**
   * Returns a sample, which may be beyond full scale, infinite or NaN if it is a float.
   *
   * @param in bytes in the order of the file
   * @param at the sample's first byte
   */
  double read(ByteBuffer in, int at) {
    return switch (this) {
      case UNSIGNED_8 -> ((in.get(at) & 0xFF) - 128) / 128.0;
      case SIGNED_8 -> in.get(at) / 128.0;
      case SIGNED_16 -> in.getShort(at) / 32_768.0;
      case SIGNED_24 -> signed24(in, at) / 8_388_608.0;
      case SIGNED_32 -> in.getInt(at) / 2_147_483_648.0;
      case FLOAT_32 -> in.getFloat(at);
      case FLOAT_64 -> in.getDouble(at);
      case MU_LAW -> muLaw(in.get(at)) / 32_768.0;
      case A_LAW -> aLaw(in.get(at)) / 32_768.0;
    };
  }

  private static int signed24(ByteBuffer in, int at) {
    boolean little = in.order() == ByteOrder.LITTLE_ENDIAN;
    int high = in.get(little ? at + 2 : at);
    int low = in.get(little ? at : at + 2) & 0xFF;
    return high << 16 | (in.get(at + 1) & 0xFF) << 8 | low;
  }

  /** Sign, three bits of exponent and four of mantissa, all inverted; the scale begins at 132. */
  private static int muLaw(byte code) {
    int bits = ~code;
    int size = (((bits & 0x0F) << 3) + 0x84) << ((bits & 0x70) >> 4);
    return (bits & 0x80) == 0 ? size - 0x84 : 0x84 - size;
  }

  /** As {@link #muLaw}, with every other bit inverted and a linear begin. */
  private static int aLaw(byte code) {
    int bits = code ^ 0x55;
    int exponent = (bits & 0x70) >> 4;
    int size = ((bits & 0x0F) << 4) + 8;
    if (exponent > 0) {
      size = (size + 0x100) << (exponent - 1);
    }
    return (bits & 0x80) == 0 ? -size : size;
  }
}
