package io.github.starling.cli;

import io.github.starling.attention.AutomaticAttention;
import io.github.starling.cli.AttentionOptions.Clustering;
import io.github.starling.encoder.LongText;
import io.github.starling.evaluation.Evaluation;
import io.github.starling.kernel.HammingAssignment;
import io.github.starling.kernel.Workers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measures what approximate attention costs in the quality of a task. */
@Command(
    name = "evaluate",
    sortOptions = false,
    description = {
      "Does a task with exact and with approximate attention and says how much worse it is done:",
      "  mlm        masked words of a text, or of SQuAD-format JSON",
      "  retrieval  question to passage, SQuAD-format JSON",
      "  qa         answers in paragraphs, SQuAD-format JSON; needs a BertForQuestionAnswering"
          + " model",
      "  sts        similarity of sentences, STS-B's CSV",
      "  probe      classes of sentences, a folder with GLUE-style train.tsv and dev.tsv",
      "  asr        speech to text, a list of clips: between tabs id, text and perhaps file",
      "What is done is kept, so that an evaluation that was interrupted goes on where it was.",
      ""
    },
    footer = {"", "Example: starling evaluate sts --data STS-B/test.csv --clusters 25"})
final class EvaluateCommand implements Callable<Integer> {
  @ParentCommand private StarlingCommand starling;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "TASK",
      description = "mlm, retrieval, qa, sts, probe or asr.")
  private TaskKind kind;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "File or folder of the task's data; with --all, the folder of all data.")
  private Path data;

  @Option(
      names = "--all",
      description =
          "Do all tasks whose data and models are there: xquad/xquad.en.json, long/*.txt,"
              + " STS-B/test.csv, SST-2, CoLA, squad/squad-test.json and squad-test-long.json,"
              + " speech/clips/clips.tsv.")
  private boolean all;

  @Option(
      names = "--report",
      description = "Write docs/accuracy.md and docs/speech.md from all evaluations that are kept.")
  private boolean report;

  @Option(
      names = "--ablation",
      description =
          "Write into docs/refined.md what each ingredient of refined clustered attention is worth"
              + " on the text of --data: error and time on bert-base-uncased and all-MiniLM-L6-v2,"
              + " or on --model.")
  private boolean ablation;

  @Option(
      names = "--attention",
      split = ",",
      paramLabel = "NAME",
      converter = AttentionKind.Converter.class,
      description =
          "What to compare with exact attention; by default clustered,improved-clustered."
              + " Refined-clustered has 64 exact keys a query, and 2 for every cluster; in asr 48"
              + " up to 30 clusters, then 112, and a window of 16.")
  private List<AttentionKind> kinds =
      List.of(AttentionKind.CLUSTERED, AttentionKind.IMPROVED_CLUSTERED);

  @Option(
      names = "--clusters",
      split = ",",
      paramLabel = "C",
      description = "Numbers of clusters; by default 10,25,50,100, in asr 25,50,100,200.")
  private List<Integer> clusters;

  @Option(
      names = "--clustering",
      paramLabel = "HOW",
      description =
          "Clusters of the paper's kinds: hamming, K-means on signatures, the default; or runs,"
              + " consecutive positions, which the results call improved-clustered-runs and so on.")
  private Clustering clustering = Clustering.HAMMING;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "32",
      description = "Keys of each cluster that get exact scores; by default ${DEFAULT-VALUE}.")
  private int topK;

  @Option(
      names = "--exact-keys",
      paramLabel = "B",
      description =
          "Exact keys of each query in refined-clustered, which the results call"
              + " refined-clustered-B then.")
  private Integer exactKeys;

  @Option(
      names = "--max-error",
      paramLabel = "E",
      description =
          "Relative error of a layer's attention that auto accepts; by default ${DEFAULT-VALUE}.")
  private double maxError = AutomaticAttention.USUAL_ERROR;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Seeds of each kind of attention, from 0; by default ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--masked",
      paramLabel = "N",
      defaultValue = "2000",
      description = "mlm: the fewest words to mask each time; by default ${DEFAULT-VALUE}.")
  private int masked;

  @Option(
      names = "--masks",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "mlm: times to mask the same texts, other words by another seed; by default"
              + " ${DEFAULT-VALUE}.")
  private int masks;

  @Option(
      names = "--articles",
      description =
          "retrieval: passages are whole articles, cut where the model's reading ends, instead of"
              + " paragraphs.")
  private boolean articles;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "qa: tokens of question and paragraph; by default all that the model reads.")
  private Integer maxTokens;

  @Option(
      names = "--long",
      paramLabel = "HOW",
      description =
          "qa: what to do with a longer paragraph: error, truncate, or window (the default).")
  private LongText longText = LongText.WINDOW;

  @Option(
      names = "--train",
      paramLabel = "N",
      defaultValue = "8000",
      description = "probe: sentences to train with at most; by default ${DEFAULT-VALUE}.")
  private int trained;

  @Option(
      names = "--join",
      paramLabel = "N",
      defaultValue = "1",
      description = "asr: consecutive clips to make one of; by default ${DEFAULT-VALUE}.")
  private int join;

  @Option(
      names = "--results",
      paramLabel = "FOLDER",
      description =
          "Where outcomes are kept, a JSON file each; by default beside the models, or with --all"
              + " or --report in docs/accuracy/outcomes.")
  private Path results;

  @Override
  public Integer call() throws IOException {
    boolean hasTask = kind != null && data != null;
    if (!all && !report && !ablation && !hasTask || (all || ablation) && data == null) {
      throw new ParameterException(
          spec.commandLine(),
          "what is to be evaluated? Name a task and --data, or --all and --data, or --ablation and"
              + " --data");
    }
    clustering.check(kinds, spec);
    checkNumbers();
    Path folder = results();
    var options =
        new TaskRequest.Options(masked, articles, maxTokens, longText, trained, join, masks);
    if (all) {
      for (var request : new EvaluationPlan(data, options, starling).requests(this::warn)) {
        evaluate(request, folder);
      }
    } else if (kind != null) {
      evaluate(new TaskRequest(kind, starling.modelName(), data, options), folder);
    }
    if (report) {
      for (Path page : EvaluationPages.write(folder, SourceTree.home().resolve("docs"))) {
        warn("wrote " + page);
      }
    }
    if (ablation) {
      warn("wrote " + writeAblation());
    }
    return 0;
  }

  private Path writeAblation() throws IOException {
    String named = starling.modelName();
    var models = new ArrayList<Path>();
    for (String name :
        named != null
            ? List.of(named)
            : List.of(RemoteModel.MASKED_NAME, RemoteModel.DEFAULT_NAME)) {
      models.add(starling.folder(name, spec.commandLine().getErr()));
    }
    var base = EvaluatedAttentions.refined(TaskKind.MLM, AccuracyReport.AS_FAST);
    Path docs = SourceTree.home().resolve("docs");
    return new AblationPage(base, data, starling.threads()).write(models, docs);
  }

  private Path results() throws IOException {
    if (results != null) {
      return results;
    }
    return all || report
        ? SourceTree.home().resolve("docs/accuracy/outcomes")
        : starling.surroundings().cache().folder().resolve("evaluations");
  }

  private void checkNumbers() {
    for (int c : clusters == null ? List.<Integer>of() : clusters) {
      AttentionOptions.checkRange("--clusters", c, HammingAssignment.MAX_CLUSTERS);
    }
    AttentionOptions.checkRange("--top-k", topK, Integer.MAX_VALUE);
    AttentionOptions.checkRange("--exact-keys", exactKeys, Integer.MAX_VALUE);
    AttentionOptions.checkMaxError(maxError);
    AttentionOptions.checkRange("--seeds", seeds, Integer.MAX_VALUE);
    AttentionOptions.checkRange("--masked", masked, Integer.MAX_VALUE);
    AttentionOptions.checkRange("--masks", masks, Integer.MAX_VALUE);
    AttentionOptions.checkRange("--max-tokens", maxTokens, Integer.MAX_VALUE);
    AttentionOptions.checkRange("--train", trained, Integer.MAX_VALUE);
    AttentionOptions.checkRange("--join", join, Integer.MAX_VALUE);
  }

  private void warn(String problem) {
    spec.commandLine().getErr().println("starling: " + problem);
  }

  private void evaluate(TaskRequest request, Path results) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    String usual =
        request.model() == null ? TaskRequest.usualModel(request.kind()) : request.model();
    if (usual == null) {
      throw new ParameterException(
          spec.commandLine(), request.kind() + " has no usual model: name one with --model");
    }
    request.checkData(); // before a model is fetched for it
    Path folder = starling.folder(usual, err);
    var attentions =
        new EvaluatedAttentions(
            kinds, clusters, topK, exactKeys, maxError, seeds, clustering == Clustering.RUNS);
    var variants = attentions.variants(request.kind());
    int threads = starling.threads();
    try (var workers = new Workers(threads);
        var task = request.open(folder, threads)) {
      var evaluation = new Evaluation(task, request.setup(folder, topK), results);
      int sequences = task.inputs().lengths().length;
      for (var variant : variants) {
        try (var progress =
            Progress.start(
                starling.surroundings(), variant.group(), sequences, request.kind().sequences())) {
          evaluation.run(List.of(variant), _ -> progress::at);
        }
      }
      evaluation.study(variants, workers);
      evaluation.studyDivergence(variants);
      if (request.kind() == TaskKind.MLM || request.kind() == TaskKind.QA) {
        evaluation.studyHeads(attentions.headVariant(request.kind()), workers);
      }
      evaluation.studyRotary(workers);
      new EvaluationTable(evaluation.summarize(), task).print(request, spec.commandLine().getOut());
      err.println("starling: kept in " + evaluation.path());
    }
  }
}
