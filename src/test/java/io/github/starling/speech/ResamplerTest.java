package io.github.starling.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResamplerTest {
  /** Samples at each end of an output that hear the silence around the clip. */
  private static final int EDGE = 1_000;

  @ParameterizedTest
  @CsvSource({
    "48000, 7199", "48000, 50", "44100, 7199", "44100, 1000", "22050, 7199", "32000, 440",
    "11025, 4960", "8000, 3599", "8000, 300", "768000, 7100", "1000, 440", "44101, 7199",
    "767999, 3000", "16001, 7000", "15999, 7000"
  })
  void aToneBelowTheCutoffKeepsAmplitudeAndPhase(int rate, double hertz) {
    float[] out = Resampler.resample(tone(rate, hertz, rate), rate);
    double worst = 0;
    for (int j = EDGE; j < out.length - EDGE; j++) {
      worst = Math.max(worst, Math.abs(out[j] - value(hertz, j, Resampler.RATE)));
    }
    // 0.0001 of the amplitude is less than 0.001 dB and a phase of 0.006 degrees
    assertTrue(worst < 1e-4, () -> rate + " Hz is off by more than " + 1e-4);
  }

  @ParameterizedTest
  @CsvSource({
    "48000, 8000.1",
    "48000, 8400",
    "48000, 12000",
    "48000, 15999",
    "48000, 16000",
    "48000, 23000",
    "44100, 8000.1",
    "44100, 9000",
    "44100, 22000",
    "22050, 8100",
    "16001, 8000.4",
    "768000, 8100",
    "768000, 100000",
    "44101, 8100",
    "44101, 20000",
    "767999, 8001"
  })
  void aToneThatTheOutputCannotHoldFallsByEightyDecibels(int rate, double hertz) {
    float[] out = Resampler.resample(tone(rate, hertz, rate), rate);
    assertTrue(decibels(out) <= -80, () -> hertz + " Hz is left at " + decibels(out) + " dB");
  }

  @ParameterizedTest
  @CsvSource({"8000, 3000", "8000, 3599", "11025, 4900", "1000, 440", "15999, 7000"})
  void aHigherRateAddsNoMirroredTone(int rate, double hertz) {
    float[] out = Resampler.resample(tone(rate, hertz, rate), rate);
    for (int j = 0; j < out.length; j++) {
      out[j] -= (float) value(hertz, j, Resampler.RATE);
    }
    assertTrue(decibels(out) <= -80, () -> rate + " Hz adds " + decibels(out) + " dB");
  }

  @ParameterizedTest
  @ValueSource(ints = {8_000, 11_025, 44_100, 44_101, 48_000, 767_999})
  void aConstantStays(int rate) {
    var in = new float[rate];
    Arrays.fill(in, 0.7f);
    float[] out = Resampler.resample(in, rate);
    for (int j = EDGE; j < out.length - EDGE; j++) {
      assertEquals(0.7f, out[j], 1e-6f, rate + " Hz, sample " + j);
    }
  }

  @Test
  void anImpulseBecomesASymmetricSincAtItsTime() {
    var in = new float[48_000];
    in[24_000] = 1;
    float[] out = Resampler.resample(in, 48_000);
    // the pass band ends half-way from 7,200 to 8,000 Hz: 7,600 of 24,000
    assertEquals(7_600.0 / 24_000, out[8_000], 1e-4);
    for (int j = 1; j < 200; j++) {
      assertEquals(out[8_000 - j], out[8_000 + j], 1e-9f, "sample " + j);
    }
    assertEquals(0, out[8_000 + 60], "the filter is 57 samples long on each side");
  }

  @Test
  void sixteenThousandHertzStayBitForBit() {
    float[] in = {0.1f, -0.0f, Float.MIN_VALUE, 1, -1};
    assertArrayEquals(in, Resampler.resample(in, 16_000));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 44100, 0",
    "1, 44100, 1",
    "2, 48000, 1",
    "3, 48000, 1",
    "4, 48000, 2",
    "1, 8000, 2",
    "5, 11025, 8",
    "441, 44100, 160",
    "442, 44100, 161",
    "1, 768000, 1",
    "49, 768000, 2",
    "1, 1000, 16",
    "0, 16000, 0",
    "0, 8000, 0"
  })
  void theLengthIsThatOfTheSameTimeRoundedUp(int samples, int rate, int expected) {
    assertEquals(expected, Resampler.resample(new float[samples], rate).length);
  }

  @ParameterizedTest
  @ValueSource(ints = {8_000, 16_000, 44_100, 48_000, 700_001})
  void blocksOfAnySizeAndAWrongExpectationMakeNoDifference(int rate) {
    var random = RandomGenerator.of("L64X128MixRandom");
    var in = new float[30_011];
    for (int i = 0; i < in.length; i++) {
      in[i] = random.nextFloat(-1, 1);
    }
    float[] whole = Resampler.resample(in, rate);
    for (int block : new int[] {1, 7, 8_192, 20_000}) {
      var resampler = new Resampler(rate, block);
      for (int at = 0; at < in.length; at += block) {
        resampler.add(in, at, Math.min(in.length, at + block));
      }
      assertArrayEquals(whole, resampler.finish(), "blocks of " + block);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {999, 768_001, 0, -44_100})
  void anAbsurdRateIsRefused(int rate) {
    var e = assertThrows(IllegalArgumentException.class, () -> new Resampler(rate, 0));
    assertEquals("the rate must be 1000 to 768000 samples a second, not " + rate, e.getMessage());
  }

  @Test
  void aClipTooLongForAnArrayIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Resampler(8_000, 1L << 31));
    assertThrows(IllegalArgumentException.class, () -> new Resampler(8_000, -1));
  }

  private static float[] tone(int rate, double hertz, int count) {
    var samples = new float[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (float) value(hertz, i, rate);
    }
    return samples;
  }

  private static double value(double hertz, int sample, int rate) {
    return Math.sin(2 * Math.PI * hertz * sample / rate + 0.3);
  }

  /** Returns the loudness against a full tone, without the edges. */
  private static double decibels(float[] samples) {
    double sum = 0;
    for (int i = EDGE; i < samples.length - EDGE; i++) {
      sum += (double) samples[i] * samples[i];
    }
    return 10 * Math.log10(2 * sum / (samples.length - 2 * EDGE));
  }
}
