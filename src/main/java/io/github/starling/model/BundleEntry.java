package io.github.starling.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a TensorFlow bundle keeps one tensor.
 *
 * <p>Field numbers are those of {@code tensor_bundle.proto}.
 *
 * @param name its name
 * @param at byte of the index at which the entry begins, for messages
 * @param dtype its element type; null if {@link DType} has none of the kind, such as strings, or if
 *     the tensor is written in slices
 * @param shape its dimensions
 * @param shard number of the data file
 * @param begin byte of the data file at which the elements begin
 * @param size bytes that they take
 * @param checksum their masked CRC-32C
 */
record BundleEntry(
    String name,
    long at,
    DType dtype,
    List<Long> shape,
    long shard,
    long begin,
    long size,
    int checksum) {
  private static final int DTYPE = 1;
  private static final int SHAPE = 2;
  private static final int SHARD = 3;
  private static final int OFFSET = 4;
  private static final int SIZE = 5;
  private static final int CHECKSUM = 6;
  private static final int SLICES = 7;
  private static final int SHAPE_DIMENSION = 2;
  private static final int DIMENSION_SIZE = 1;

  /** TensorFlow's own limit. */
  private static final int MAX_DIMENSIONS = 254;

  /**
   * Reads an entry.
   *
   * @param at byte of the index at which the message begins
   * @throws FormatException if its numbers contradict each other
   */
  static BundleEntry read(String name, long at, ProtobufMessage message) throws FormatException {
    DType dtype = null;
    List<Long> shape = List.of();
    long shard = 0;
    long begin = 0;
    long size = 0;
    int checksum = 0;
    boolean isSliced = false;
    while (message.next()) {
      switch (message.field()) {
        case DTYPE -> dtype = dtype(message.integer());
        case SHAPE -> shape = shape(message.message());
        case SHARD -> shard = message.integer();
        case OFFSET -> begin = message.integer();
        case SIZE -> size = message.integer();
        case CHECKSUM -> checksum = message.bits();
        case SLICES -> {
          isSliced = true;
          message.skip();
        }
        default -> message.skip();
      }
    }
    dtype = isSliced ? null : dtype;
    var entry = new BundleEntry(name, at, dtype, shape, shard, begin, size, checksum);
    String problem = entry.problem();
    if (problem != null) {
      throw message.error("tensor " + Json.describe(name) + ": " + problem);
    }
    return entry;
  }

  private String problem() {
    if (begin < 0 || size < 0 || begin + size < 0) {
      return "%d bytes at byte %d are impossible".formatted(size, begin);
    }
    if (dtype == null) {
      return null;
    }
    long bytes = StoredTensor.byteSize(dtype, shape);
    if (bytes < 0) {
      return "shape " + shape + " has a negative or impossibly large size";
    }
    return bytes == size
        ? null
        : "%s %s takes %d bytes but has %d".formatted(dtype, shape, bytes, size);
  }

  private static List<Long> shape(ProtobufMessage message) throws FormatException {
    var shape = new ArrayList<Long>(2);
    while (message.next()) {
      if (message.field() == SHAPE_DIMENSION) {
        shape.add(dimension(message.message()));
      } else {
        message.skip();
      }
      if (shape.size() > MAX_DIMENSIONS) {
        throw message.error("a shape has more than " + MAX_DIMENSIONS + " dimensions");
      }
    }
    return List.copyOf(shape);
  }

  private static long dimension(ProtobufMessage message) throws FormatException {
    long size = 0;
    while (message.next()) {
      if (message.field() == DIMENSION_SIZE) {
        size = message.integer();
      } else {
        message.skip();
      }
    }
    return size;
  }

  /** Field numbers are those of {@code types.proto}. */
  private static DType dtype(long type) {
    return switch (Math.clamp(type, 0, 100)) {
      case 1 -> DType.F32;
      case 2 -> DType.F64;
      case 3 -> DType.I32;
      case 4 -> DType.U8;
      case 5 -> DType.I16;
      case 6 -> DType.I8;
      case 9 -> DType.I64;
      case 10 -> DType.BOOL;
      case 14 -> DType.BF16;
      case 17 -> DType.U16;
      case 19 -> DType.F16;
      case 22 -> DType.U32;
      case 23 -> DType.U64;
      default -> null;
    };
  }
}
