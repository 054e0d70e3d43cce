package io.github.starling.model;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoonshineFuzz {
  @TempDir Path folder;

  @Test
  void mutatedEncodersAreReadOrRefused() throws Exception {
    var moonshine = new TinyMoonshine();
    Path decoder = folder.resolve("decoder.onnx");
    Files.write(decoder, moonshine.decoder());
    Fuzzing.run(
        folder.resolve("mutated.onnx"),
        Fuzzing.mutationsOf(moonshine.encoder(), moonshine.decoder()),
        (file, arena) -> {
          var graph = new MoonshineGraph(OnnxFile.open(file, arena), OnnxFile.open(decoder, arena));
          for (var part : graph.parts()) {
            Fuzzing.touch(part.content().elements(arena));
          }
        });
  }

  @Test
  void mutatedDecodersAreReadOrRefused() throws Exception {
    var moonshine = new TinyMoonshine();
    Path encoder = folder.resolve("encoder.onnx");
    Files.write(encoder, moonshine.encoder());
    Fuzzing.run(
        folder.resolve("mutated.onnx"),
        Fuzzing.mutationsOf(moonshine.decoder(), moonshine.encoder()),
        (file, arena) -> {
          var graph = new MoonshineGraph(OnnxFile.open(encoder, arena), OnnxFile.open(file, arena));
          for (var part : graph.parts()) {
            Fuzzing.touch(part.content().elements(arena));
          }
        });
  }
}
