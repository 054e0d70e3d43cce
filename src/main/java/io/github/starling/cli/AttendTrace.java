package io.github.starling.cli;

import io.github.starling.attention.HeadTrace;
import io.github.starling.model.DType;
import io.github.starling.model.SafetensorsWriter.Part;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers what clustered attention did to each head, for {@code attend --trace}.
 *
 * <p>Each head writes a part of its own, so heads may come from any thread.
 */
final class AttendTrace implements HeadTrace.Listener {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Shape shape;
  private final MemorySegment signatures;
  private final MemorySegment assignment;
  private final MemorySegment counts;
  private final MemorySegment centroidSignatures;
  private final MemorySegment centroids;
  private final MemorySegment centroidOutput;
  private final MemorySegment topKeys;
  private final MemorySegment topMass;

  /**
   * What is traced.
   *
   * @param heads heads of the whole batch
   * @param n queries of each, padding included
   * @param c clusters of each
   * @param k top keys of each cluster, 0 for clustered attention
   */
  record Shape(int heads, int n, int dk, int dv, int c, int k) {}

  /**
   * Allocates; padded queries have signature 0 and cluster −1.
   *
   * @param arena owner of the memory
   */
  AttendTrace(Shape shape, Arena arena) {
    this.shape = shape;
    signatures = allocate(arena, Long.BYTES, shape.n, 1);
    assignment = allocate(arena, Integer.BYTES, shape.n, 1);
    counts = allocate(arena, Integer.BYTES, shape.c, 1);
    centroidSignatures = allocate(arena, Long.BYTES, shape.c, 1);
    centroids = allocate(arena, Float.BYTES, shape.c, shape.dk);
    centroidOutput = allocate(arena, Float.BYTES, shape.c, shape.dv);
    topKeys = allocate(arena, Integer.BYTES, shape.c, shape.k);
    topMass = allocate(arena, Float.BYTES, shape.c, 1);
    assignment.fill((byte) -1); // all bits set: −1
    topKeys.fill((byte) -1);
  }

  private MemorySegment allocate(Arena arena, int bytes, int rows, int columns) {
    long elements = Math.multiplyExact((long) shape.heads * rows, (long) columns);
    return arena.allocate(Math.multiplyExact(elements, (long) bytes), Long.BYTES);
  }

  @Override
  public void traced(int head, HeadTrace trace) {
    put(trace.signatures(), signatures, (long) head * shape.n);
    put(trace.assignment(), assignment, (long) head * shape.n);
    long cluster = (long) head * shape.c;
    put(trace.counts(), counts, cluster);
    put(trace.centroidSignatures(), centroidSignatures, cluster);
    for (int j = 0; j < shape.c; j++) {
      put(trace.centroids()[j], centroids, (cluster + j) * shape.dk);
      put(trace.centroidOutput()[j], centroidOutput, (cluster + j) * shape.dv);
      if (shape.k > 0) {
        put(trace.topKeys()[j], topKeys, (cluster + j) * shape.k);
      }
    }
    if (shape.k > 0) {
      put(trace.topMass(), topMass, cluster);
    }
  }

  private static void put(long[] values, MemorySegment to, long at) {
    MemorySegment.copy(values, 0, to, LONG, at * Long.BYTES, values.length);
  }

  private static void put(int[] values, MemorySegment to, long at) {
    MemorySegment.copy(values, 0, to, INT, at * Integer.BYTES, values.length);
  }

  private static void put(float[] values, MemorySegment to, long at) {
    MemorySegment.copy(values, 0, to, Matrix.FLOAT, at * Float.BYTES, values.length);
  }

  /**
   * Returns the tensors to write.
   *
   * @param outer the dimensions before the last: (heads) or (batch, heads)
   */
  List<Part> parts(List<Long> outer) {
    var parts = new ArrayList<Part>();
    parts.add(part("signatures", DType.I64, signatures, outer, shape.n));
    parts.add(part("assignment", DType.I32, assignment, outer, shape.n));
    parts.add(part("counts", DType.I32, counts, outer, shape.c));
    parts.add(part("centroid_signatures", DType.I64, centroidSignatures, outer, shape.c));
    parts.add(part("centroids", DType.F32, centroids, outer, shape.c, shape.dk));
    parts.add(part("centroid_output", DType.F32, centroidOutput, outer, shape.c, shape.dv));
    if (shape.k > 0) {
      parts.add(part("top_keys", DType.I32, topKeys, outer, shape.c, shape.k));
      parts.add(part("top_mass", DType.F32, topMass, outer, shape.c));
    }
    return parts;
  }

  private static Part part(
      String name, DType type, MemorySegment data, List<Long> outer, int... inner) {
    var dimensions = new ArrayList<>(outer);
    for (int dimension : inner) {
      dimensions.add((long) dimension);
    }
    return new Part(name, type, dimensions, _ -> data);
  }
}
