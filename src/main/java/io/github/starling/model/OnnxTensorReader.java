package io.github.starling.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.stream.LongStream;

/**
 * Reads the TensorProto message of ONNX.
 *
 * <p>Elements in {@code raw_data} or packed {@code float_data} are slices of the file, at whatever
 * byte they lie; integers that are written one by one are copied.
 */
final class OnnxTensorReader {
  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int FLOAT_DATA = 4;
  private static final int INT32_DATA = 5;
  private static final int INT64_DATA = 7;
  private static final int NAME = 8;
  private static final int RAW_DATA = 9;
  private static final int DATA_LOCATION = 14;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final ArrayList<Long> shape = new ArrayList<>();
  private final ArrayList<MemorySegment> floats = new ArrayList<>(0);
  private final LongStream.Builder integers = LongStream.builder();
  private boolean hasIntegers;
  private MemorySegment raw;
  private String name = "";
  private long type;
  private boolean isExternal;

  private OnnxTensorReader(Arena arena) {
    this.arena = arena;
  }

  /**
   * Reads one tensor.
   *
   * @param arena owner of elements that must be copied
   * @return the tensor, or null if its type has no counterpart in {@link DType}, such as strings
   * @throws FormatException if the elements do not fit the shape or lie in another file
   */
  static StoredTensor read(ProtobufMessage message, Arena arena) throws FormatException {
    var tensor = new OnnxTensorReader(arena);
    while (message.next()) {
      tensor.field(message);
    }
    return tensor.finish(message);
  }

  private void field(ProtobufMessage message) throws FormatException {
    switch (message.field()) {
      case DIMS -> message.integers(shape::add);
      case DATA_TYPE -> type = message.integer();
      case FLOAT_DATA -> floats.add(message.floats());
      case INT32_DATA, INT64_DATA -> {
        hasIntegers = true;
        message.integers(integers::add);
      }
      case NAME -> name = message.text();
      case RAW_DATA -> raw = message.bytes();
      case DATA_LOCATION -> isExternal = message.integer() == 1;
      default -> message.skip();
    }
  }

  private StoredTensor finish(ProtobufMessage message) throws FormatException {
    if (isExternal) {
      throw message.error(
          "tensor " + name + " has its elements in another file, which is not supported");
    }
    DType dtype = dtype(type);
    if (dtype == null) {
      return null;
    }
    var data = data(dtype);
    long bytes = StoredTensor.byteSize(dtype, shape);
    if (data.byteSize() != bytes) {
      throw message.error(
          "tensor %s: %s %s takes %s bytes but there are %d"
              .formatted(
                  name, dtype, shape, bytes < 0 ? "impossibly many" : bytes, data.byteSize()));
    }
    return new StoredTensor(name, dtype, shape, data);
  }

  private MemorySegment data(DType dtype) {
    if (raw != null) {
      return raw;
    }
    if (hasIntegers) {
      return integers(dtype);
    }
    if (floats.size() == 1) {
      return floats.getFirst();
    }
    long bytes = 0;
    for (MemorySegment part : floats) {
      bytes += part.byteSize();
    }
    var joined = arena.allocate(bytes);
    long at = 0;
    for (MemorySegment part : floats) {
      MemorySegment.copy(part, 0, joined, at, part.byteSize());
      at += part.byteSize();
    }
    return joined;
  }

  private MemorySegment integers(DType dtype) {
    long[] values = integers.build().toArray();
    var data = arena.allocate((long) values.length * dtype.bytes());
    var wide = MemorySegment.ofArray(new long[1]);
    for (int i = 0; i < values.length; i++) {
      wide.set(LONG, 0, values[i]);
      // little-endian: the first bytes of a long are the narrower integer
      MemorySegment.copy(wide, 0, data, (long) i * dtype.bytes(), dtype.bytes());
    }
    return data;
  }

  private static DType dtype(long type) {
    return switch (Math.clamp(type, 0, 100)) {
      case 1 -> DType.F32;
      case 2 -> DType.U8;
      case 3 -> DType.I8;
      case 4 -> DType.U16;
      case 5 -> DType.I16;
      case 6 -> DType.I32;
      case 7 -> DType.I64;
      case 9 -> DType.BOOL;
      case 10 -> DType.F16;
      case 11 -> DType.F64;
      case 12 -> DType.U32;
      case 13 -> DType.U64;
      case 16 -> DType.BF16;
      default -> null;
    };
  }
}
