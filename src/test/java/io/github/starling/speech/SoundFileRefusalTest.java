package io.github.starling.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.model.FormatException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoundFileRefusalTest {
  private static final int PCM = 1;
  private static final int FLOAT = 3;

  @TempDir private Path folder;

  @Test
  void whatIsNoFileIsNamed() {
    assertThrows(NoSuchFileException.class, () -> SoundFile.read(folder.resolve("none.wav")));
    var e = assertThrows(FileSystemException.class, () -> SoundFile.read(folder));
    assertEquals("a folder, not a sound file", e.getReason());
  }

  @ParameterizedTest
  @CsvSource({
    "'', the file is empty",
    "RI, 'WAV or AIFF is needed; this is neither (it begins with \"RI??\")'",
    "some text, 'WAV or AIFF is needed; this is neither (it begins with \"some\")'",
    "fLaC...., WAV or AIFF is needed; this is FLAC",
    "OggS...., WAV or AIFF is needed; this is Ogg",
    "ID3....., WAV or AIFF is needed; this is MP3",
    "RF64...., WAV or AIFF is needed; this is WAV with lengths of 64 bits"
  })
  void anotherKindOfFileIsNamed(String text, String problem) throws Exception {
    refused(0, problem, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void anotherRiffOrIffIsNoSound() throws Exception {
    refused(8, "this RIFF file is no sound but \"AVI \"", little("RIFF....AVI "));
    refused(8, "this IFF file is no sound but \"ILBM\"", little("FORM....ILBM"));
  }

  @Test
  void aFileThatEndsTooEarlyIsRefused() throws Exception {
    byte[] whole = SoundBuilder.wav(PCM, 1, 16_000, 16).text("data").ints(4).shorts(1, 2).bytes();
    refused(36, "the file ends before its chunk \"data\"", Arrays.copyOf(whole, 36));
    refused(35, "the file ends within its header", Arrays.copyOf(whole, 35));
    refused(
        44,
        "the file is cut short: there should be 4 bytes of sound but are 3",
        Arrays.copyOf(whole, 47));
    refused(7, "the file ends within its header", Arrays.copyOf(whole, 7));
    byte[] list = SoundBuilder.little().text("RIFF....WAVELIST").ints(9).ints(1, 2).bytes();
    refused(20, "the file ends before the 10 bytes that belong here", list);
  }

  @Test
  void aLengthOfGigabytesTakesNoMemory() throws Exception {
    byte[] sound = SoundBuilder.wav(PCM, 1, 8_000, 8).text("data").ints(0xC000_0000).bytes();
    refused(
        44, "the file is cut short: there should be 3221225472 bytes of sound but are 0", sound);
    byte[] aiff = SoundBuilder.aiff(null, 64, -1, 32).text("SSND").ints(-1, 0, 0).bytes();
    refused(
        46,
        "the header promises 1099511627520 bytes of sound, the chunk \"SSND\" has 4294967287",
        aiff);
  }

  @Test
  void noSamplesAreNoSound() throws Exception {
    String problem = "there is no sound in the file: it has no samples";
    refused(44, problem, SoundBuilder.wav(PCM, 1, 16_000, 16).text("data").ints(0).bytes());
    var list = SoundBuilder.wav(PCM, 1, 16_000, 16).text("data").ints(1).bytes((byte) 1);
    refused(44, problem, list.bytes());
    refused(54, problem, SoundBuilder.aiff(null, 1, 0, 16).text("SSND").ints(8, 0, 0).bytes());
  }

  @Test
  void aChunkAfterAnEmptyOneIsNotItsSound() throws Exception {
    var sound = SoundBuilder.little().text("RIFF").ints(50).text("WAVE");
    sound.text("fmt ").ints(16).format(PCM, 1, 16_000, 16).text("data").ints(0);
    sound.text("LIST").ints(6).bytes(new byte[6]);
    refused(44, "there is no sound in the file: it has no samples", sound.bytes());
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN", "Infinity, Infinity", "-Infinity, -Infinity"})
  void aSampleThatIsNoNumberIsRefusedWithItsTime(float value, String name) throws Exception {
    var sound = SoundBuilder.wav(FLOAT, 2, 16_000, 32).text("data").ints(8 * 10_000);
    sound.floats(new float[19_201]).floats(value).floats(new float[798]);
    refused(44 + 4 * 19_201, "the sample at 0.600 seconds is " + name, sound.bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 16000, 16, 22, 'there must be 1 to 64 channels, not 0'",
    "1, 65, 16000, 16, 22, 'there must be 1 to 64 channels, not 65'",
    "1, 1, 0, 16, 22, 'the rate must be 1000 to 768000 samples a second, not 0'",
    "1, 1, -1, 16, 22, 'the rate must be 1000 to 768000 samples a second, not 4294967295'",
    "1, 1, 16000, 0, 34, WAV with samples of 0 bits is not read",
    "1, 1, 16000, 64, 34, WAV with samples of 64 bits is not read",
    "3, 1, 16000, 16, 34, WAV with samples of 16 bits is not read",
    "85, 1, 16000, 16, 20, WAV of format 0x0055 is compressed and not read"
  })
  void anAbsurdFormatIsRefused(
      int tag, int channels, int rate, int bits, int offset, String problem) throws Exception {
    refused(offset, problem, SoundBuilder.wav(tag, channels, rate, bits).bytes());
  }

  @Test
  void framesOfAnotherSizeAreRefused() throws Exception {
    byte[] sound = SoundBuilder.wav(PCM, 2, 16_000, 16).bytes();
    sound[32] = 5;
    refused(32, "2 channels of 16 bits must be 4 bytes, not 5", sound);
  }

  @Test
  void soundBeforeItsFormatIsRefused() throws Exception {
    refused(
        12,
        "the chunk \"data\" comes before the chunk \"fmt \"",
        SoundBuilder.little().text("RIFF....WAVEdata").ints(4, 0).bytes());
    refused(
        12,
        "the chunk \"SSND\" comes before the chunk \"COMM\"",
        SoundBuilder.big().text("FORM....AIFFSSND").ints(12, 0, 0, 0).bytes());
  }

  @Test
  void compressedOrAbsurdAiffIsRefused() throws Exception {
    refused(
        20,
        "AIFF of type \"ima4\" with 16 bits is not read",
        SoundBuilder.aiff("ima4", 1, 1, 16).bytes());
    refused(
        20, "there must be 1 to 64 channels, not 0", SoundBuilder.aiff("NONE", 0, 1, 16).bytes());
    byte[] rate = SoundBuilder.aiff(null, 1, 1, 16).bytes();
    rate[28] = (byte) 0xC0; // negative, or beyond all bounds
    refused(20, "the rate must be 1000 to 768000 samples a second, not 0", rate);
  }

  @Test
  void theStandardInputIsNamed() {
    var e =
        assertThrows(
            FormatException.class, () -> SoundFile.read(new ByteArrayInputStream(new byte[0])));
    assertEquals("standard input, byte 0: the file is empty", e.getMessage());
    var sound = SoundBuilder.wav(PCM, 1, 16_000, 16).text("data").ints(0x4000_0000).shorts(1);
    e =
        assertThrows(
            FormatException.class, () -> SoundFile.read(new ByteArrayInputStream(sound.bytes())));
    assertTrue(
        e.getMessage().contains("there should be 1073741824 bytes of sound but are 2"),
        e.getMessage());
    var raw = new ByteArrayInputStream(new byte[1]);
    e = assertThrows(FormatException.class, () -> SoundFile.readRaw(raw, 16_000));
    assertTrue(e.getMessage().contains("it has no samples"), e.getMessage());
  }

  private static byte[] little(String text) {
    return SoundBuilder.little().text(text).bytes();
  }

  private void refused(long offset, String problem, byte[] sound) throws Exception {
    var path = Files.write(folder.resolve("sound"), sound);
    var e = assertThrows(FormatException.class, () -> SoundFile.read(path));
    assertEquals(path + ", byte " + offset + ": " + problem, e.getMessage());
  }
}
