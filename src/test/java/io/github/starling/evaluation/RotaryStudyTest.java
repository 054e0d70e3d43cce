package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import io.github.starling.speech.Transcriber;
import io.github.starling.speech.TranscriberOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotaryStudyTest {
  @TempDir Path folder;

  @Test
  void runsSpreadAFourthOfTheirLength() {
    int[] runs = IntStream.range(0, 1000).map(i -> i / 40).toArray();
    assertEquals(1 / 100.0, RotaryStudy.spread(runs), 1e-12);
  }

  @Test
  void clustersWithMembersEverywhereSpreadAFourthOfAll() {
    int[] everywhere = IntStream.range(0, 1000).map(i -> i % 25).toArray();
    assertEquals(0.25, RotaryStudy.spread(everywhere), 1e-3);
  }

  @Test
  void theSpreadIsTheMeanDistanceFromTheMedian() {
    // cluster 7 has 0, 1, 5: distances 1, 0, 4; cluster 2 has 2, 4: 2 together; cluster 9 has 3
    assertEquals(7 / 36.0, RotaryStudy.spread(new int[] {7, 7, 2, 9, 2, 7}), 1e-12);
  }

  @Test
  void theLongestClipIsLookedAtLayerByLayer() throws Exception {
    Path model = TinyClips.model(folder);
    var clips = List.of(TinyClips.noise(60_000, 1), TinyClips.noise(90_000, 2));
    var options = TranscriberOptions.defaults().withThreads(1);
    try (var transcriber = Transcriber.open(model, options);
        var one = new Workers(1);
        var two = new Workers(2)) {
      var inputs = new ClipInputs(transcriber, clips);
      var result = RotaryStudy.measure(inputs, one);
      assertEquals(4, result.channels());
      assertEquals(6, result.width());
      assertEquals(Transcriber.frames(90_000), result.length());
      assertEquals(2, result.layers().size());
      for (var layer : result.layers()) {
        assertTrue(layer.channelShare() > 0 && layer.channelShare() < 1, layer.toString());
        assertTrue(layer.offsetShare() > 0 && layer.offsetShare() < 1, layer.toString());
        assertTrue(layer.spread() > 0 && layer.spread() < 0.3, layer.toString());
        // clusters of some ten members: a little less than a fourth
        assertTrue(layer.randomSpread() > 0.18 && layer.randomSpread() < 0.26, layer.toString());
      }
      assertEquals(result, RotaryStudy.measure(inputs, two));
    }
  }
}
