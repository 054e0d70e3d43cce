package io.github.starling.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: what the tensors are called and where they lie.
 *
 * <pre>
 * 8 bytes    n, little-endian
 * n bytes    {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
 * the rest   data: every byte belongs to exactly one tensor
 * </pre>
 *
 * @param metadata texts of {@code __metadata__}
 * @param entries tensors by name in header order
 * @param dataStart byte of the file at which the data begins
 */
record SafetensorsHeader(
    Map<String, String> metadata, Map<String, SafetensorsHeader.Entry> entries, long dataStart) {
  /** Byte of the file at which the JSON starts. */
  static final int START = Long.BYTES;

  /** A hundred times the longest header in circulation; bounds what a hostile file costs. */
  static final long MAX_BYTES = 16L << 20;

  static final String METADATA = "__metadata__";

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * One tensor.
   *
   * @param at byte of the file at which the header names it, for messages
   * @param begin first byte of its data, counted from the start of the data
   * @param end the byte after its last
   */
  record Entry(String name, long at, DType dtype, List<Long> shape, long begin, long end) {}

  /**
   * Reads and checks a header; allocates no more than the header's own bytes call for.
   *
   * @param path the file, for messages
   * @param file all bytes of the file
   * @throws FormatException at the first fault
   */
  static SafetensorsHeader read(Path path, MemorySegment file) throws FormatException {
    if (file.byteSize() < START) {
      throw new FormatException(
          path, file.byteSize(), "the file ends inside the header length, which takes 8 bytes");
    }
    long length = file.get(LENGTH, 0);
    if (length < 2 || length > MAX_BYTES || length > file.byteSize() - START) {
      throw new FormatException(
          path,
          0,
          "the header cannot have %s bytes: from 2 to %d are possible in a file of %d"
              .formatted(
                  Long.toUnsignedString(length),
                  Math.max(0, Math.min(MAX_BYTES, file.byteSize() - START)),
                  file.byteSize()));
    }
    byte[] json = file.asSlice(START, length).toArray(ValueLayout.JAVA_BYTE);
    if (json[0] != '{') {
      throw new FormatException(path, START, "the header must begin with {");
    }
    var parser = new JsonParser(path, json, START);
    var metadata = new LinkedHashMap<String, String>();
    var entries = new LinkedHashMap<String, Entry>();
    parser.members(
        (name, at) -> {
          var members = new JsonObject(path, at, name, parser.value());
          if (name.equals(METADATA)) {
            for (String key : members.names()) {
              metadata.put(key, members.string(key));
            }
          } else {
            entries.put(name, entry(name, at, members));
          }
        });
    parser.end();
    var header =
        new SafetensorsHeader(
            Collections.unmodifiableMap(metadata),
            Collections.unmodifiableMap(entries),
            START + length);
    header.checkCoverage(path, file.byteSize() - START - length);
    return header;
  }

  private static Entry entry(String name, long at, JsonObject members) throws FormatException {
    String type = members.string("dtype");
    DType dtype = null;
    for (DType known : DType.values()) {
      if (known.name().equals(type)) {
        dtype = known;
      }
    }
    if (dtype == null) {
      throw members.error(name + ": dtype " + Json.describe(type) + " is unknown");
    }
    var shape = members.wholes("shape");
    var offsets = members.wholes("data_offsets");
    if (offsets.size() != 2) {
      throw members.error(name + ": data_offsets must be two numbers but are " + offsets);
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    long bytes = StoredTensor.byteSize(dtype, shape);
    if (bytes < 0) {
      throw members.error(name + ": shape " + shape + " has a negative or impossibly large size");
    }
    if (begin < 0 || end < begin || end - begin != bytes) {
      throw members.error(
          "%s: %s %s takes %d bytes but data_offsets are %s"
              .formatted(name, dtype, shape, bytes, offsets));
    }
    return new Entry(name, at, dtype, shape, begin, end);
  }

  /** Checks that the tensors tile the data: no overlap, no gap, nothing outside, nothing left. */
  private void checkCoverage(Path path, long dataBytes) throws FormatException {
    var sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long covered = 0;
    for (Entry entry : sorted) {
      String problem = null;
      if (entry.end > dataBytes) {
        problem = "ends at byte %d of the data, which has %d".formatted(entry.end, dataBytes);
      } else if (entry.begin < covered) {
        problem = "overlaps the tensor before it by %d bytes".formatted(covered - entry.begin);
      } else if (entry.begin > covered) {
        problem = "leaves a gap of %d bytes before it".formatted(entry.begin - covered);
      }
      if (problem != null) {
        throw new FormatException(path, entry.at, Json.describe(entry.name) + " " + problem);
      }
      covered = entry.end;
    }
    if (covered < dataBytes) {
      throw new FormatException(
          path, dataStart + covered, (dataBytes - covered) + " bytes belong to no tensor");
    }
  }
}
