package io.github.starling.bench.data;

import io.github.starling.model.ModelImport;
import io.github.starling.speech.SoundFile;
import io.github.starling.speech.Transcriber;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the benchmarks of speech read and nobody can make for them: recordings, and a recogniser as
 * its authors publish it.
 */
public final class SpeechData {
  /** System property: a folder of WAV files of English speech, each of some 25 seconds. */
  public static final String CLIPS = "starling.bench.clips";

  /** System property: the folder {@code package} of the npm package, unpacked. */
  public static final String MOONSHINE = "starling.bench.moonshine";

  /** The sizes of the recogniser. */
  public static final List<String> MODELS = List.of("base", "tiny");

  /** Consecutive clips that a benchmark joins at most. */
  private static final int FEWEST = 2;

  private SpeechData() {}

  /** Returns where the recordings are looked for. */
  public static Path clips() {
    return Path.of(System.getProperty(CLIPS, DataFolder.path("clips").toString()));
  }

  /** Returns where the package is looked for. */
  public static Path moonshine() {
    return Path.of(System.getProperty(MOONSHINE, DataFolder.path("package").toString()));
  }

  /** Returns the folder of a size's two graphs, {@code encoder_model} and its decoder. */
  public static Path graphs(String size) {
    return moonshine().resolve("dist/model/" + size + "/quantized");
  }

  /** Says what is missing, if anything is. */
  public static Optional<String> missing() throws IOException {
    if (files().size() < FEWEST) {
      return Optional.of(
          "--clips names a folder of WAV files, but %s does not have %d"
              .formatted(clips(), FEWEST));
    }
    for (String size : MODELS) {
      if (!Files.isDirectory(graphs(size))) {
        return Optional.of(
            "--moonshine names an unpacked @usefulsensors/moonshine-js, but %s does not exist"
                .formatted(graphs(size)));
      }
    }
    return Optional.empty();
  }

  /**
   * Refuses to time what cannot be had.
   *
   * @throws IllegalStateException if something is missing; without the launcher, properties say
   *     where it is
   */
  public static void check() throws IOException {
    var missing = missing();
    if (missing.isPresent()) {
      throw new IllegalStateException(
          "skipped: %s (-D%s, -D%s)".formatted(missing.get(), CLIPS, MOONSHINE));
    }
  }

  /** Makes of it what forks read. */
  public static void prepare() throws IOException {
    for (String size : MODELS) {
      model(size);
    }
    SpeechHeads.file();
  }

  /** Returns the folder of a size in our own format, made of the graphs if it is not there. */
  public static Path model(String size) throws IOException {
    Path folder = DataFolder.path("moonshine-" + size);
    if (!Files.exists(folder)) {
      Files.createDirectories(folder.getParent());
      try {
        ModelImport.run(graphs(size), folder, ModelImport.Options.DEFAULT);
      } catch (FileAlreadyExistsException _) {
        // another process was faster
      }
    }
    return folder;
  }

  /** Returns the recordings by name. */
  static List<Path> files() throws IOException {
    if (!Files.isDirectory(clips())) {
      return List.of();
    }
    try (var files = Files.list(clips())) {
      return files.filter(file -> file.toString().endsWith(".wav")).sorted().toList();
    }
  }

  /**
   * Joins the first clips, one's sound right after the other's.
   *
   * @param count at most as many as there are
   */
  public static float[] joined(int count) throws IOException {
    return join(files().subList(0, count), Integer.MAX_VALUE);
  }

  /** Joins clips to so many seconds, over and over again if they are too short. */
  public static float[] lasting(int seconds) throws IOException {
    return join(files(), seconds * Transcriber.RATE);
  }

  /** Joins files, again and again where a length is asked for. */
  private static float[] join(List<Path> files, int length) throws IOException {
    var sounds = new ArrayList<float[]>();
    int all = 0;
    for (int i = 0; all < length && (i < files.size() || length < Integer.MAX_VALUE); i++) {
      sounds.add(i < files.size() ? SoundFile.read(files.get(i)) : sounds.get(i - files.size()));
      all += sounds.getLast().length;
    }
    var joined = new float[Math.min(all, length)];
    int at = 0;
    for (float[] sound : sounds) {
      int count = Math.min(sound.length, joined.length - at);
      System.arraycopy(sound, 0, joined, at, count);
      at += count;
    }
    return joined;
  }
}
