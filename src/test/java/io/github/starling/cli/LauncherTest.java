package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with a JDK and a Maven that only say what they were asked to do. */
class LauncherTest {
  private static final String MAVEN =
      """
      echo "maven with $JAVA_HOME" >>"$0.log"
      for word; do
        case $word in -Dstarling.build=*) build=${word#*=} ;; esac
      done
      mkdir "$build/lib"
      echo library >"$build/lib/library.jar"
      echo jar >"$build/starling.jar"
      """;

  @TempDir Path temporary;
  private Path project;
  private Path tools;

  /** What one start did, with all it printed. */
  private record Start(int status, String printed) {}

  @BeforeEach
  void project() throws IOException {
    project = temporary.resolve("a project");
    tools = Files.createDirectories(temporary.resolve("some tools"));
    Files.createDirectories(project.resolve("src/main/java"));
    Files.copy(Path.of("starling"), project.resolve("starling"));
    executable(project.resolve("starling"));
    Files.writeString(project.resolve("pom.xml"), "<project/>");
    Files.writeString(project.resolve("src/main/java/A.java"), "class A {}");
    script(tools.resolve("mvn"), MAVEN);
    jdk("new jdk", "26.0.1");
  }

  @Test
  void theJarIsBuiltOnceAndRun() throws Exception {
    var first = start(jdkFolder("new jdk"), project.resolve("starling"), "embed", "two words", "");
    assertEquals(0, first.status(), first.printed());
    assertTrue(first.printed().contains("building"), first.printed());
    assertTrue(first.printed().contains("java 26.0.1"), first.printed());
    assertTrue(first.printed().contains("<-m> <starling> <embed> <two words> <>"), first.printed());
    var second = start(jdkFolder("new jdk"), project.resolve("starling"));
    assertFalse(second.printed().contains("building"), second.printed());
    assertEquals(List.of("maven with " + jdkFolder("new jdk")), builds());
    assertEquals(List.of("lib", "starling.jar"), contents(project.resolve("target")));
  }

  @Test
  void aNewerSourceOrPomOrADeletedSourceBuildsAgain() throws Exception {
    for (String path : List.of("src/main/java/A.java", "pom.xml", "src/main/java")) {
      start(jdkFolder("new jdk"), project.resolve("starling"));
      int before = builds().size();
      var later = FileTime.from(Instant.now().plusSeconds(5));
      Files.setLastModifiedTime(project.resolve(path), later);
      start(jdkFolder("new jdk"), project.resolve("starling"));
      assertEquals(before + 1, builds().size(), path);
      Files.setLastModifiedTime(project.resolve(path), FileTime.fromMillis(0));
    }
  }

  @Test
  void anOldJdkInJavaHomeIsSkipped() throws Exception {
    jdk("old jdk", "17.0.15");
    Files.createSymbolicLink(tools.resolve("java"), jdkFolder("new jdk").resolve("bin/java"));
    var start = start(jdkFolder("old jdk"), project.resolve("starling"));
    assertTrue(start.printed().contains("java 26.0.1"), start.printed());
  }

  @Test
  void aWrapperOnThePathIsAskedForItsHome() throws Exception {
    script(tools.resolve("java"), "echo '    java.home = " + jdkFolder("new jdk") + "' >&2\n");
    var start = start(Path.of("/no/such/jdk"), project.resolve("starling"));
    assertTrue(start.printed().contains("java 26.0.1"), start.printed());
  }

  @Test
  void aLinkToTheLauncherWorksFromAnywhere() throws Exception {
    Path direct =
        Files.createSymbolicLink(tools.resolve("direct"), Path.of("../a project/starling"));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), direct);
    var start = start(jdkFolder("new jdk"), link);
    assertEquals(0, start.status(), start.printed());
    assertTrue(start.printed().contains("<" + project + "/target/starling.jar:"), start.printed());
  }

  @Test
  void aBuildThatFailsShowsMavensMessagesAndLeavesNothing() throws Exception {
    script(tools.resolve("mvn"), "echo '[ERROR] A.java is not Java'\nexit 1\n");
    var start = start(jdkFolder("new jdk"), project.resolve("starling"));
    assertEquals(1, start.status());
    assertTrue(start.printed().contains("[ERROR] A.java is not Java"), start.printed());
    assertTrue(start.printed().contains("starling: the build failed"), start.printed());
    assertFalse(start.printed().contains("java 26.0.1"), start.printed());
    assertEquals(List.of("lib"), contents(project.resolve("target")));
  }

  @Test
  void twoAtOnceBothRun() throws Exception {
    var both = new ArrayList<Process>();
    for (int i = 0; i < 2; i++) {
      both.add(process(jdkFolder("new jdk"), project.resolve("starling")).start());
    }
    for (Process one : both) {
      assertEquals(0, one.waitFor(), () -> printed(one));
    }
    assertEquals(List.of("lib", "starling.jar"), contents(project.resolve("target")));
  }

  private Path jdkFolder(String name) {
    return temporary.resolve(name);
  }

  private void jdk(String name, String version) throws IOException {
    Path bin = Files.createDirectories(jdkFolder(name).resolve("bin"));
    script(bin.resolve("javac"), "");
    script(bin.resolve("java"), "echo java " + version + "\nprintf ' <%s>' \"$@\"\n");
    Files.writeString(jdkFolder(name).resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(tools.resolve("mvn.log"));
  }

  private static List<String> contents(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(e -> e.getFileName().toString()).sorted().toList();
    }
  }

  private static void script(Path path, String body) throws IOException {
    Files.writeString(path, "#!/bin/sh\n" + body);
    executable(path);
  }

  private static void executable(Path path) {
    assertTrue(path.toFile().setExecutable(true));
  }

  private Start start(Path javaHome, Path launcher, String... args) throws Exception {
    Process process = process(javaHome, launcher, args).start();
    String printed = printed(process);
    return new Start(process.waitFor(), printed);
  }

  private ProcessBuilder process(Path javaHome, Path launcher, String... args) {
    var command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).directory(tools.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", javaHome.toString());
    builder.environment().put("PATH", tools + ":/usr/bin:/bin");
    return builder;
  }

  private static String printed(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes());
    } catch (IOException e) {
      return e.toString();
    }
  }
}
