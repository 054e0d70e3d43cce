package io.github.starling.cli;

import io.github.starling.model.DType;
import io.github.starling.model.Safetensors;
import io.github.starling.model.SafetensorsWriter;
import io.github.starling.model.SafetensorsWriter.Part;
import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes input files of {@code attend}, and reads its outputs. */
final class AttendFile {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final List<Part> parts = new ArrayList<>();

  /** Adds a tensor of normally distributed floats. */
  AttendFile random(String name, long seed, long... shape) {
    var random = new Random(seed);
    var values = new float[(int) elements(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return floats(name, values, shape);
  }

  AttendFile floats(String name, float[] values, long... shape) {
    var data = Arena.ofAuto().allocate((long) values.length * Float.BYTES, Float.BYTES);
    MemorySegment.copy(values, 0, data, Matrix.FLOAT, 0, values.length);
    parts.add(Part.of(name, DType.F32, data, shape));
    return this;
  }

  AttendFile longs(String name, long... values) {
    var data = Arena.ofAuto().allocate((long) values.length * Long.BYTES, Long.BYTES);
    MemorySegment.copy(values, 0, data, LONG, 0, values.length);
    parts.add(Part.of(name, DType.I64, data, values.length));
    return this;
  }

  /** Adds zeros of another type than {@code attend} reads. */
  AttendFile typed(String name, DType type, long... shape) {
    var data = Arena.ofAuto().allocate(elements(shape) * type.bytes());
    parts.add(Part.of(name, type, data, shape));
    return this;
  }

  Path write(Path path) throws IOException {
    SafetensorsWriter.write(path, Map.of(), parts);
    return path;
  }

  private static long elements(long... shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    return elements;
  }

  /** Reads a tensor of floats. */
  static float[] floats(Path path, String name) throws IOException {
    try (var arena = Arena.ofConfined()) {
      return Safetensors.open(path, arena).tensor(name).data().toArray(Matrix.FLOAT);
    }
  }

  /** Reads a tensor of integers of either size. */
  static long[] longs(Path path, String name) throws IOException {
    try (var arena = Arena.ofConfined()) {
      return Safetensors.open(path, arena).tensor(name).longs();
    }
  }

  static List<Long> shape(Path path, String name) throws IOException {
    try (var arena = Arena.ofConfined()) {
      return Safetensors.open(path, arena).tensor(name).shape();
    }
  }
}
