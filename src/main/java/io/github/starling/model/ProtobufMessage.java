package io.github.starling.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * A cursor over the fields of one protobuf message in a mapped file.
 *
 * <p>Call {@link #next}, then read or {@link #skip} the field. Every length is checked against what
 * is left of the message before it is used. A field of another wire type than the reading method's
 * is a fault. A message that nobody asks for is skipped by its length, so nesting costs no stack.
 */
final class ProtobufMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private static final int MAX_VARINT_BYTES = 10;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final MemorySegment file;
  private final long end;
  private long at;
  private long fieldStart;
  private int field;
  private int wireType;

  /** Starts at the first byte of a file that is one message. */
  ProtobufMessage(Path path, MemorySegment file) {
    this(path, file, 0, file.byteSize());
  }

  private ProtobufMessage(Path path, MemorySegment file, long begin, long end) {
    this.path = path;
    this.file = file;
    this.at = begin;
    this.end = end;
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() throws FormatException {
    if (at == end) {
      return false;
    }
    fieldStart = at;
    long tag = varint();
    wireType = (int) (tag & 7);
    long number = tag >>> 3;
    if (number == 0 || number >= 1 << 29) {
      throw error("protobuf field number " + Long.toUnsignedString(number) + " is impossible");
    }
    if (wireType != VARINT && wireType != FIXED64 && wireType != LENGTH && wireType != FIXED32) {
      throw error("protobuf wire type " + wireType + " is unknown");
    }
    field = (int) number;
    return true;
  }

  /** Returns the number of the field that {@link #next} moved to. */
  int field() {
    return field;
  }

  /** Reads an integer. */
  long integer() throws FormatException {
    require(VARINT, "an integer");
    return varint();
  }

  /** Reads a float. */
  float number() throws FormatException {
    require(FIXED32, "a float");
    return Float.intBitsToFloat(file.get(INT, take(Float.BYTES)));
  }

  /** Reads bytes, in place. */
  MemorySegment bytes() throws FormatException {
    require(LENGTH, "bytes");
    long length = length();
    return file.asSlice(take(length), length);
  }

  /** Reads a text. */
  String text() throws FormatException {
    return new String(bytes().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** Reads a message, or packed values, with a cursor of its own. */
  ProtobufMessage message() throws FormatException {
    require(LENGTH, "a message");
    long length = length();
    long begin = take(length);
    return new ProtobufMessage(path, file, begin, begin + length);
  }

  /** Reads one or more integers of a repeated field, which is written value by value or packed. */
  void integers(LongConsumer sink) throws FormatException {
    if (wireType == VARINT) {
      sink.accept(varint());
      return;
    }
    var packed = message();
    while (packed.at < packed.end) {
      sink.accept(packed.varint());
    }
  }

  /** Reads one or more floats of a repeated field as bytes, in place. */
  MemorySegment floats() throws FormatException {
    return wireType == FIXED32 ? file.asSlice(take(Float.BYTES), Float.BYTES) : bytes();
  }

  /** Passes over the field. */
  void skip() throws FormatException {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> take(Long.BYTES);
      case FIXED32 -> take(Integer.BYTES);
      default -> take(length());
    }
  }

  /** Returns a fault of the field that {@link #next} moved to. */
  FormatException error(String problem) {
    return new FormatException(path, fieldStart, problem);
  }

  private void require(int wanted, String what) throws FormatException {
    if (wireType != wanted) {
      throw error(
          "protobuf field %d must be %s but has wire type %d".formatted(field, what, wireType));
    }
  }

  private long length() throws FormatException {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw new FormatException(
          path,
          at,
          "protobuf field %d has %s bytes but only %d are left of its message"
              .formatted(field, Long.toUnsignedString(length), end - at));
    }
    return length;
  }

  /** Passes over bytes and returns where they began. */
  private long take(long bytes) throws FormatException {
    if (bytes > end - at) {
      throw new FormatException(
          path, at, "protobuf field " + field + " is cut off by the end of its message");
    }
    long begin = at;
    at += bytes;
    return begin;
  }

  private long varint() throws FormatException {
    long begin = at;
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (at == end) {
        throw new FormatException(path, begin, "a protobuf integer is cut off");
      }
      byte next = file.get(ValueLayout.JAVA_BYTE, at++);
      value |= (next & 0x7FL) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new FormatException(path, begin, "a protobuf integer has more than 10 bytes");
  }
}
