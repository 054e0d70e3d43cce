package io.github.starling.model;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages bytes as chance and attackers do. */
final class Mutations {
  private static final long[] TELLING = {
    0,
    1,
    -1,
    0x7f,
    0x80,
    0xff,
    0xffff,
    Short.MAX_VALUE,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE / 4 + 1
  };

  private static final List<String> TEXTS =
      List.of(
          "[", "{", "\"", "}", "]", ",", ":", "-1", "1e9", "9223372036854775807", "[[[[", "\\u");

  private Mutations() {}

  /** Applies from one to six mutations; others are files to splice from. */
  static byte[] of(byte[] valid, List<byte[]> others, Random random) {
    byte[] bytes = valid;
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      bytes = one(bytes, others.get(random.nextInt(others.size())), random);
    }
    return bytes;
  }

  private static byte[] one(byte[] bytes, byte[] other, Random random) {
    if (bytes.length == 0) {
      return other;
    }
    int at = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 8 : 200));
    return switch (random.nextInt(9)) {
      case 0, 1 -> {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 2 -> {
        byte[] set = bytes.clone();
        set[at] = (byte) TELLING[random.nextInt(6)];
        yield set;
      }
      case 3 -> replaced(bytes, at, length, new byte[0]);
      case 4 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 5 -> {
        int from = random.nextInt(other.length);
        int to = Math.min(other.length, from + 1 + random.nextInt(200));
        yield replaced(bytes, at, random.nextInt(2) * length, Arrays.copyOfRange(other, from, to));
      }
      case 6 -> littleEndian(bytes, at, random);
      case 7 -> replaced(bytes, at, random.nextInt(3), varint(TELLING[random.nextInt(15)]));
      default ->
          replaced(
              bytes, at, random.nextInt(2), TEXTS.get(random.nextInt(TEXTS.size())).getBytes());
    };
  }

  private static byte[] replaced(byte[] bytes, int at, int length, byte[] by) {
    int removed = Math.min(length, bytes.length - at);
    byte[] result = Arrays.copyOf(bytes, bytes.length - removed + by.length);
    System.arraycopy(by, 0, result, at, by.length);
    System.arraycopy(bytes, at + removed, result, at + by.length, bytes.length - at - removed);
    return result;
  }

  /** Overwrites a number of 4 or 8 bytes, or adds a little to it. */
  private static byte[] littleEndian(byte[] bytes, int at, Random random) {
    byte[] result = bytes.clone();
    int size = Math.min(random.nextBoolean() ? 4 : 8, bytes.length - at);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[at + i] & 0xffL) << 8 * i;
    }
    value = random.nextBoolean() ? value + random.nextInt(33) - 16 : TELLING[random.nextInt(15)];
    for (int i = 0; i < size; i++) {
      result[at + i] = (byte) (value >>> 8 * i);
    }
    return result;
  }

  private static byte[] varint(long value) {
    var out = new java.io.ByteArrayOutputStream();
    OnnxBuilder.varint(out, value);
    return out.toByteArray();
  }
}
