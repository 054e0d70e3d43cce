package io.github.starling.bench.data;

import io.github.starling.attention.FullAttention;
import io.github.starling.attention.Head;
import io.github.starling.encoder.Encoder;
import io.github.starling.encoder.TokenSequence;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.List;

/** A text that a model reads in windows as long as it can, which are joined to a longer one. */
public final class JoinedWindows {
  /** Takes the heads of a layer in a window. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Called layer by layer, window by window.
     *
     * @param row where the window begins in the joined text
     */
    void take(int row, int layer, List<Head> heads);
  }

  private JoinedWindows() {}

  /**
   * Reads, from the start again where the text ends.
   *
   * @param ids the text between its first and last special token
   * @param start which token of the text is the first
   * @param length a multiple of the model's positions
   */
  public static void read(Encoder encoder, int[] ids, int start, int length, Sink sink) {
    int positions = encoder.config().maxPositions();
    try (var arena = Arena.ofConfined()) {
      var out = Matrix.allocate(arena, positions, encoder.config().hiddenSize());
      for (int from = 0; from < length; from += positions) {
        var window = new int[positions];
        window[0] = ids[0];
        window[positions - 1] = ids[ids.length - 1];
        for (int i = 1; i < positions - 1; i++) {
          int at = start + from / positions * (positions - 2) + i - 1;
          window[i] = ids[1 + at % (ids.length - 2)];
        }
        int row = from;
        encoder.encode(
            List.of(TokenSequence.of(window)),
            new FullAttention(),
            (layer, heads, _) -> sink.take(row, layer, heads),
            out);
      }
    }
  }
}
