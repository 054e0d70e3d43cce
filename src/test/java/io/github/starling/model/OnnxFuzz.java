package io.github.starling.model;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFuzz {
  @TempDir Path folder;

  @Test
  void mutatedGraphsAreReadOrRefused() throws Exception {
    var gemm = new TinyBert();
    gemm.isGemm = true;
    gemm.isNormFused = true;
    gemm.activation = "Gelu";
    var turned = new TinyBert();
    turned.isTransposedByGraph = true;
    turned.activation = "Tanh";
    Fuzzing.run(
        folder.resolve("mutated.onnx"),
        Fuzzing.mutationsOf(new TinyBert().build(), gemm.build(), turned.build()),
        (file, arena) -> {
          var onnx = OnnxFile.open(file, arena);
          for (StoredTensor tensor : onnx.initializers().values()) {
            Fuzzing.touch(tensor.data());
          }
          for (var part : new BertGraph(onnx).parts()) {
            Fuzzing.touch(part.content().elements(arena));
          }
        });
  }
}
