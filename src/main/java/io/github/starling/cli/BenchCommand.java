package io.github.starling.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Builds and runs the benchmarks of the source tree. */
@Command(
    name = "bench",
    description = {
      "Measures Starling beside OpenBLAS, ONNX Runtime and PyTorch on this machine, and writes"
          + " docs/performance.md with its charts.",
      "",
      "Needs the source tree and Maven, which fetches the peers, some 300 MB, the first time."
          + " OpenBLAS is Debian's libopenblas0 and is left out where it is missing. The whole"
          + " takes about an hour, and nothing else should run meanwhile.",
      "",
      "Speech is measured where --clips and --moonshine, or the folders clips and package of"
          + " jmh/target/data, have recordings and an unpacked npm pack"
          + " @usefulsensors/moonshine-js@0.1.14.",
      "",
      "With --calibrate it measures the settings that --attention auto chooses from, and writes"
          + " them into the sources, for the next build: ten minutes with "
          + BenchCommand.NARROW_MODEL
          + " and "
          + BenchCommand.WIDE_MODEL
          + ", which are fetched if they are not in the cache.",
      ""
    },
    footer = {"", "Example: starling bench --quick"})
final class BenchCommand implements Callable<Integer> {
  /** Heads of 32 columns, and of 64: a calibration needs both. */
  static final String NARROW_MODEL = "e5-small-v2";

  static final String WIDE_MODEL = RemoteModel.MASKED_NAME;

  private static final String MAIN = "io.github.starling.bench.Bench";
  private static final String CALIBRATION = "io.github.starling.attention.LadderCalibration";
  private static final String CLASS_PATH_GOAL =
      "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath";

  @ParentCommand private StarlingCommand starling;
  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description =
          "Measure fewer shapes, and each for a shorter time: five minutes; a few"
              + " more with speech.")
  private boolean quick;

  @Option(names = "--calibrate", description = "Measure nothing but the settings of auto.")
  private boolean calibrate;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description =
          "A long English text, such as a novel, to calibrate with; by default this project's"
              + " documents.")
  private Path text;

  @Option(
      names = "--clips",
      paramLabel = "DIR",
      description = "WAV files of English speech, of some 25 seconds each, in the order of names.")
  private Path clips;

  @Option(
      names = "--moonshine",
      paramLabel = "DIR",
      description = "The folder package of the npm package.")
  private Path moonshine;

  @Override
  public Integer call() throws IOException {
    Path home = SourceTree.home();
    var arguments = calibrate ? calibration() : quick ? List.of("--quick") : List.<String>of();
    spec.commandLine().getErr().println("starling: building the benchmarks");
    Path classPath = home.resolve("jmh/target/classpath");
    run(
        List.of(
            starling.surroundings().programs().maven(),
            "-q",
            "-B",
            "-f",
            home.resolve("jmh/pom.xml").toString(),
            "-Ppeers",
            "compile",
            CLASS_PATH_GOAL,
            "-Dmdep.outputFile=" + classPath),
        home,
        "the build of the benchmarks");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    addProperty(command, "starling.bench.clips", clips);
    addProperty(command, "starling.bench.moonshine", moonshine);
    command.add("-cp");
    command.add(home.resolve("jmh/target/classes") + ":" + Files.readString(classPath).strip());
    command.add(calibrate ? CALIBRATION : MAIN);
    command.add(home.toString());
    command.addAll(arguments);
    run(command, home, calibrate ? "the calibration" : "the benchmark");
    return 0;
  }

  private List<String> calibration() throws IOException {
    if (text != null && !Files.isRegularFile(text)) {
      throw new NoSuchFileException(text.toString(), null, "no such text");
    }
    var err = spec.commandLine().getErr();
    return List.of(
        text == null ? "" : text.toAbsolutePath().toString(),
        starling.folder(NARROW_MODEL, err).toString(),
        starling.folder(WIDE_MODEL, err).toString());
  }

  private static void addProperty(List<String> command, String name, Path folder) {
    if (folder != null) {
      command.add("-D" + name + "=" + folder.toAbsolutePath());
    }
  }

  /** Runs a program that writes to our streams. */
  private static void run(List<String> command, Path home, String what) throws IOException {
    var builder = new ProcessBuilder(command).directory(home.toFile()).inheritIO();
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new IOException(what + " cannot be run: " + e.getMessage(), e);
    }
    try {
      if (process.waitFor() != 0) {
        throw new IOException(what + " failed; its messages are above");
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException(what + " was interrupted");
    } finally {
      process.destroy();
    }
  }
}
