package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Turns a BERT-family encoder of ONNX or TensorFlow, or a Moonshine of ONNX, into a Hugging Face
 * model folder.
 *
 * <p>The folder is made under another name and renamed whole. Weights go through one at a time.
 */
public final class ModelImport {
  private ModelImport() {}

  /**
   * What the source cannot say.
   *
   * @param pooling how tokens become one embedding: MEAN or CLS; null: {@link #usualPooling}
   * @param isNormalized whether embeddings are scaled to length 1; null: those of an ONNX graph
   *     are, those of a checkpoint, which was not trained for it, are not
   * @param replace whether an existing folder gives way
   */
  public record Options(Pooling pooling, Boolean isNormalized, boolean replace) {
    /** The usual pooling and length; an existing folder is kept. */
    public static final Options DEFAULT = new Options(null, null, false);

    /**
     * Checks the pooling.
     *
     * @throws IllegalArgumentException if it is POOLER, which a model folder cannot say
     */
    public Options {
      if (pooling == Pooling.POOLER) {
        throw new IllegalArgumentException("pooling must be MEAN or CLS but is POOLER");
      }
    }
  }

  /**
   * Imports a model.
   *
   * @param source an {@code .onnx} file with {@code tokenizer.json} or {@code NAME-tokenizer.json}
   *     beside it; a TensorFlow checkpoint ({@code NAME.index} or just {@code NAME}) with {@code
   *     vocab.txt} beside it; a folder with either, such as a SavedModel; or a {@code .jar} or
   *     {@code .zip} with either, or with a zip of it; or a folder with {@code encoder_model.onnx}
   *     and {@code decoder_model_merged.onnx} of a quantised Moonshine, see {@link MoonshineFolder}
   * @param target the folder to make; its parent must exist
   * @throws java.nio.file.FileAlreadyExistsException if the target exists, is not empty and must
   *     not be replaced
   * @throws IllegalArgumentException if the options say how the embeddings of a speech recogniser
   *     are to be made
   * @throws FormatException if the source is damaged or of a model that is not supported
   * @throws IOException if a file is missing or the folder cannot be written; nothing of it is left
   *     then
   */
  public static void run(Path source, Path target, Options options) throws IOException {
    AtomicWrite.folder(
        target,
        options.replace(),
        folder -> {
          Path scratch = Files.createDirectory(folder.resolve("scratch"));
          try {
            ModelSource.find(source, scratch).writeTo(folder, name(source), options);
          } catch (FormatException e) {
            // an unpacked file is gone when the message is read: name the archive
            if (!e.path().startsWith(scratch)) {
              throw e;
            }
            boolean isOfFile = !e.path().equals(scratch);
            throw e.at(isOfFile ? Path.of(source + "!" + e.path().getFileName()) : source);
          }
          AtomicWrite.delete(scratch);
        });
  }

  /**
   * Returns the graphs that {@link #run} reads of a Moonshine's folder, the encoder's first; none
   * of any other source.
   *
   * @throws IOException if the folder cannot be read or has no model or several
   */
  public static List<Path> moonshineGraphs(Path source) throws IOException {
    return Files.isDirectory(source)
            && ModelSource.find(source, source) instanceof MoonshineSource moonshine
        ? moonshine.graphs()
        : List.of();
  }

  /**
   * Returns the pooling that models of a file's name use: CLS if {@code bge} is in it, else the
   * mean.
   */
  public static Pooling usualPooling(Path source) {
    return SentenceFiles.usualPooling(name(source));
  }

  private static String name(Path source) {
    return source.toAbsolutePath().normalize().getFileName().toString().toLowerCase(Locale.ROOT);
  }
}
