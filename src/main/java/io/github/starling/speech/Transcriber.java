package io.github.starling.speech;

import io.github.starling.attention.Attention;
import io.github.starling.attention.ErrorEstimate;
import io.github.starling.model.MoonshineConfig;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.tensor.Matrix;
import io.github.starling.text.PieceDecoder;
import io.github.starling.transformer.AttentionObserver;
import io.github.starling.transformer.LayerAudits;
import io.github.starling.transformer.Workspace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns speech into text.
 *
 * <pre>{@code
 * try (var transcriber = Transcriber.open(folder)) {
 *   String text = transcriber.transcribe(samples).text();
 * }
 * }</pre>
 *
 * <p>The transcript of a clip is the same alone or among others and on any number of threads. Safe
 * for any number of threads; their calls wait for each other.
 */
public final class Transcriber implements AutoCloseable {
  /** Samples a second of every clip. */
  public static final int RATE = Resampler.RATE;

  /** The fewest samples of a clip, 56 ms: fewer give no frame. */
  public static final int SHORTEST = Segments.SHORTEST;

  /** Clips that are decoded side by side: enough that reading the weights matters little. */
  public static final int SIDE_BY_SIDE = 4;

  /** What the model was made for: a clip's tokens a second, at most. */
  private static final double TOKENS_A_SECOND = 6.5;

  /** Ids of the vocabulary that stand for no text: unknown, start and end. */
  private static final int SPECIAL_TOKENS = 3;

  private final TranscriberOptions options;
  private final Arena arena;
  private final MoonshineFolder folder;
  private final PieceDecoder pieces;
  private final Workspace work;
  private final SpeechEncoder encoder;
  private final SpeechDecoder decoder;
  private boolean closed;

  private Transcriber(Arena arena, MoonshineFolder folder, TranscriberOptions options)
      throws IOException {
    this.arena = arena;
    this.folder = folder;
    this.options = options;
    pieces = new PieceDecoder(folder.pieces(), SPECIAL_TOKENS);
    var config = folder.config();
    work = new Workspace(config.hiddenSize(), config.intermediateSize(), options.threads());
    try {
      encoder = new SpeechEncoder(folder, arena, work);
      decoder = new SpeechDecoder(folder, arena, work);
    } catch (IOException | RuntimeException | Error e) {
      work.close();
      throw e;
    }
  }

  /**
   * Opens a model with {@link TranscriberOptions#defaults}.
   *
   * @param folder a Hugging Face folder of Moonshine
   * @throws IOException if it is not one, see {@link MoonshineFolder}
   */
  public static Transcriber open(Path folder) throws IOException {
    return open(folder, TranscriberOptions.defaults());
  }

  /**
   * Opens a model.
   *
   * @param folder a Hugging Face folder of Moonshine
   * @throws IOException if it is not one, see {@link MoonshineFolder}
   */
  public static Transcriber open(Path folder, TranscriberOptions options) throws IOException {
    var arena = Arena.ofShared();
    try {
      return new Transcriber(arena, MoonshineFolder.open(folder, arena), options);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** Returns the shape of the model. */
  public MoonshineConfig config() {
    return folder.config();
  }

  /** Returns the folder that the model is from. */
  public Path path() {
    return folder.path();
  }

  /** Returns how many frames the encoder makes of a clip, its sequence length n. */
  public static int frames(int samples) {
    return FrontEnd.frames(samples);
  }

  /**
   * Transcribes a clip.
   *
   * @param samples mono at {@link #RATE}, in [−1, 1], at least {@link #SHORTEST}
   * @throws IllegalArgumentException if there are too few samples, or one is not finite
   */
  public Transcript transcribe(float[] samples) {
    return transcribe(List.of(samples)).getFirst();
  }

  /**
   * Transcribes clips; many are faster together than one by one.
   *
   * @param clips each as {@link #transcribe(float[])} takes it
   * @return one transcript for each clip, in their order
   * @throws IllegalArgumentException if a clip has too few samples, or one is not finite
   */
  public List<Transcript> transcribe(List<float[]> clips) {
    return transcribe(clips, options.attention(), AttentionObserver.NONE);
  }

  /**
   * Transcribes clips with another attention than that of the options.
   *
   * @param clips each as {@link #transcribe(float[])} takes it
   * @param attention how frames attend to each other in the encoder
   * @param observer sees the heads of every layer of the encoder, a clip at a time
   * @return one transcript for each clip, in their order
   * @throws IllegalArgumentException if a clip has too few samples, or one is not finite
   */
  public synchronized List<Transcript> transcribe(
      List<float[]> clips, Attention attention, AttentionObserver observer) {
    clips.forEach(Transcriber::check);
    checkOpen();
    var transcripts = new ArrayList<Transcript>(clips.size());
    for (int from = 0; from < clips.size(); from += SIDE_BY_SIDE) {
      int to = Math.min(from + SIDE_BY_SIDE, clips.size());
      transcripts.addAll(together(clips.subList(from, to), attention, observer));
    }
    return transcripts;
  }

  /**
   * Encodes a clip.
   *
   * @param samples as {@link #transcribe(float[])} takes it
   * @param attention how frames attend to each other
   * @param observer sees the heads of every layer
   * @param out takes the vectors of the frames, shape ({@link #frames}, d)
   * @throws IllegalArgumentException if there are too few samples, one is not finite, or {@code
   *     out} has another shape
   */
  public synchronized void encode(
      float[] samples, Attention attention, AttentionObserver observer, Matrix out) {
    check(samples);
    checkOpen();
    int frames = frames(samples.length);
    if (out.rows() != frames || out.columns() != config().hiddenSize()) {
      throw new IllegalArgumentException(
          "the output has shape %s but needs (%d, %d)"
              .formatted(out.shape(), frames, config().hiddenSize()));
    }
    encoder.encode(samples, attention, observer).copyTo(out);
  }

  private List<Transcript> together(
      List<float[]> clips, Attention attention, AttentionObserver observer) {
    var encoded = new ArrayList<Encoded>();
    try {
      for (float[] clip : clips) {
        encoded.add(encode(clip, attention, observer));
      }
      long start = System.nanoTime();
      decoder.run(encoded.stream().map(Encoded::utterance).toList());
      double decoding = seconds(System.nanoTime() - start) / clips.size();
      return encoded.stream().map(e -> transcript(e, decoding)).toList();
    } finally {
      encoded.forEach(e -> e.utterance().close());
    }
  }

  /** A clip between encoder and decoder. */
  private record Encoded(
      Utterance utterance, long frontEndNanos, long encoderNanos, List<ErrorEstimate> errors) {}

  private Encoded encode(float[] clip, Attention attention, AttentionObserver observer) {
    var audits =
        options.auditedQueries() == 0
            ? null
            : new LayerAudits(options.auditedQueries(), work.workers());
    AttentionObserver both =
        audits == null
            ? observer
            : (layer, heads, scale) -> {
              audits.attended(layer, heads, scale);
              observer.attended(layer, heads, scale);
            };
    long start = System.nanoTime();
    var frames = encoder.encode(clip, attention, both);
    int limit = (int) (TOKENS_A_SECOND * clip.length / RATE);
    var utterance = decoder.begin(frames, Math.max(1, limit));
    long nanos = System.nanoTime() - start - encoder.frontEndNanos();
    return new Encoded(
        utterance, encoder.frontEndNanos(), nanos, audits == null ? List.of() : audits.layers());
  }

  private Transcript transcript(Encoded encoded, double decoding) {
    var utterance = encoded.utterance();
    int[] tokens = utterance.tokens();
    return new Transcript(
        pieces.decode(tokens),
        tokens,
        utterance.frames(),
        utterance.ending(),
        new Transcript.Times(
            seconds(encoded.frontEndNanos()), seconds(encoded.encoderNanos()), decoding),
        encoded.errors());
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private static void check(float[] samples) {
    if (samples.length < SHORTEST) {
      throw new IllegalArgumentException(
          "a clip of %d samples is too short: at least %d are needed"
              .formatted(samples.length, SHORTEST));
    }
    for (int i = 0; i < samples.length; i++) {
      if (!Float.isFinite(samples[i])) {
        throw new IllegalArgumentException(
            "sample %d, at %.3f s, is %s".formatted(i, (double) i / RATE, samples[i]));
      }
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this transcriber is closed");
    }
  }

  /** Frees weights and threads, once a call that is running has ended. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    encoder.close();
    decoder.close();
    work.close();
    arena.close();
  }
}
