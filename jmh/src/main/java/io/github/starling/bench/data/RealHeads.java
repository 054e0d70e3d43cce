package io.github.starling.bench.data;

import io.github.starling.attention.Head;
import io.github.starling.encoder.Embedder;
import io.github.starling.model.DType;
import io.github.starling.model.Safetensors;
import io.github.starling.model.SafetensorsWriter;
import io.github.starling.model.SafetensorsWriter.Part;
import io.github.starling.tensor.Matrix;
import io.github.starling.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Queries, keys and values of real text: those of the middle layer of all-MiniLM-L6-v2.
 *
 * <p>The model reads the project's own documents in windows of 512 tokens, which are joined. Its
 * heads are 32 columns wide; two neighbours side by side are a head of 64. Beyond {@link #LENGTH}
 * tokens the sequence is repeated, each time with noise of its own: without it every key would have
 * equals, and the search for top keys would do nothing but settle ties.
 */
public final class RealHeads {
  /** Tokens of the text that are kept. */
  public static final int LENGTH = 16_384;

  /** Columns of a head. */
  public static final int WIDTH = 64;

  private static final int HEADS = 2;
  private static final double NOISE = 0.05;
  private static final List<String> TEXTS =
      List.of("README.md", "docs/tutorial.md", "docs/paper-map.md", "LICENSE");
  private static final List<String> NAMES = List.of("query", "key", "value");

  private RealHeads() {}

  /** Encodes the texts and writes a file that {@code starling attend} reads too. */
  static void write(Path home, Path file) throws IOException {
    try (var arena = Arena.ofShared();
        var embedder = Embedder.open(DataFolder.path("minilm"))) {
      var tensors = new ArrayList<Tensor>();
      for (int i = 0; i < NAMES.size(); i++) {
        tensors.add(Tensor.allocate(arena, 1, HEADS, LENGTH, WIDTH));
      }
      int middle = embedder.encoder().config().layers() / 2;
      JoinedWindows.read(
          embedder.encoder(),
          embedder.tokenizer().encode(text(home)),
          0,
          LENGTH,
          (row, layer, heads) -> {
            if (layer == middle) {
              copy(heads, tensors, row);
            }
          });
      var parts = new ArrayList<Part>();
      for (int i = 0; i < NAMES.size(); i++) {
        parts.add(Part.of(NAMES.get(i), DType.F32, tensors.get(i).data(), HEADS, LENGTH, WIDTH));
      }
      SafetensorsWriter.write(file, Map.of(), parts);
    }
  }

  /**
   * Returns the project's documents, one after another.
   *
   * @param home the project's folder
   */
  public static String text(Path home) throws IOException {
    var text = new StringBuilder();
    for (String name : TEXTS) {
      text.append(Files.readString(home.resolve(name))).append('\n');
    }
    return text.toString();
  }

  private static void copy(List<Head> heads, List<Tensor> tensors, int row) {
    int narrow = heads.getFirst().query().columns();
    for (int h = 0; h * narrow < HEADS * WIDTH; h++) {
      var from = List.of(heads.get(h).query(), heads.get(h).key(), heads.get(h).value());
      for (int i = 0; i < NAMES.size(); i++) {
        var to = tensors.get(i).head(0, h * narrow / WIDTH).columns(h * narrow % WIDTH, narrow);
        from.get(i).copyTo(to.rows(row, from.get(i).rows()));
      }
    }
  }

  /**
   * Copies heads to dense memory of their own.
   *
   * @param count 1 or 2
   * @param n tokens
   * @param dk 64, or 32 for heads as the model has them
   */
  public static List<Head> load(Arena arena, int count, int n, int dk) {
    try (var scratch = Arena.ofConfined()) {
      var file = Safetensors.open(DataFolder.path("heads.safetensors"), scratch);
      var tensors = new ArrayList<Tensor>();
      for (String name : NAMES) {
        var stored = new Tensor(file.tensor(name).data(), 1, HEADS, LENGTH, WIDTH);
        var tensor = Tensor.allocate(arena, 1, count, n, dk);
        for (int h = 0; h < count; h++) {
          fill(stored.head(0, h).columns(0, dk), tensor.head(0, h), name.hashCode() + h);
        }
        tensors.add(tensor);
      }
      var output = Tensor.allocate(arena, 1, count, n, dk);
      var query = tensors.get(0);
      var key = tensors.get(1);
      return Head.of(query, key, tensors.get(2), output, Head.Lengths.full(query, key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(Matrix from, Matrix to, long seed) {
    int n = Math.min(from.rows(), to.rows());
    for (int r = 0; r < n; r++) {
      from.copyRow(r, to, r);
    }
    if (to.rows() > n) {
      repeat(to, n, NOISE * deviation(from), seed);
    }
  }

  /** Noise comes from a table: a million rows would take seconds to draw. */
  private static void repeat(Matrix rows, int n, double deviation, long seed) {
    var random = new Random(seed);
    var noise = new float[1 << 16];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (deviation * random.nextGaussian());
    }
    int columns = rows.columns();
    var row = new float[columns];
    for (int r = n; r < rows.rows(); r++) {
      var from = rows.data().asSlice(rows.byteOffset(r % n), 4L * columns);
      MemorySegment.copy(from, Matrix.FLOAT, 0, row, 0, columns);
      int at = random.nextInt(noise.length - columns);
      for (int c = 0; c < columns; c++) {
        row[c] += noise[at + c];
      }
      MemorySegment.copy(row, 0, rows.data(), Matrix.FLOAT, rows.byteOffset(r), columns);
    }
  }

  private static double deviation(Matrix matrix) {
    double squares = 0;
    for (int r = 0; r < matrix.rows(); r++) {
      for (int c = 0; c < matrix.columns(); c++) {
        squares += (double) matrix.get(r, c) * matrix.get(r, c);
      }
    }
    return Math.sqrt(squares / matrix.rows() / matrix.columns());
  }

  /**
   * Copies queries spread evenly over a head, to see what exact attention makes of them.
   *
   * @param count at most n
   */
  public static Head sample(Arena arena, Head head, int count) {
    var query = Matrix.allocate(arena, count, head.query().columns());
    for (int i = 0; i < count; i++) {
      head.query().copyRow(sampledRow(head, count, i), query, i);
    }
    var output = Matrix.allocate(arena, count, head.value().columns());
    return new Head(query, head.key(), head.value(), output);
  }

  /** Returns which query of a head is number {@code i} of its {@link #sample}. */
  public static int sampledRow(Head head, int count, int i) {
    return (int) ((long) i * head.query().rows() / count);
  }

  /** Copies the outputs of the same queries, shape (count, dv). */
  public static Matrix sampleOutput(Arena arena, Head head, int count) {
    var output = Matrix.allocate(arena, count, head.value().columns());
    for (int i = 0; i < count; i++) {
      head.output().copyRow(sampledRow(head, count, i), output, i);
    }
    return output;
  }
}
