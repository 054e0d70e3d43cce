package io.github.starling.cli;

import io.github.starling.encoder.TinyModel;
import io.github.starling.evaluation.TinyClips;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small data of each task, in words that the tiny model knows. */
final class EvaluationFiles {
  private EvaluationFiles() {}

  /** Writes the data of a task and returns it. */
  static Path write(TaskKind kind, Path folder) throws IOException {
    return switch (kind) {
      case MLM -> Files.writeString(folder.resolve("words.txt"), TinyModel.text(200, 1));
      case RETRIEVAL, QA -> squad(folder.resolve("squad.json"));
      case STS -> sts(folder.resolve("sts.csv"));
      case PROBE -> {
        sentences(folder.resolve("train.tsv"), 40);
        sentences(folder.resolve("dev.tsv"), 30);
        yield folder;
      }
      case ASR -> TinyClips.list(folder, 5);
    };
  }

  static Path sts(Path file) throws IOException {
    var text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append(TinyModel.text(9, i)).append(',').append(TinyModel.text(12, 50 + i));
      text.append(',').append(i % 6).append('\n');
    }
    return Files.writeString(file, text);
  }

  static Path squad(Path file) throws IOException {
    var text = new StringBuilder("{\"data\": [{\"title\": \"\", \"paragraphs\": [");
    for (int i = 0; i < 12; i++) {
      String context = TinyModel.text(20, i);
      text.append(i == 0 ? "" : ",")
          .append(
              """
              {"context": "%s", "qas": [{"id": "%d", "question": "%s", "answers": [
                {"text": "%s", "answer_start": 0}]}]}
              """
                  .formatted(context, i, TinyModel.text(2, 70 + i), context.substring(0, 1)));
    }
    return Files.writeString(file, text.append("]}]}"));
  }

  private static void sentences(Path file, int count) throws IOException {
    var text = new StringBuilder("sentence\tlabel\n");
    for (int i = 0; i < count; i++) {
      text.append(TinyModel.text(12, count + i)).append('\t').append(i * i % 3).append('\n');
    }
    Files.writeString(file, text);
  }
}
