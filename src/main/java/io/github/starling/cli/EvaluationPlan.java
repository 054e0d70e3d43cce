package io.github.starling.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All tasks, on the data and with the models that {@code docs/accuracy.md} is about.
 *
 * @param data the folder of all data
 * @param options of single tasks
 * @param starling knows the models
 */
record EvaluationPlan(Path data, TaskRequest.Options options, StarlingCommand starling) {
  private static final String BERT = RemoteModel.MASKED_NAME;

  /** BERT-base tuned for questions; its folder must be made by hand. */
  private static final String BERT_SQUAD = BERT + "-squad";

  private static final String CLIPS = "speech/clips/clips.tsv";

  /** As the figures that the tuned model came with were taken. */
  private static final int SHORT_TOKENS = 384;

  private static final int LONG_TOKENS = 512;

  /**
   * Returns what can be done, the shortest first.
   *
   * @param warn told what cannot
   */
  List<TaskRequest> requests(Consumer<String> warn) {
    var requests = new ArrayList<TaskRequest>();
    for (String text :
        List.of("xquad/xquad.en.json", "long/1981_jimmy_carter_d.txt", "long/moby-dick.txt")) {
      requests.add(request(TaskKind.MLM, BERT, text, options));
    }
    for (String model : List.of(RemoteModel.DEFAULT_NAME, "e5-small-v2")) {
      requests.add(request(TaskKind.STS, model, "STS-B/test.csv", options));
      requests.add(request(TaskKind.RETRIEVAL, model, "xquad/xquad.en.json", options));
      requests.add(request(TaskKind.RETRIEVAL, model, "xquad/xquad.en.json", options.ofArticles()));
    }
    requests.add(request(TaskKind.PROBE, BERT, "CoLA", options));
    requests.add(request(TaskKind.PROBE, BERT, "SST-2", options));
    requests.add(
        request(TaskKind.QA, BERT_SQUAD, "squad/squad-test.json", options.cutTo(SHORT_TOKENS)));
    requests.add(
        request(TaskKind.QA, BERT_SQUAD, "squad/squad-test-long.json", options.cutTo(LONG_TOKENS)));
    for (String model : List.of(TaskRequest.SPEECH_MODEL, "moonshine-tiny")) {
      for (int join : List.of(1, 2)) {
        requests.add(request(TaskKind.ASR, model, CLIPS, options.joinedBy(join)));
      }
    }
    requests.removeIf(request -> isMissing(request, warn));
    return requests;
  }

  private TaskRequest request(
      TaskKind kind, String model, String file, TaskRequest.Options taskOptions) {
    return new TaskRequest(kind, model, data.resolve(file), taskOptions);
  }

  private boolean isMissing(TaskRequest request, Consumer<String> warn) {
    if (!Files.exists(request.data())) {
      warn.accept("left out " + request.title() + ": " + request.data() + " is not there");
      return true;
    }
    boolean isKnown =
        RemoteModel.named(request.model()).isPresent()
            || Files.isDirectory(starling.surroundings().cache().model(request.model()));
    if (!isKnown) {
      warn.accept("left out " + request.title() + ": there is no model " + request.model());
    }
    return !isKnown;
  }
}
