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

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final MemorySegment file;
  private final ByteCursor cursor;
  private long fieldStart;
  private int field;
  private int wireType;

  /** Starts at the first byte of a file that is one message. */
  ProtobufMessage(Path path, MemorySegment file) {
    this(path, file, 0, file.byteSize());
  }

  /** Starts at the first byte of a message within a file. */
  ProtobufMessage(Path path, MemorySegment file, long begin, long end) {
    this.path = path;
    this.file = file;
    cursor = new ByteCursor(path, file, begin, end);
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() throws FormatException {
    if (cursor.left() == 0) {
      return false;
    }
    fieldStart = cursor.at();
    long tag = cursor.varint();
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
    return cursor.varint();
  }

  /** Reads a float. */
  float number() throws FormatException {
    return Float.intBitsToFloat(bits());
  }

  /** Reads an integer or float that is written as four bytes. */
  int bits() throws FormatException {
    require(FIXED32, "four bytes");
    return file.get(INT, cursor.take(Integer.BYTES, "a number"));
  }

  /** Reads bytes, in place. */
  MemorySegment bytes() throws FormatException {
    require(LENGTH, "bytes");
    long begin = takeCounted();
    return file.asSlice(begin, cursor.at() - begin);
  }

  /** Reads a text. */
  String text() throws FormatException {
    return new String(bytes().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** Reads a message, or packed values, with a cursor of its own. */
  ProtobufMessage message() throws FormatException {
    require(LENGTH, "a message");
    long begin = takeCounted();
    return new ProtobufMessage(path, file, begin, cursor.at());
  }

  /** Reads one or more integers of a repeated field, which is written value by value or packed. */
  void integers(LongConsumer sink) throws FormatException {
    if (wireType == VARINT) {
      sink.accept(cursor.varint());
      return;
    }
    var packed = message().cursor;
    while (packed.left() > 0) {
      sink.accept(packed.varint());
    }
  }

  /** Reads one or more floats of a repeated field as bytes, in place. */
  MemorySegment floats() throws FormatException {
    return wireType == FIXED32
        ? file.asSlice(cursor.take(Float.BYTES, "a float"), Float.BYTES)
        : bytes();
  }

  /** Passes over the field. */
  void skip() throws FormatException {
    switch (wireType) {
      case VARINT -> cursor.varint();
      case FIXED64 -> cursor.take(Long.BYTES, "a number");
      case FIXED32 -> cursor.take(Integer.BYTES, "a number");
      default -> takeCounted();
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

  /** Reads a length and passes over as many bytes; returns where they began. */
  private long takeCounted() throws FormatException {
    return cursor.take(cursor.varint(), "protobuf field " + field);
  }
}
