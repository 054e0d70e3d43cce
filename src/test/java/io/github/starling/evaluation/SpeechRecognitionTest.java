package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.speech.Ending;
import io.github.starling.speech.Transcriber;
import io.github.starling.speech.TranscriberOptions;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeechRecognitionTest {
  /** More than are decoded side by side. */
  private static final int CLIPS = 9;

  private static final int ENCODING = 7;

  @TempDir static Path folder;
  private static Path model;

  private Transcriber transcriber;
  private SpeechRecognition task;

  @BeforeAll
  static void write() throws Exception {
    model = TinyClips.model(folder);
  }

  @BeforeEach
  void open() throws Exception {
    transcriber = transcriber(1);
    task = new SpeechRecognition(transcriber, recordings());
  }

  @AfterEach
  void close() {
    task.close();
  }

  private static Transcriber transcriber(int threads) throws IOException {
    return Transcriber.open(model, TranscriberOptions.defaults().withThreads(threads));
  }

  private static List<Recording> recordings() {
    return IntStream.range(0, CLIPS)
        .mapToObj(i -> new Recording(TinyClips.noise(9_000 + 1_500 * i, i), "ab a b c é ab " + i))
        .toList();
  }

  @Test
  void eachClipHasTheErrorsOfItsTranscript() {
    for (Attention attention : List.of(new FullAttention(), TinyTasks.clustered(1))) {
      float[][] scores = task.scores(attention, _ -> {});
      assertEquals(9, scores.length);
      for (int i = 0; i < CLIPS; i++) {
        var recording = recordings().get(i);
        var transcript =
            transcriber
                .transcribe(List.of(recording.samples()), attention, AttentionObserver.NONE)
                .getFirst();
        var errors = WordErrors.of(recording.text(), transcript.text());
        assertTrue(errors.errors() > 0, "random weights");
        assertEquals(errors.errors(), scores[0][i]);
        assertEquals(7, scores[1][i]);
        assertEquals(errors.skipped(), scores[2][i]);
        assertEquals(transcript.ending() == Ending.LOOP ? 1 : 0, scores[3][i]);
        assertEquals(transcript.ending() == Ending.LIMIT ? 1 : 0, scores[4][i]);
        assertTrue(scores[ENCODING][i] > 0);
        assertEquals(recording.samples().length / 16_000f, scores[8][i]);
      }
    }
  }

  @Test
  void theEncodersOutputIsComparedWithThatOfExactAttention() {
    float[][] exact = task.scores(new FullAttention(), _ -> {});
    float[][] other = task.scores(TinyTasks.clustered(1), _ -> {});
    for (int i = 0; i < CLIPS; i++) {
      double[] expected = squares(recordings().get(i).samples(), TinyTasks.clustered(1));
      assertEquals(0, exact[5][i]);
      assertTrue(expected[0] > 0, "clusters change something");
      assertEquals(expected[0], other[5][i], 1e-4 * expected[0]);
      assertEquals(expected[1], other[6][i], 1e-4 * expected[1]);
      assertEquals(exact[6][i], other[6][i]);
    }
  }

  /** Returns ‖O′ − O‖² and ‖O‖² by the formulas. */
  private double[] squares(float[] clip, Attention attention) {
    float[][] exact = encode(clip, new FullAttention());
    float[][] output = encode(clip, attention);
    var squares = new double[2];
    for (int i = 0; i < exact.length; i++) {
      for (int d = 0; d < exact[i].length; d++) {
        squares[0] += Math.pow((double) output[i][d] - exact[i][d], 2);
        squares[1] += Math.pow(exact[i][d], 2);
      }
    }
    return squares;
  }

  private float[][] encode(float[] clip, Attention attention) {
    int width = transcriber.config().hiddenSize();
    var out = Matrix.allocate(Arena.ofAuto(), Transcriber.frames(clip.length), width);
    transcriber.encode(clip, attention, AttentionObserver.NONE, out);
    return out.toArray();
  }

  @Test
  void allButTimesIsTheSameOnAnyNumberOfThreads() throws Exception {
    try (var other = new SpeechRecognition(transcriber(2), recordings())) {
      float[][] expected = task.scores(TinyTasks.clustered(5), _ -> {});
      float[][] found = other.scores(TinyTasks.clustered(5), _ -> {});
      for (int column = 0; column < expected.length; column++) {
        if (column != ENCODING) {
          assertArrayEquals(expected[column], found[column], "column " + column);
        }
      }
    }
  }

  @Test
  void theProgressRisesToTheNumberOfClips() {
    var steps = new ArrayList<Integer>();
    task.scores(new FullAttention(), steps::add);
    assertEquals(List.of(8, 9), steps);
  }

  /** Ratios of sums, so that a longer clip counts for more. */
  @Test
  void measuresAreOfAllClipsTogether() {
    float[][] scores = {
      {3, 1}, {10, 30}, {0, 6}, {1, 0}, {0, 1}, {9, 16}, {60, 40}, {2, 4}, {20, 30}
    };
    var names = task.measures().stream().map(Measure::name).toList();
    assertEquals(
        List.of("WER", "skipped words", "endless clips", "encoder error", "real-time factor"),
        names);
    int[] both = {0, 1};
    double[] expected = {10, 15, 100, 0.5, 0.12};
    double[] first = {30, 0, 100, Math.sqrt(0.15), 0.1};
    for (int m = 0; m < expected.length; m++) {
      assertEquals(expected[m], task.measures().get(m).of(scores, both), 1e-12, names.get(m));
      assertEquals(first[m], task.measures().get(m).of(scores, new int[] {0, 0}), 1e-12);
      assertFalse(Measure.isHigherBetter(names.get(m)), names.get(m));
    }
  }

  @Test
  void inputsAreTheClipsInFrames() {
    var inputs = task.inputs();
    assertEquals(model, inputs.model());
    assertEquals(List.of(2, 2), List.of(inputs.layers(), inputs.heads()));
    assertEquals(CLIPS, inputs.lengths().length);
    assertEquals(Transcriber.frames(9_000), inputs.lengths()[0]);
    assertEquals(0, inputs.separators(3).length);
    var seen = new ArrayList<List<Integer>>();
    inputs.encode(
        new int[] {4, 1},
        new FullAttention(),
        (layer, heads, _) -> seen.add(List.of(layer, heads.size(), heads.get(0).query().rows())));
    int four = inputs.lengths()[4];
    int one = inputs.lengths()[1];
    assertEquals(
        List.of(List.of(0, 2, four), List.of(1, 2, four), List.of(0, 2, one), List.of(1, 2, one)),
        seen);
  }

  @Test
  void theModelIsClosedWithTheTask() {
    task.close();
    assertThrows(IllegalStateException.class, () -> task.scores(new FullAttention(), _ -> {}));
  }
}
