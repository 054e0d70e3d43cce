package io.github.starling.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoundFileTest {
  private static final int PCM = 1;
  private static final int FLOAT = 3;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "WAVE, 8, 1",
    "WAVE, 16, 1",
    "WAVE, 16, 2",
    "WAVE, 24, 3",
    "WAVE, 32, 2",
    "AIFF, 8, 1",
    "AIFF, 16, 2",
    "AIFF, 24, 1",
    "AIFF, 32, 6"
  })
  void whatTheJdkWritesIsRead(String type, int bits, int channels) throws Exception {
    int frameBytes = bits / 8 * channels;
    var bytes = new byte[5_000 * frameBytes];
    RandomGenerator.of("L64X128MixRandom").nextBytes(bytes);
    boolean big = type.equals("AIFF"); // the JDK changes the order by way of floats
    boolean signed = bits > 8 || big;
    var format = new AudioFormat(16_000, bits, channels, signed, big);
    var path = folder.resolve("sound");
    try (var in = new AudioInputStream(new ByteArrayInputStream(bytes), format, 5_000)) {
      var types = AudioSystem.getAudioFileTypes(in);
      for (AudioFileFormat.Type one : types) {
        if (one.toString().equals(type)) {
          AudioSystem.write(in, one, path.toFile());
        }
      }
    }
    float[] samples = SoundFile.read(path);
    assertEquals(5_000, samples.length);
    for (int i = 0; i < samples.length; i++) {
      double sum = 0;
      for (int c = 0; c < channels; c++) {
        long value = 0;
        for (int b = 0; b < bits / 8; b++) {
          int at = i * frameBytes + c * bits / 8 + (big ? b : bits / 8 - 1 - b);
          value = b == 0 && signed ? bytes[at] : value << 8 | bytes[at] & 0xFF;
        }
        sum += Math.scalb((double) (signed ? value : value - 128), 1 - bits);
      }
      assertEquals((float) (sum / channels), samples[i], "sample " + i);
    }
  }

  @Test
  void floatsAreClippedAtFullScale() throws Exception {
    var four = SoundBuilder.wav(FLOAT, 1, 16_000, 32).text("data").ints(12).floats(0.25f, 2, -3);
    assertArrayEquals(new float[] {0.25f, 1, -1}, read(four));
    var eight = SoundBuilder.wav(FLOAT, 2, 16_000, 64).text("data").ints(16).doubles(0.5, -0.25);
    assertArrayEquals(new float[] {0.125f}, read(eight));
  }

  @ParameterizedTest
  @CsvSource({"1, 16, 0.5", "3, 32, 1", "6, 8, -0.010498046875", "7, 8, -0.0574951171875"})
  void anExtensibleFormatNamesAnother(int tag, int bits, float expected) throws Exception {
    var sound = SoundBuilder.little().text("RIFF").ints(0).text("WAVE");
    sound.text("fmt ").ints(40).format(0xFFFE, 1, 16_000, bits);
    sound.shorts(22, bits).ints(4).shorts(tag).bytes(new byte[14]);
    sound.text("data").ints(bits / 8).bytes(new byte[bits / 8 - 1]).bytes((byte) 0x40);
    assertEquals(expected, read(sound)[0], 1e-9f);
  }

  @Test
  void otherChunksAreLeftOut() throws Exception {
    var sound = SoundBuilder.little().text("RIFF").ints(0).text("WAVE");
    sound.text("LIST").ints(3).bytes(new byte[4]); // of odd length, padded
    sound.text("fmt ").ints(18).format(PCM, 1, 16_000, 16).shorts(0);
    sound.text("fact").ints(4, 2).text("data").ints(4).shorts(0x4000, 0x2000);
    sound.text("LIST").ints(6).bytes(new byte[6]);
    assertArrayEquals(new float[] {0.5f, 0.25f}, read(sound));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, -1",
    "-1, -37",
    "0, 0",
    "36, 0",
    "2147483647, 2147483647",
    "0, -2147483648",
    "2147479588, 2147479552"
  })
  void aLengthThatAPipeDidNotKnowGoesToTheEnd(int riffSize, int dataSize) throws Exception {
    var sound = SoundBuilder.little().text("RIFF").ints(riffSize).text("WAVE");
    sound.text("fmt ").ints(16).format(PCM, 1, 16_000, 16);
    sound.text("data").ints(dataSize).shorts(0x4000, 0x2000).bytes((byte) 1);
    assertArrayEquals(new float[] {0.5f, 0.25f}, read(sound));
    var in = new ByteArrayInputStream(sound.bytes());
    assertArrayEquals(new float[] {0.5f, 0.25f}, SoundFile.read(in));
  }

  @Test
  void aFrameThatIsNotWholeIsLeftOut() throws Exception {
    var sound = SoundBuilder.wav(PCM, 2, 16_000, 16).text("data").ints(7);
    sound.shorts(0x4000, 0x2000, 1).bytes((byte) 1);
    assertArrayEquals(new float[] {0.375f}, read(sound));
  }

  @Test
  void blocksJoinWithoutASeamAtAnyRate() throws Exception {
    var random = RandomGenerator.of("L64X128MixRandom");
    var expected = new float[44_100];
    var sound = SoundBuilder.wav(FLOAT, 2, 44_100, 32).text("data").ints(44_100 * 8);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = random.nextFloat(-1, 1);
      sound.floats(expected[i], expected[i]);
    }
    assertArrayEquals(Resampler.resample(expected, 44_100), read(sound));
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, 16",
    "twos, 16",
    "sowt, 16",
    "sowt, 24",
    "raw , 8",
    "fl32, 32",
    "FL32, 32",
    "fl64, 64",
    "in24, 24",
    "in32, 32"
  })
  void aiffOfEveryPlainTypeIsRead(String type, int bits) throws Exception {
    String padded = (type + " ").substring(0, 4);
    var sound = SoundBuilder.aiff(padded, 1, 1, bits).text("ANNO").ints(1).bytes(new byte[2]);
    sound.text("SSND").ints(8 + 4 + bits / 8, 4, 0).bytes(new byte[4]);
    if (type.startsWith("fl") || type.startsWith("FL")) {
      sound = bits == 32 ? sound.floats(0.5f) : sound.doubles(0.5);
    } else {
      var sample = new byte[bits / 8];
      sample[type.equals("sowt") ? sample.length - 1 : 0] = (byte) (bits == 8 ? 0xC0 : 0x40);
      sound.bytes(sample);
    }
    assertArrayEquals(new float[] {0.5f}, read(sound));
  }

  @Test
  void rawSamplesAreLittleEndian() throws Exception {
    byte[] raw = SoundBuilder.little().shorts(0x4000, 0x2000).bytes((byte) 7).bytes();
    assertArrayEquals(
        new float[] {0.5f, 0.25f}, SoundFile.readRaw(new ByteArrayInputStream(raw), 16_000));
    assertEquals(4, SoundFile.readRaw(new ByteArrayInputStream(raw), 8_000).length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 768_001})
  void rawSamplesNeedASaneRate(int rate) {
    var in = new ByteArrayInputStream(new byte[4]);
    assertThrows(IllegalArgumentException.class, () -> SoundFile.readRaw(in, rate));
  }

  private float[] read(SoundBuilder sound) throws IOException {
    return SoundFile.read(Files.write(folder.resolve("sound"), sound.bytes()));
  }
}
