package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.encoder.TinyModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code transcribe} says to bad input: one sentence, and nothing on the standard output. */
class TranscribeRefusalTest {
  private static TinyRecogniser tiny;
  private static final TinyRecogniser NONE = new TinyRecogniser(Path.of("/no/such/model"));

  @TempDir Path folder;
  private Path wav;

  @BeforeAll
  static void model(@TempDir Path model) throws IOException {
    tiny = TinyRecogniser.write(model);
  }

  @BeforeEach
  void sound() throws IOException {
    wav = TinyRecogniser.noise(folder.resolve("talk.wav"), 2_000);
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  /** Checks what is said of a file, and that no model is needed to say it. */
  private static void refused(Path file, String problem) {
    tiny.run(file).refused(1, file + problem);
    NONE.run(file).refused(1, file + problem);
  }

  @Test
  void whatIsNoFile() {
    refused(folder.resolve("missing.wav"), ": no such file");
    refused(folder, ": a folder, not a sound file");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'the file is empty'",
    "some text, 'WAV or AIFF is needed; this is neither (it begins with \"some\")'",
    "fLaC...., WAV or AIFF is needed; this is FLAC",
    "RF64...., WAV or AIFF is needed; this is WAV with lengths of 64 bits"
  })
  void whatIsNoSound(String text, String problem) throws IOException {
    refused(file("x.wav", text.getBytes(StandardCharsets.US_ASCII)), ", byte 0: " + problem);
  }

  @Test
  void aFileThatIsCutShort() throws IOException {
    byte[] bytes = Files.readAllBytes(wav);
    refused(
        file("cut.wav", Arrays.copyOf(bytes, bytes.length - 1)),
        ", byte 44: the file is cut short: there should be 4000 bytes of sound but are 3999");
    refused(
        file("header.wav", Arrays.copyOf(bytes, 30)), ", byte 30: the file ends within its header");
  }

  @Test
  void aHeaderThatPromisesGigabytes() throws IOException {
    byte[] bytes = Files.readAllBytes(wav);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(40, 0xC000_0000);
    String problem =
        "the file is cut short: there should be 3221225472 bytes of sound but are 4000";
    refused(file("huge.wav", bytes), ", byte 44: " + problem);
    // a pipe has no size; it is read, and no memory is taken for what is promised
    tiny.runFrom(bytes, "-").refused(1, "standard input, byte 4044: " + problem);
  }

  @Test
  void aSampleThatIsNoNumber() throws IOException {
    var bytes = ByteBuffer.wrap(Files.readAllBytes(wav)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort(20, (short) 3).putShort(32, (short) 4).putShort(34, (short) 32); // floats
    for (int i = 0; i < 1_000; i++) {
      bytes.putFloat(44 + 4 * i, i == 800 ? Float.NaN : 0.1f);
    }
    refused(file("nan.wav", bytes.array()), ", byte 3244: the sample at 0.050 seconds is NaN");
  }

  @Test
  void tooFewSamples() throws IOException {
    String problem = ": too short to be speech: 894 samples of the 895 needed, at 16000 a second";
    Path few = TinyRecogniser.noise(folder.resolve("short.wav"), 894);
    byte[] bytes = Files.readAllBytes(few);
    refused(few, problem);
    tiny.runFrom(bytes, "-").refused(1, "standard input" + problem);
    Path enough = TinyRecogniser.noise(folder.resolve("enough.wav"), 895);
    assertEquals(0, tiny.run(enough).status());
  }

  @Test
  void anEmptyStandardInput() {
    tiny.run("-").refused(1, "standard input, byte 0: the file is empty");
    tiny.run("-", "--rate", "16000")
        .refused(1, "standard input, byte 0: there is no sound in the file: it has no samples");
  }

  @Test
  void rawSamplesOfNoSaneRateOrOfAFile() {
    tiny.run("-", "--rate", "999")
        .refused(1, "the rate must be 1000 to 768000 samples a second, not 999");
    String sentence = "--rate is for raw samples on the standard input: name - alone";
    tiny.run(wav, "--rate", "16000").refused(2, sentence);
    tiny.run("-", wav, "--rate", "16000").refused(2, sentence);
  }

  @Test
  void theStandardInputTwice() {
    tiny.run("-", wav, "-").refused(2, "the standard input can be read only once");
  }

  @Test
  void noFile() {
    tiny.run().refused(2, "Missing required parameter: 'FILE'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.9", "0", "-3", "NaN", "86401", "Infinity", "long"})
  void segmentsOfNoSaneLength(String how) {
    tiny.run(wav, "--segment=" + how)
        .refused(
            2,
            "Invalid value for option '--segment': auto, none or seconds from 1 to 86400 are"
                + " needed, not "
                + how);
  }

  @Test
  void anAuditOfNoQueriesOrWithoutJson() {
    tiny.run(wav, "--json", "--audit=0").refused(1, "--audit must be at least 1, not 0");
    tiny.run(wav, "--audit").refused(2, "--audit needs --json to say what it finds");
    tiny.run("--json", "--audit", "four", wav).refused(1, "four: no such file");
  }

  @Test
  void attentionThatIsNone() {
    tiny.run(wav, "--attention", "clustered", "--clusters", "0")
        .refused(1, "--clusters must be 1 to 65536, not 0");
    tiny.run(wav, "--attention", "auto", "--max-error", "0")
        .refused(1, "--max-error must be positive and finite, not 0.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "refined-clustered", "auto", "local", "reformer"})
  void runsForAKindWithoutThem(String kind) {
    tiny.run(wav, "--attention", kind, "--clustering", "runs")
        .refused(
            2,
            "--clustering runs is for clustered, improved-clustered, causal-improved-clustered,"
                + " not for "
                + kind);
    assertEquals(0, tiny.run(wav, "--attention", "clustered", "--clustering", "runs").status());
  }

  @Test
  void aModelThatHearsNothing() throws Exception {
    NONE.run(wav).refused(1, NONE.model() + ": no such model folder");
    Path reader = Files.createDirectory(folder.resolve("reader"));
    new TinyModel().write(reader);
    new TinyRecogniser(reader)
        .run(wav)
        .refused(
            1, reader + "/config.json, byte 0: model_type \"bert\" is not supported: moonshine is");
  }
}
