package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.starling.attention.FullAttention;
import io.github.starling.model.ModelImport;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.speech.NaiveMoonshine;
import io.github.starling.speech.Transcriber;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the encoder makes of the published weights against the formulas in double precision. Run by
 * {@code mvn verify -Pmodels}; skipped where no npm is to fetch them with.
 */
class MoonshineEncoderCheck {
  /** ‖ours − theirs‖ / ‖theirs‖ of the output of the encoder. */
  private static final double TOLERANCE = 3e-6;

  private static final int SAMPLES = 32_000;

  @TempDir Path temporary;

  @Test
  void framesAreThoseOfTheFormulas() throws Exception {
    assumeTrue(PublishedMoonshine.isThere(), "no npm");
    Path model = temporary.resolve("model");
    ModelImport.run(
        PublishedMoonshine.fetch("moonshine-tiny", temporary), model, ModelImport.Options.DEFAULT);
    float[] sound = sound();
    try (var arena = Arena.ofShared();
        var transcriber = Transcriber.open(model)) {
      double[][] exact =
          new NaiveMoonshine(MoonshineFolder.open(model, arena), arena).encode(sound);
      assertEquals(Transcriber.frames(SAMPLES), exact.length);
      var frames = Matrix.allocate(arena, exact.length, exact[0].length);
      transcriber.encode(sound, new FullAttention(), AttentionObserver.NONE, frames);
      double error = error(exact, frames);
      System.out.printf("moonshine-tiny: relative error of the encoder's output %.2e%n", error);
      assertTrue(error <= TOLERANCE, "off by " + error);
    }
  }

  /** Returns tones like those of a voice, which swell and fade, in noise. */
  private static float[] sound() {
    var random = new Random(1);
    var sound = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      double t = (double) i / Transcriber.RATE;
      double tones = 0;
      for (double hertz : new double[] {140, 280, 700, 1_220, 2_600}) {
        tones += Math.sin(2 * Math.PI * hertz * (t + 0.01 * Math.sin(5 * t)));
      }
      double loud = Math.pow(Math.sin(3 * t), 2);
      sound[i] = (float) (0.1 * loud * tones + 0.005 * random.nextGaussian());
    }
    return sound;
  }

  private static double error(double[][] exact, Matrix found) {
    double difference = 0;
    double norm = 0;
    for (int r = 0; r < exact.length; r++) {
      for (int c = 0; c < exact[r].length; c++) {
        difference += Math.pow(exact[r][c] - found.get(r, c), 2);
        norm += Math.pow(exact[r][c], 2);
      }
    }
    return Math.sqrt(difference / norm);
  }
}
