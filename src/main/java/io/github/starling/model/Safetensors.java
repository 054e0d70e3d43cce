package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A memory-mapped safetensors file.
 *
 * <p>Opening checks the whole header (see {@link SafetensorsHeader}) and reads no weights; a tensor
 * is a slice of the mapping and lives as long as the arena.
 */
public final class Safetensors {
  private final Path path;
  private final SafetensorsHeader header;
  private final MemorySegment file;

  private Safetensors(Path path, SafetensorsHeader header, MemorySegment file) {
    this.path = path;
    this.header = header;
    this.file = file;
  }

  /**
   * Maps a file and checks its header.
   *
   * @param arena owner of the mapping
   * @throws FormatException if the header is not valid or does not fit the file
   * @throws IOException if the file is missing or cannot be read
   */
  public static Safetensors open(Path path, Arena arena) throws IOException {
    var file = map(path, arena);
    return new Safetensors(path, SafetensorsHeader.read(path, file), file);
  }

  /** Maps a whole regular file for reading. */
  static MemorySegment map(Path path, Arena arena) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "no such file");
    }
    if (!Files.isRegularFile(path)) { // a pipe would block, a folder says only "invalid argument"
      throw new FormatException(path, 0, "not a regular file");
    }
    try (var channel = FileChannel.open(path)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** Returns the file. */
  public Path path() {
    return path;
  }

  /** Returns the texts of {@code __metadata__}, empty if there are none. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** Returns the names of the tensors in header order. */
  public Set<String> names() {
    return header.entries().keySet();
  }

  /**
   * Returns a tensor.
   *
   * @throws FormatException if the file has none of this name
   */
  public StoredTensor tensor(String name) throws FormatException {
    var entry = header.entries().get(name);
    if (entry == null) {
      throw new FormatException(
          path, SafetensorsHeader.START, "no tensor is named " + Json.describe(name));
    }
    var data = file.asSlice(header.dataStart() + entry.begin(), entry.end() - entry.begin());
    return new StoredTensor(name, entry.dtype(), entry.shape(), data);
  }

  /**
   * Checks that a tensor of this file has the shape that the config calls for, and is of floats.
   */
  void check(StoredTensor tensor, List<Long> shape) throws FormatException {
    if (!tensor.shape().equals(shape)) {
      throw error(
          "tensor %s has shape %s but config.json calls for %s"
              .formatted(tensor.name(), tensor.shape(), shape));
    }
    if (!tensor.dtype().isFloat()) {
      throw error(
          "tensor %s is of %s but F32, F16 or BF16 is needed"
              .formatted(tensor.name(), tensor.dtype()));
    }
  }

  /** Returns a fault of the header, for the caller to throw. */
  FormatException error(String problem) {
    return new FormatException(path, SafetensorsHeader.START, problem);
  }
}
