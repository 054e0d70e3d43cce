package io.github.starling.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes TensorFlow bundles for tests, after LevelDB's {@code table_format.md} and {@code
 * tensor_bundle.proto}.
 */
final class BundleBuilder {
  static final int FLOAT = 1;

  /** Number of data files; tensors go to them in turn. */
  int shards = 1;

  /** Entries of a data block. */
  int blockLength = 5;

  /** Entries after which a key is written whole. */
  int restartInterval = 3;

  private final Map<String, byte[]> entries = new TreeMap<>();
  private final List<ByteArrayOutputStream> data = new ArrayList<>();
  private int next;

  BundleBuilder floats(String name, float[] values, long... shape) {
    return tensor(name, FLOAT, OnnxBuilder.littleEndian(values), shape);
  }

  BundleBuilder tensor(String name, int dtype, byte[] bytes, long... shape) {
    int shard = next++ % shards;
    while (data.size() <= shard) {
      data.add(new ByteArrayOutputStream());
    }
    int at = data.get(shard).size();
    data.get(shard).writeBytes(bytes);
    return entry(name, message(dtype, shard, at, bytes.length, masked(bytes), shape));
  }

  /** Adds an entry as it is, without data. */
  BundleBuilder entry(String name, byte[] message) {
    entries.put(name, message);
    return this;
  }

  static byte[] message(int dtype, long shard, long at, long size, int crc, long... shape) {
    var dimensions = new ByteArrayOutputStream();
    for (long dimension : shape) {
      var size1 = new ByteArrayOutputStream();
      OnnxBuilder.integer(size1, 1, dimension);
      OnnxBuilder.bytes(dimensions, 2, size1.toByteArray());
    }
    var message = new ByteArrayOutputStream();
    OnnxBuilder.integer(message, 1, dtype);
    OnnxBuilder.bytes(message, 2, dimensions.toByteArray());
    OnnxBuilder.integer(message, 3, shard);
    OnnxBuilder.integer(message, 4, at);
    OnnxBuilder.integer(message, 5, size);
    OnnxBuilder.varint(message, 6 << 3 | 5);
    message.writeBytes(littleEndian(crc));
    return message.toByteArray();
  }

  static byte[] header(long shards, int endianness) {
    var header = new ByteArrayOutputStream();
    OnnxBuilder.integer(header, 1, shards);
    OnnxBuilder.integer(header, 2, endianness);
    return header.toByteArray();
  }

  /** Writes {@code stem.index} and its data files; returns the index. */
  Path write(Path folder, String stem) throws IOException {
    for (int i = 0; i < data.size(); i++) {
      String name = "%s.data-%05d-of-%05d".formatted(stem, i, shards);
      Files.write(folder.resolve(name), data.get(i).toByteArray());
    }
    return Files.write(folder.resolve(stem + ".index"), index());
  }

  byte[] index() {
    entries.putIfAbsent("", header(shards, 0));
    var blocks = new ArrayList<byte[]>();
    var block = new ByteArrayOutputStream();
    var restarts = new ArrayList<Integer>();
    String before = "";
    int count = 0;
    for (var entry : entries.entrySet()) {
      String key = entry.getKey();
      int shared = 0;
      if (count % restartInterval == 0) {
        restarts.add(block.size());
      } else {
        while (shared < Math.min(key.length(), before.length())
            && key.charAt(shared) == before.charAt(shared)) {
          shared++;
        }
      }
      block.writeBytes(entry(shared, key.substring(shared), entry.getValue()));
      before = key;
      if (++count == blockLength) {
        blocks.add(block(block.toByteArray(), restarts));
        block.reset();
        restarts.clear();
        count = 0;
      }
    }
    if (count > 0) {
      blocks.add(block(block.toByteArray(), restarts));
    }
    return table(blocks.toArray(byte[][]::new));
  }

  static byte[] entry(int shared, String further, byte[] value) {
    var entry = new ByteArrayOutputStream();
    OnnxBuilder.varint(entry, shared);
    OnnxBuilder.varint(entry, further.length());
    OnnxBuilder.varint(entry, value.length);
    entry.writeBytes(further.getBytes(StandardCharsets.ISO_8859_1));
    entry.writeBytes(value);
    return entry.toByteArray();
  }

  static byte[] block(byte[] entries, List<Integer> restarts) {
    var block = new ByteArrayOutputStream();
    block.writeBytes(entries);
    restarts.forEach(restart -> block.writeBytes(littleEndian(restart)));
    block.writeBytes(littleEndian(restarts.size()));
    return block.toByteArray();
  }

  /** Returns a file of uncompressed data blocks. */
  static byte[] table(byte[]... blocks) {
    var file = new ByteArrayOutputStream();
    var index = new ByteArrayOutputStream();
    int number = 0;
    for (byte[] block : blocks) {
      String key = "%06d".formatted(number++); // readers that search nothing need no separator
      index.writeBytes(entry(0, key, place(file.size(), block.length)));
      file.writeBytes(sealed(block, 0));
    }
    return finished(file, block(index.toByteArray(), List.of(0)));
  }

  /** Adds meta index, index and footer to data blocks. */
  static byte[] finished(ByteArrayOutputStream file, byte[] index) {
    var footer = new ByteArrayOutputStream();
    byte[] meta = block(new byte[0], List.of(0));
    footer.writeBytes(place(file.size(), meta.length));
    file.writeBytes(sealed(meta, 0));
    footer.writeBytes(place(file.size(), index.length));
    file.writeBytes(sealed(index, 0));
    footer.writeBytes(new byte[40 - footer.size()]);
    footer.writeBytes(new byte[] {0x57, (byte) 0xfb, (byte) 0x80, (byte) 0x8b});
    footer.writeBytes(new byte[] {0x24, 0x75, 0x47, (byte) 0xdb});
    file.writeBytes(footer.toByteArray());
    return file.toByteArray();
  }

  static byte[] place(long at, long size) {
    var place = new ByteArrayOutputStream();
    OnnxBuilder.varint(place, at);
    OnnxBuilder.varint(place, size);
    return place.toByteArray();
  }

  /** Returns a block with its type and checksum. */
  static byte[] sealed(byte[] block, int type) {
    var sealed = new ByteArrayOutputStream();
    sealed.writeBytes(block);
    sealed.write(type);
    sealed.writeBytes(littleEndian(masked(sealed.toByteArray())));
    return sealed.toByteArray();
  }

  /** CRC-32C bit by bit (RFC 3720 §B.4), masked as LevelDB does. */
  static int masked(byte[] bytes) {
    int crc = -1;
    for (byte each : bytes) {
      crc ^= each & 0xff;
      for (int i = 0; i < 8; i++) {
        crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
      }
    }
    crc = ~crc;
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
