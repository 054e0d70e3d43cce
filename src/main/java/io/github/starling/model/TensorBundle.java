package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A memory-mapped checkpoint of TensorFlow in its second format: {@code NAME.index} with the places
 * of the tensors, {@code NAME.data-00000-of-00001} and so on with their elements.
 *
 * <p>Opening checks the whole index; the checksum of a tensor is checked when it is read. Field
 * numbers are those of {@code tensor_bundle.proto}.
 */
final class TensorBundle {
  static final String INDEX_SUFFIX = ".index";

  private static final int HEADER_SHARDS = 1;
  private static final int HEADER_ENDIANNESS = 2;

  private final Path path;
  private final MemorySegment index;
  private final Map<String, BundleEntry> entries = new LinkedHashMap<>();
  private final Map<Long, MemorySegment> shards = new HashMap<>();
  private long shardCount;

  private TensorBundle(Path path, MemorySegment index) {
    this.path = path;
    this.index = index;
  }

  /**
   * Maps an index with its data files.
   *
   * @param path the index; the data files must lie beside it
   * @param arena owner of the mappings
   * @throws FormatException if the index is damaged or does not fit the data files
   * @throws IOException if a file cannot be read
   */
  static TensorBundle open(Path path, Arena arena) throws IOException {
    var bundle = new TensorBundle(path, Safetensors.map(path, arena));
    SortedTable.read(path, bundle.index, bundle::read);
    if (bundle.shardCount == 0) {
      throw new FormatException(path, 0, "the index has no header");
    }
    for (BundleEntry entry : bundle.entries.values()) {
      bundle.mapShard(entry, arena);
    }
    bundle.checkOverlap();
    return bundle;
  }

  private void read(String key, long begin, long end) throws FormatException {
    var message = new ProtobufMessage(path, index, begin, end);
    if (key.isEmpty()) {
      readHeader(message);
    } else {
      entries.put(key, BundleEntry.read(key, begin, message));
    }
  }

  private void readHeader(ProtobufMessage header) throws FormatException {
    long endianness = 0;
    while (header.next()) {
      switch (header.field()) {
        case HEADER_SHARDS -> shardCount = header.integer();
        case HEADER_ENDIANNESS -> endianness = header.integer();
        default -> header.skip();
      }
    }
    if (shardCount < 1 || shardCount > Integer.MAX_VALUE) {
      throw header.error(Long.toUnsignedString(shardCount) + " data files are impossible");
    }
    if (endianness != 0) {
      throw header.error("big-endian tensors are not supported: little-endian ones are");
    }
  }

  private void mapShard(BundleEntry entry, Arena arena) throws IOException {
    if (entry.shard() < 0 || entry.shard() >= shardCount) {
      throw error(entry, "no data file %d: there are %d".formatted(entry.shard(), shardCount));
    }
    var shard = shards.get(entry.shard());
    if (shard == null) {
      Path file = shardPath(entry.shard());
      if (!Files.exists(file)) {
        throw error(entry, "its data file " + file.getFileName() + " is missing");
      }
      shard = Safetensors.map(file, arena);
      shards.put(entry.shard(), shard);
    }
    if (entry.begin() + entry.size() > shard.byteSize()) {
      throw error(
          entry,
          "ends at byte %d of its data file, which has %d"
              .formatted(entry.begin() + entry.size(), shard.byteSize()));
    }
  }

  private Path shardPath(long shard) {
    String name = path.getFileName().toString();
    String stem = name.substring(0, name.length() - INDEX_SUFFIX.length());
    return path.resolveSibling("%s.data-%05d-of-%05d".formatted(stem, shard, shardCount));
  }

  private void checkOverlap() throws FormatException {
    var sorted = new ArrayList<>(entries.values());
    sorted.sort(
        Comparator.comparingLong(BundleEntry::shard)
            .thenComparingLong(BundleEntry::begin)
            .thenComparingLong(BundleEntry::size));
    long shard = -1;
    long covered = 0;
    for (BundleEntry entry : sorted) {
      covered = entry.shard() == shard ? covered : 0;
      shard = entry.shard();
      if (entry.size() > 0 && entry.begin() < covered) {
        throw error(
            entry, "overlaps the tensor before it by %d bytes".formatted(covered - entry.begin()));
      }
      covered = entry.begin() + entry.size();
    }
  }

  /** Returns the index. */
  Path path() {
    return path;
  }

  /** Returns the names of the tensors in ascending order. */
  Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** Returns where a tensor lies, or null if there is none of this name. */
  BundleEntry entry(String name) {
    return entries.get(name);
  }

  /**
   * Returns a tensor, in place.
   *
   * @throws FormatException if its elements have another checksum than the index says
   */
  StoredTensor tensor(BundleEntry entry) throws FormatException {
    var data = shards.get(entry.shard()).asSlice(entry.begin(), entry.size());
    int checksum = MaskedCrc.of(data);
    if (checksum != entry.checksum()) {
      throw new FormatException(
          shardPath(entry.shard()),
          entry.begin(),
          "the checksum of tensor %s is %08x but must be %08x: the file is damaged"
              .formatted(Json.describe(entry.name()), checksum, entry.checksum()));
    }
    return new StoredTensor(entry.name(), entry.dtype(), entry.shape(), data);
  }

  private FormatException error(BundleEntry entry, String problem) {
    return new FormatException(
        path, entry.at(), "tensor " + Json.describe(entry.name()) + ": " + problem);
  }
}
