package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a safetensors file, one tensor at a time.
 *
 * <p>The header is padded with spaces so that the data begins at a multiple of 8 bytes. The file
 * appears whole or not at all ({@link AtomicWrite}).
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;

  /** Bytes handed to the channel at once; a segment can be larger than a buffer may be. */
  private static final long CHUNK = 1L << 20;

  private SafetensorsWriter() {}

  /** Makes the elements of one tensor when its turn has come. */
  @FunctionalInterface
  public interface Content {
    /**
     * Returns the elements.
     *
     * @param scratch owner of what must be computed; closed once the tensor is written
     * @return little-endian elements in row-major order, as many as the shape says
     */
    MemorySegment elements(Arena scratch) throws IOException;
  }

  /**
   * A tensor to be written.
   *
   * @param shape dimensions, each ≥ 0
   */
  public record Part(String name, DType dtype, List<Long> shape, Content content) {
    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if a dimension is negative, the size overflows, or the name
     *     is that of the metadata
     */
    public Part {
      shape = List.copyOf(shape);
      if (StoredTensor.byteSize(dtype, shape) < 0) {
        throw new IllegalArgumentException("tensor " + name + " cannot have shape " + shape);
      }
      if (name.equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException("a tensor cannot be named " + name);
      }
    }

    /** Returns a part that is in memory already. */
    public static Part of(StoredTensor tensor) {
      return new Part(tensor.name(), tensor.dtype(), tensor.shape(), _ -> tensor.data());
    }

    /**
     * Returns a part that is in memory already.
     *
     * @param data little-endian elements in row-major order
     * @throws IllegalArgumentException if the data does not fit the shape
     */
    public static Part of(String name, DType dtype, MemorySegment data, long... shape) {
      var dimensions = java.util.Arrays.stream(shape).boxed().toList();
      return of(new StoredTensor(name, dtype, dimensions, data));
    }

    long byteSize() {
      return StoredTensor.byteSize(dtype, shape);
    }
  }

  /**
   * Writes a file; one of that name is replaced.
   *
   * @param metadata texts of {@code __metadata__}, left out if empty
   * @param parts tensors in the order in which they are to lie
   * @throws IllegalArgumentException if two parts have one name or content does not fit its shape
   * @throws IOException if the file cannot be written; nothing of it is left then
   */
  public static void write(Path path, Map<String, String> metadata, List<Part> parts)
      throws IOException {
    byte[] header = header(metadata, parts);
    AtomicWrite.file(
        path,
        channel -> {
          writeFully(channel, MemorySegment.ofArray(header));
          for (Part part : parts) {
            try (var scratch = Arena.ofConfined()) {
              var elements = part.content().elements(scratch);
              if (elements.byteSize() != part.byteSize()) {
                throw new IllegalArgumentException(
                    "tensor %s: %s %s takes %d bytes but its content has %d"
                        .formatted(
                            part.name(),
                            part.dtype(),
                            part.shape(),
                            part.byteSize(),
                            elements.byteSize()));
              }
              writeFully(channel, elements);
            }
          }
        });
  }

  /** Returns the length and the padded JSON. */
  private static byte[] header(Map<String, String> metadata, List<Part> parts) {
    var members = new LinkedHashMap<String, Object>();
    if (!metadata.isEmpty()) {
      members.put(SafetensorsHeader.METADATA, metadata);
    }
    long begin = 0;
    var names = new HashSet<String>();
    for (Part part : parts) {
      if (!names.add(part.name())) {
        throw new IllegalArgumentException("two tensors are named " + part.name());
      }
      long end = Math.addExact(begin, part.byteSize());
      var entry = new LinkedHashMap<String, Object>();
      entry.put("dtype", part.dtype().name());
      entry.put("shape", part.shape());
      entry.put("data_offsets", List.of(begin, end));
      members.put(part.name(), entry);
      begin = end;
    }
    byte[] json = Json.write(members).getBytes(StandardCharsets.UTF_8);
    int padding = -json.length & (ALIGNMENT - 1);
    if (json.length + padding > SafetensorsHeader.MAX_BYTES) {
      throw new IllegalArgumentException(
          "a header of %d bytes is too long: at most %d"
              .formatted(json.length, SafetensorsHeader.MAX_BYTES));
    }
    return ByteBuffer.allocate(Long.BYTES + json.length + padding)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length + padding)
        .put(json)
        .put(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private static void writeFully(FileChannel channel, MemorySegment bytes) throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      var chunk = bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer();
      while (chunk.hasRemaining()) {
        channel.write(chunk);
      }
    }
  }
}
