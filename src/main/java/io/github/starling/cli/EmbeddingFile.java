package io.github.starling.cli;

import io.github.starling.encoder.Embedding;
import io.github.starling.model.DType;
import io.github.starling.model.SafetensorsWriter;
import io.github.starling.model.SafetensorsWriter.Part;
import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Embeddings as a safetensors file.
 *
 * @param embeddings of one width, at least one
 * @param model the folder of the model that made them
 * @param attention the kind of attention that it used
 */
record EmbeddingFile(List<Embedding> embeddings, Path model, AttentionKind attention) {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  void write(Path path) throws IOException {
    int n = embeddings.size();
    int width = embeddings.getFirst().vector().length;
    try (var arena = Arena.ofConfined()) {
      var vectors = Matrix.allocate(arena, n, width);
      for (int i = 0; i < n; i++) {
        float[] vector = embeddings.get(i).vector();
        MemorySegment.copy(
            vector, 0, vectors.data(), Matrix.FLOAT, vectors.byteOffset(i), vector.length);
      }
      var metadata =
          Map.of(
              "starling", Version.number(),
              "model", String.valueOf(model.getFileName()),
              "attention", attention.toString());
      var parts =
          List.of(
              Part.of("embedding", DType.F32, vectors.data(), n, width),
              Part.of("tokens", DType.I64, longs(arena, Embedding::tokens), n),
              Part.of("used_tokens", DType.I64, longs(arena, Embedding::usedTokens), n));
      CleanInterrupt.run(() -> SafetensorsWriter.write(path, metadata, parts));
    }
  }

  private MemorySegment longs(Arena arena, ToLongFunction<Embedding> value) {
    var data = arena.allocate((long) embeddings.size() * Long.BYTES, Long.BYTES);
    for (int i = 0; i < embeddings.size(); i++) {
      data.set(LONG, (long) i * Long.BYTES, value.applyAsLong(embeddings.get(i)));
    }
    return data;
  }
}
