package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.github.starling.evaluation.TinyClips;
import io.github.starling.speech.Ending;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscribeCommandTest {
  private static TinyRecogniser tiny;

  @TempDir Path folder;
  private Path wav;

  @BeforeAll
  static void model(@TempDir Path model) throws IOException {
    tiny = TinyRecogniser.write(model);
  }

  @BeforeEach
  void sound() throws IOException {
    wav = TinyRecogniser.noise(folder.resolve("talk.wav"), 20_000);
  }

  @Test
  void theTextOfAFileIsALine() throws IOException {
    var run = tiny.run(wav);
    assertEquals(0, run.status(), run.err());
    assertEquals(tiny.line(wav) + System.lineSeparator(), run.out());
  }

  @Test
  void severalFilesAreNamed() throws IOException {
    Path other = TinyRecogniser.noise(folder.resolve("b.wav"), 30_000);
    var run = tiny.run(wav, other);
    assertEquals(0, run.status(), run.err());
    assertEquals(
        List.of(wav + ": " + tiny.line(wav), other + ": " + tiny.line(other)),
        run.out().lines().toList());
    assertNotEquals(tiny.line(wav), tiny.line(other));
  }

  @Test
  void theStandardInputIsASoundFileOrRawSamples() throws IOException {
    byte[] sound = Files.readAllBytes(wav);
    byte[] raw = Arrays.copyOfRange(sound, 44, sound.length);
    String expected = tiny.run(wav).out();
    assertEquals(expected, tiny.runFrom(sound, "-").out());
    assertEquals(expected, tiny.runFrom(raw, "-", "--rate", 16_000).out());
    var half = JsonParser.parseString(tiny.runFrom(raw, "-", "--rate", 8_000, "--json").out());
    assertEquals("-", half.getAsJsonObject().get("file").getAsString());
    assertEquals(2.5, half.getAsJsonObject().get("seconds").getAsDouble());
  }

  @Test
  void aiffIsMixedDownAndResampled() throws Exception {
    byte[] frames = new byte[4 * 60_000];
    float[] noise = TinyClips.noise(2 * 60_000, 6);
    for (int i = 0; i < noise.length; i++) {
      int sample = Math.round(noise[i] * 32_767);
      frames[2 * i] = (byte) (sample >> 8);
      frames[2 * i + 1] = (byte) sample;
    }
    Path aiff = folder.resolve("stereo.aiff");
    var format = new AudioFormat(44_100, 16, 2, true, true);
    try (var in = new AudioInputStream(new ByteArrayInputStream(frames), format, 60_000)) {
      AudioSystem.write(in, AudioFileFormat.Type.AIFF, aiff.toFile());
    }
    var run = tiny.run("--json", aiff);
    var json = JsonParser.parseString(run.out()).getAsJsonObject();
    assertEquals(60_000 / 44_100.0, json.get("seconds").getAsDouble(), 1e-4);
    assertEquals(tiny.heard(aiff).text().strip(), json.get("text").getAsString());
  }

  @Test
  void aTextThatMayLackSomethingIsSaid() throws IOException {
    Path file = Files.write(folder.resolve("loop.wav"), TinyClips.wav(TinyClips.noise(160_000, 3)));
    assertEquals(Ending.LIMIT, tiny.heard(wav).ending());
    assertEquals(Ending.LOOP, tiny.heard(file).ending());
    assertEquals(
        List.of(
            "starling: %s, 0.0 to 1.3 s: the text is as long as one of that time may be and was"
                    .formatted(wav)
                + " cut; something may be missing",
            "starling: %s, 0.0 to 10.0 s: the model began to repeat itself and was stopped;"
                    .formatted(file)
                + " something may be missing"),
        tiny.run(wav, file).err().lines().toList());
  }

  @Test
  void whatWasHeardBeforeABadFileIsPrinted() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.wav"), "some text");
    var run = tiny.run(wav, bad, wav);
    assertEquals(1, run.status());
    assertEquals(wav + ": " + tiny.line(wav) + System.lineSeparator(), run.out());
    assertEquals(
        "starling: "
            + bad
            + ", byte 0: WAV or AIFF is needed; this is neither (it begins with \"some\")",
        run.err().lines().toList().getLast());
  }

  @Test
  void theTextIsTheSameOnAnyNumberOfThreads() {
    Object[] args = {wav, "--json", "--attention", "clustered", "--clusters", "7", "--threads", 1};
    var one = tokens(tiny.run(args));
    args[args.length - 1] = 3;
    assertArrayEquals(one, tokens(tiny.run(args)));
    assertTrue(one.length > 0);
  }

  private static int[] tokens(CommandRun run) {
    var json = JsonParser.parseString(run.out()).getAsJsonObject();
    var segment = json.getAsJsonArray("segments").get(0).getAsJsonObject();
    return segment.getAsJsonArray("tokens").asList().stream().mapToInt(t -> t.getAsInt()).toArray();
  }

  @Test
  void aPersonSeesHowFarItIsAndHowFast() {
    var drawn = new ByteArrayOutputStream();
    PrintStream standard = System.err;
    System.setErr(new PrintStream(drawn, true, StandardCharsets.UTF_8));
    CommandRun run;
    try {
      run = tiny.runOnTerminal(wav);
    } finally {
      System.setErr(standard);
    }
    assertEquals(tiny.run(wav).out(), run.out());
    String bar = drawn.toString(StandardCharsets.UTF_8);
    assertTrue(bar.contains("100%"), bar);
    String last = run.err().lines().toList().getLast();
    var said =
        Pattern.compile(
                "starling: .*talk.wav: 1.3 s of sound in (\\d+\\.\\d) s, real-time factor"
                    + " (\\d+\\.\\d+)")
            .matcher(last);
    assertTrue(said.matches(), last);
    double seconds = Double.parseDouble(said.group(1));
    assertEquals(seconds, 1.25 * Double.parseDouble(said.group(2)), 0.06, last);
  }
}
