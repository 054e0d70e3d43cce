package io.github.starling.cli;

import io.github.starling.model.ModelImport;
import io.github.starling.model.Pooling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Turns a model of ONNX or TensorFlow into a Hugging Face folder. */
@Command(
    name = "import",
    description =
        "Turns a BERT-family encoder of ONNX or TensorFlow, or a Moonshine of ONNX, into a Hugging"
            + " Face folder.",
    footer = {"", "Example: starling import all-minilm-l6-v2.jar minilm"})
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description =
          "An .onnx file with tokenizer.json or NAME-tokenizer.json beside it; a TensorFlow"
              + " checkpoint (NAME.index or NAME) with vocab.txt beside it; a folder with either,"
              + " such as a SavedModel; or a .jar or .zip with either. A Moonshine is a folder with"
              + " encoder_model.onnx and decoder_model_merged.onnx, as in the npm package"
              + " @usefulsensors/moonshine-js; whether they are the published ones is said, by"
              + " their SHA-256.")
  private Path source;

  @Parameters(index = "1", paramLabel = "DEST", description = "The folder to make.")
  private Path target;

  @Option(
      names = "--pooling",
      description =
          "How tokens become one embedding: mean or cls; by default cls if the name has"
              + " bge in it, else mean.")
  private Pooling pooling;

  @Option(
      names = "--normalize",
      negatable = true,
      description =
          "Scale embeddings to length 1, or do not; by default those of an ONNX model are scaled,"
              + " those of a checkpoint are not.")
  private Boolean isNormalized;

  @Option(names = "--replace", description = "Replace DEST if it exists.")
  private boolean replace;

  @Override
  public Integer call() throws IOException {
    var options = new ModelImport.Options(pooling, isNormalized, replace);
    CleanInterrupt.run(() -> ModelImport.run(source, target, options));
    var out = spec.commandLine().getOut();
    for (Path graph : ModelImport.moonshineGraphs(source)) {
      out.println(PublishedGraphs.MOONSHINE.compare(graph));
    }
    out.println("imported " + source + " to " + target);
    return 0;
  }
}
