package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.evaluation.TinyClips;
import io.github.starling.model.TinySpeech;
import io.github.starling.speech.SoundFile;
import io.github.starling.speech.Transcriber;
import io.github.starling.speech.TranscriberOptions;
import io.github.starling.speech.Transcript;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs {@code transcribe} with a tiny model, whose weights are random: what it hears in noise is
 * nonsense, but always the same.
 *
 * @param model its folder
 */
record TinyRecogniser(Path model) {
  /** Queries that {@link #heard} audits. */
  static final int AUDITED = 4;

  static TinyRecogniser write(Path folder) throws IOException {
    return new TinyRecogniser(TinySpeech.write(folder, 2));
  }

  /** Writes noise as a WAV file and returns it. */
  static Path noise(Path file, int samples) throws IOException {
    return Files.write(file, TinyClips.wav(TinyClips.noise(samples, samples)));
  }

  CommandRun run(Object... args) {
    return runFrom(new byte[0], args);
  }

  CommandRun runFrom(byte[] standardInput, Object... args) {
    return run(standardInput, false, List.of(args));
  }

  /** Runs the command as if a person read what it says. */
  CommandRun runOnTerminal(Object... args) {
    return run(new byte[0], true, List.of(args));
  }

  private CommandRun run(byte[] standardInput, boolean isTerminal, List<Object> args) {
    var words = new ArrayList<Object>(List.of("transcribe", "--model", model));
    words.addAll(args);
    var in = new ByteArrayInputStream(standardInput);
    var cache = new ModelCache(Path.of("/no/such/cache"));
    return CommandRun.of(
        new Surroundings(cache, CommandRun.NO_PROGRAMS, isTerminal, in), words.toArray());
  }

  /** Returns what the model hears, by way of Java. */
  Transcript heard(float[] samples, Attention attention) throws IOException {
    var options =
        TranscriberOptions.defaults().withAttention(attention).withAuditedQueries(AUDITED);
    try (var transcriber = Transcriber.open(model, options)) {
      return transcriber.transcribe(samples);
    }
  }

  Transcript heard(Path file) throws IOException {
    return heard(SoundFile.read(file), new FullAttention());
  }

  /** Returns what the model hears in a file, as the command prints it. */
  String line(Path file) throws IOException {
    return heard(file).text().strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
  }
}
