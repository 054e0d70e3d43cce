package io.github.starling.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleCodingTest {
  @ParameterizedTest
  @CsvSource({
    "UNSIGNED_8, 80, 0",
    "UNSIGNED_8, 00, -1",
    "UNSIGNED_8, FF, 0.9921875",
    "SIGNED_8, 80, -1",
    "SIGNED_8, 40, 0.5",
    "SIGNED_16, 8000, -1",
    "SIGNED_16, 4000, 0.5",
    "SIGNED_16, 0001, 3.0517578125e-5",
    "SIGNED_24, 800000, -1",
    "SIGNED_24, 400000, 0.5",
    "SIGNED_24, FFFFFF, -1.1920928955078125e-7",
    "SIGNED_24, 0080FF, 0.003936648368835449",
    "SIGNED_32, 80000000, -1",
    "SIGNED_32, 40000000, 0.5",
    "FLOAT_32, BF000000, -0.5",
    "FLOAT_32, 40000000, 2",
    "FLOAT_64, 3FE0000000000000, 0.5"
  })
  void samplesAreOfFullScaleOne(SampleCoding coding, String hex, double expected) {
    byte[] big = HexFormat.of().parseHex(hex);
    assertEquals(big.length, coding.bytes());
    var little = new byte[big.length + 1];
    for (int i = 0; i < big.length; i++) {
      little[big.length - i] = big[i];
    }
    assertEquals(expected, coding.read(ByteBuffer.wrap(big), 0));
    var unaligned = ByteBuffer.wrap(little).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(expected, coding.read(unaligned, 1));
  }

  @ParameterizedTest
  @CsvSource({"MU_LAW, ULAW", "A_LAW, ALAW"})
  void everyLogarithmicCodeIsWhatTheJdkMakesOfIt(SampleCoding coding, String name)
      throws Exception {
    var codes = new byte[256];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) i;
    }
    var format = new AudioFormat(new AudioFormat.Encoding(name), 8_000, 8, 1, 1, 8_000, true);
    var stream = new AudioInputStream(new ByteArrayInputStream(codes), format, codes.length);
    var samples =
        ByteBuffer.wrap(
            AudioSystem.getAudioInputStream(new AudioFormat(8_000, 16, 1, true, true), stream)
                .readAllBytes());
    for (int i = 0; i < codes.length; i++) {
      double expected = samples.getShort() / 32_768.0;
      assertEquals(expected, coding.read(ByteBuffer.wrap(codes), i), "code " + i);
    }
  }

  @Test
  void bitsFillWholeBytes() {
    assertEquals(SampleCoding.SIGNED_16, SampleCoding.signed(12));
    assertEquals(SampleCoding.SIGNED_24, SampleCoding.signed(20));
    assertNull(SampleCoding.signed(0));
    assertNull(SampleCoding.signed(33));
    assertNull(SampleCoding.floating(16));
  }
}
