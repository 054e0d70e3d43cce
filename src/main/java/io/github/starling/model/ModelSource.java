package io.github.starling.model;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The two files that an import reads: an ONNX graph and the tokenizer beside it.
 *
 * <p>For {@code NAME.onnx} the tokenizer is {@code NAME-tokenizer.json} or {@code tokenizer.json}
 * in the same folder, or {@code tokenizer.json} in the one above.
 *
 * @param onnx the graph
 * @param tokenizer the {@code tokenizer.json}
 */
record ModelSource(Path onnx, Path tokenizer) {
  private static final String SUFFIX = ".onnx";

  /**
   * Finds the files; those of an archive are unpacked.
   *
   * @param source an ONNX file, a folder with one (or with one in {@code onnx/}), or a jar or zip
   * @param scratch existing folder for what must be unpacked
   * @throws FormatException if the archive is damaged, or there are several graphs or none
   * @throws IOException if the source or its tokenizer is missing or cannot be read
   */
  static ModelSource find(Path source, Path scratch) throws IOException {
    if (!Files.exists(source)) {
      throw new NoSuchFileException(source.toString(), null, "no such file or folder");
    }
    if (Files.isDirectory(source)) {
      return inFolder(source);
    }
    String name = source.getFileName().toString();
    if (name.endsWith(SUFFIX)) {
      return beside(source);
    }
    if (name.endsWith(".jar") || name.endsWith(".zip")) {
      return inArchive(source, scratch);
    }
    throw new FormatException(
        source, 0, "cannot import this: an .onnx file, a folder, or a .jar or .zip file is needed");
  }

  private static ModelSource inFolder(Path folder) throws IOException {
    for (Path place : List.of(folder, folder.resolve("onnx"))) {
      var graphs = new ArrayList<Path>();
      if (Files.isDirectory(place)) {
        try (var files = Files.newDirectoryStream(place, "*" + SUFFIX)) {
          files.forEach(graphs::add);
        }
      }
      Path usual = place.resolve("model" + SUFFIX);
      if (graphs.size() == 1 || graphs.contains(usual)) {
        return beside(graphs.size() == 1 ? graphs.getFirst() : usual);
      }
      if (graphs.size() > 1) {
        throw new FormatException(
            place, 0, "which one is meant? " + graphs.size() + " .onnx files");
      }
    }
    throw new NoSuchFileException(folder.toString(), null, "no .onnx file in this folder");
  }

  private static ModelSource beside(Path onnx) throws IOException {
    Path folder = onnx.toAbsolutePath().getParent();
    for (String candidate : tokenizerNames(onnx.getFileName().toString())) {
      if (Files.exists(folder.resolve(candidate))) {
        return new ModelSource(onnx, folder.resolve(candidate));
      }
    }
    throw new NoSuchFileException(
        onnx.toString(),
        null,
        "no tokenizer beside it: one of " + tokenizerNames(onnx.getFileName().toString()));
  }

  /** Returns where a graph's tokenizer may be, relative to the graph's folder. */
  private static List<String> tokenizerNames(String onnxName) {
    String stem = onnxName.substring(0, onnxName.length() - SUFFIX.length());
    return List.of(
        stem + "-" + ModelFolder.TOKENIZER, ModelFolder.TOKENIZER, "../" + ModelFolder.TOKENIZER);
  }

  private static ModelSource inArchive(Path archive, Path scratch) throws IOException {
    try (var zip = new ZipFile(archive.toFile())) {
      var graphs = zip.stream().filter(e -> e.getName().endsWith(SUFFIX)).toList();
      if (graphs.size() != 1) {
        throw new FormatException(
            archive, 0, "one .onnx file must be in it but there are " + graphs.size());
      }
      var graph = Path.of(graphs.getFirst().getName());
      for (String candidate : tokenizerNames(graph.getFileName().toString())) {
        ZipEntry tokenizer =
            zip.getEntry(graph.resolveSibling(candidate).normalize().toString().replace('\\', '/'));
        if (tokenizer != null) {
          return new ModelSource(
              unpack(zip, graphs.getFirst(), scratch), unpack(zip, tokenizer, scratch));
        }
      }
      throw new FormatException(
          archive,
          0,
          "no tokenizer beside %s in it: one of %s"
              .formatted(graph, tokenizerNames(graph.getFileName().toString())));
    } catch (ZipException | EOFException e) {
      throw new FormatException(archive, 0, "damaged archive: " + e.getMessage());
    }
  }

  /** Unpacks under the last part of the name: a hostile name must not lead elsewhere. */
  private static Path unpack(ZipFile zip, ZipEntry entry, Path scratch) throws IOException {
    Path target = scratch.resolve(Path.of(entry.getName()).getFileName());
    try (var content = zip.getInputStream(entry)) {
      Files.copy(content, target);
    }
    return target;
  }
}
