package io.github.starling.bench.peer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Prints the embedding of a text by ONNX Runtime and Hugging Face's tokenizers: what {@code
 * starling embed --text} does, as a program of its own.
 */
public final class OnnxEmbed {
  private OnnxEmbed() {}

  /**
   * Embeds a text with the mean of its tokens, scaled to length 1.
   *
   * @param args a {@code tokenizer.json} and the text; the graph is that of the data folder
   */
  public static void main(String... args) throws Exception {
    var settings = Map.of("truncation", "false", "padding", "false");
    try (var tokenizer = HuggingFaceTokenizer.newInstance(Path.of(args[0]), settings);
        var encoder = new OnnxEncoder("minilm-published", 1)) {
      int[] ids =
          Arrays.stream(tokenizer.encode(args[1]).getIds()).mapToInt(i -> (int) i).toArray();
      float[][] tokens = encoder.encode(ids);
      var mean = new double[tokens[0].length];
      double squares = 0;
      for (int c = 0; c < mean.length; c++) {
        for (float[] token : tokens) {
          mean[c] += token[c];
        }
        squares += mean[c] * mean[c];
      }
      double length = Math.sqrt(squares);
      System.out.println(Arrays.toString(Arrays.stream(mean).map(x -> x / length).toArray()));
    }
  }
}
