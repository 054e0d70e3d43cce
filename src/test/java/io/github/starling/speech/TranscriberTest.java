package io.github.starling.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.model.TinySpeech;
import io.github.starling.tensor.Matrix;
import io.github.starling.text.PieceDecoder;
import io.github.starling.transformer.AttentionObserver;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriberTest {
  @TempDir Path temporary;

  private Path folder(long seed) throws IOException {
    return TinySpeech.write(Files.createDirectories(temporary.resolve("m" + seed)), seed);
  }

  private static TranscriberOptions options(int threads) {
    return TranscriberOptions.defaults().withThreads(threads);
  }

  /** Returns noise that swells and fades, so that frames differ. */
  private static float[] sound(int samples, long seed) {
    var random = new Random(seed);
    var sound = new float[samples];
    for (int i = 0; i < samples; i++) {
      double loud = 0.3 * (1 + Math.sin(i / 1500.0 + seed));
      sound[i] = (float) Math.clamp(loud * random.nextGaussian(), -1, 1);
    }
    return sound;
  }

  @Test
  void theEncoderFollowsTheFormulas() throws IOException {
    for (int samples : new int[] {895, 1279, 7000, 40_001}) {
      float[] sound = sound(samples, samples);
      try (var arena = Arena.ofShared();
          var transcriber = Transcriber.open(folder(1), options(2))) {
        double[][] exact =
            new NaiveMoonshine(MoonshineFolder.open(folder(1), arena), arena).encode(sound);
        var out = Matrix.allocate(arena, exact.length, exact[0].length);
        transcriber.encode(sound, new FullAttention(), AttentionObserver.NONE, out);
        assertTrue(difference(exact, out.toArray()) < 3e-6, samples + " samples");
        assertEquals((samples - 127) / 384 - 1, exact.length);
      }
    }
  }

  @Test
  void eachTokenIsTheLikeliestByTheFormulas() throws IOException {
    for (int seed = 1; seed <= 3; seed++) {
      float[] sound = sound(30_000, seed);
      try (var arena = Arena.ofShared();
          var transcriber = Transcriber.open(folder(seed), options(2))) {
        var naive = new NaiveMoonshine(MoonshineFolder.open(folder(seed), arena), arena);
        var frames = naive.encode(sound);
        var transcript = transcriber.transcribe(sound);
        var prefix = new ArrayList<>(List.of(1));
        for (int token : transcript.tokens()) {
          double[] logits = naive.logits(frames, prefix.stream().mapToInt(t -> t).toArray());
          for (double logit : logits) {
            assertTrue(logit <= logits[token] + 1e-4, "token " + prefix.size());
          }
          prefix.add(token);
        }
        assertEquals(
            new PieceDecoder(TinySpeech.pieces(), 3).decode(transcript.tokens()),
            transcript.text());
      }
    }
  }

  @Test
  void aClipIsTheSameInCompanyAndOnAnyNumberOfThreads() throws IOException {
    var clips = new ArrayList<float[]>();
    for (int i = 0; i < 11; i++) { // more than are decoded together
      clips.add(sound(3000 + 2500 * i, i));
    }
    try (var one = Transcriber.open(folder(2), options(1));
        var three = Transcriber.open(folder(2), options(3))) {
      var together = three.transcribe(clips);
      for (int i = 0; i < clips.size(); i++) {
        var alone = one.transcribe(clips.get(i));
        assertArrayEquals(alone.tokens(), together.get(i).tokens(), "clip " + i);
        assertEquals(alone.ending(), together.get(i).ending(), "clip " + i);
        assertEquals(Transcriber.frames(clips.get(i).length), together.get(i).frames());
      }
    }
  }

  @Test
  void whatNeverEndsIsCutAndSaysSo() throws IOException {
    try (var transcriber = Transcriber.open(folder(2), options(1))) {
      var endings = new ArrayList<Ending>();
      for (int i = 0; i < 6; i++) {
        float[] sound = sound(i < 3 ? 8000 : 160_000, i);
        var transcript = transcriber.transcribe(sound);
        endings.add(transcript.ending());
        if (transcript.ending() == Ending.LIMIT) {
          assertEquals((int) (6.5 * sound.length / 16_000), transcript.tokens().length);
        }
      }
      // random weights know no end: a short clip runs into its limit, a long one into a loop
      assertEquals(List.of(Ending.LIMIT, Ending.LIMIT, Ending.LIMIT), endings.subList(0, 3));
      assertEquals(List.of(Ending.LOOP, Ending.LOOP, Ending.LOOP), endings.subList(3, 6));
    }
  }

  @Test
  void refinedAttentionIsAuditedLayerByLayer() throws IOException {
    float[] sound = sound(60_000, 5);
    var refined = new RefinedClusteredAttention(new RefinedOptions(12, 12, 4));
    try (var transcriber =
        Transcriber.open(folder(1), options(2).withAttention(refined).withAuditedQueries(16))) {
      var errors = transcriber.transcribe(sound).errors();
      assertEquals(2, errors.size());
      for (var error : errors) {
        assertTrue(error.error() > 0 && error.error() < 0.5, error::toString);
      }
    }
    try (var transcriber = Transcriber.open(folder(1), options(2))) {
      assertEquals(List.of(), transcriber.transcribe(sound).errors());
    }
  }

  @Test
  void headsAreTurnedByTheirPositions() throws IOException {
    float[] sound = sound(20_000, 1);
    try (var arena = Arena.ofShared();
        var transcriber = Transcriber.open(folder(1), options(1))) {
      var out = Matrix.allocate(arena, Transcriber.frames(20_000), 20);
      var layers = new ArrayList<Integer>();
      transcriber.encode(
          sound,
          new FullAttention(),
          (layer, heads, scale) -> {
            layers.add(layer);
            assertEquals(2, heads.size());
            assertEquals(Attention.usualScale(10), scale);
          },
          out);
      assertEquals(List.of(0, 1), layers);
    }
  }

  @Test
  void badClipsAreRefused() throws IOException {
    try (var transcriber = Transcriber.open(folder(1), options(1))) {
      refuses(transcriber, new float[894], "a clip of 894 samples is too short: at least 895");
      var broken = sound(2000, 1);
      broken[1600] = Float.NaN;
      refuses(transcriber, broken, "sample 1600, at 0.100 s, is NaN");
    }
  }

  @Test
  void isClosedOnceAndForAll() throws IOException {
    var transcriber = Transcriber.open(folder(1), options(2));
    transcriber.close();
    transcriber.close();
    assertThrows(IllegalStateException.class, () -> transcriber.transcribe(sound(2000, 1)));
  }

  private static void refuses(Transcriber transcriber, float[] clip, String message) {
    var e = assertThrows(IllegalArgumentException.class, () -> transcriber.transcribe(clip));
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  private static double difference(double[][] exact, float[][] found) {
    double square = 0;
    double norm = 0;
    for (int r = 0; r < exact.length; r++) {
      for (int c = 0; c < exact[r].length; c++) {
        square += Math.pow(exact[r][c] - found[r][c], 2);
        norm += exact[r][c] * exact[r][c];
      }
    }
    return Math.sqrt(square / norm);
  }
}
