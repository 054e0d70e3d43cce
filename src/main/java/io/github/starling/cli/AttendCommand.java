package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.Audit;
import io.github.starling.attention.AutomaticChoice;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.Head;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.kernel.Workers;
import io.github.starling.model.AtomicWrite;
import io.github.starling.model.DType;
import io.github.starling.model.SafetensorsWriter;
import io.github.starling.model.SafetensorsWriter.Part;
import io.github.starling.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Computes attention on queries, keys and values of a file. */
@Command(
    name = "attend",
    sortOptions = false,
    description = {
      "Computes attention on queries, keys and values of a safetensors file.",
      "",
      "IN holds query (heads, n, dk), key (heads, m, dk) and value (heads, m, dv) in F32, all with"
          + " a batch dimension before or all without; and if wanted planes (B, dk+1) F32, initial"
          + " (C) I64, query_lengths and key_lengths (batch) I64. OUT gets output, shaped like"
          + " query with width dv, and with --trace what was done to each cluster. shared-qk takes"
          + " the queries for keys and does not read key, which must have its shape all the same.",
      ""
    },
    footer = {
      "",
      "Example: starling attend in.safetensors -o out.safetensors --attention clustered"
    })
final class AttendCommand implements Callable<Integer> {
  @ParentCommand private StarlingCommand starling;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "IN", description = "The safetensors file to read.")
  private Path in;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "The safetensors file to write; may be left out when the time is measured.")
  private Path out;

  @Option(
      names = "--attention",
      required = true,
      paramLabel = "NAME",
      converter = AttentionKind.Converter.class,
      description = "${COMPLETION-CANDIDATES}.")
  private AttentionKind kind;

  @Mixin private AttentionOptions options;

  @Option(
      names = "--scale",
      paramLabel = "TAU",
      description = "Factor on the scores; by default 1/sqrt(dk).")
  private Double scale;

  @Option(names = "--causal", description = "full: let no query see later keys.")
  private boolean causal;

  @Option(names = "--trace", description = "Write also what was done to each cluster.")
  private boolean traced;

  @Mixin private AuditOption audit;

  @Option(
      names = "--repeat",
      paramLabel = "R",
      description =
          "Warm up, then run the attention R times and print how long it took, reading and writing"
              + " left out; by default once if one of the next two is given.")
  private Integer repeat;

  @Option(
      names = "--json",
      description =
          "Print the time as a line of JSON: attention, shape, keys, dv, threads, ms of each run,"
              + " median_ms, with --profile the phases, of auto the choice for each sequence, and"
              + " with --audit the error.")
  private boolean json;

  @Option(
      names = "--profile",
      description =
          "Print where the time goes: the phases, their rates and what share of the machine's"
              + " limits they reach.")
  private boolean profiled;

  @Override
  public Integer call() throws IOException {
    checkUsage();
    if (repeat != null && repeat < 1) {
      throw new IllegalArgumentException("--repeat must be at least 1, not " + repeat);
    }
    audit.check();
    if (scale != null && !(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("--scale must be positive and finite, not " + scale);
    }
    if (traced && !kind.isTraced()) {
      spec.commandLine().getErr().println("starling: " + kind + " has no trace");
    }
    if (out != null) {
      AtomicWrite.checkFile(out);
    }
    try (var arena = Arena.ofShared();
        var workers = new Workers(starling.threads())) {
      var input = AttendInput.open(in, options.isUnbiased(), arena);
      int k = kind.hasTopKeys() ? options.topK(input.key().length()) : 0;
      var clustering = kind.isHashed() ? clustering(input) : null;
      double tau = scale == null ? Attention.usualScale(input.query().width()) : scale;
      var settings =
          new AttentionKind.Settings(
              clustering,
              k,
              kind == AttentionKind.REFINED_CLUSTERED ? refined(input) : null,
              options.reformer(),
              options.window(),
              options.maxError());
      var call = new AttendCall(kind, settings, causal, input.query().heads(), tau);
      var metadata = call.metadata();
      var parts = attend(input, call, metadata, arena, workers);
      if (out != null) {
        CleanInterrupt.run(() -> SafetensorsWriter.write(out, metadata, parts));
      }
    }
    return 0;
  }

  private boolean isMeasured() {
    return repeat != null || json || profiled;
  }

  private void checkUsage() {
    if (causal && kind != AttentionKind.FULL) {
      throw new ParameterException(
          spec.commandLine(), "--causal is for full attention, not for " + kind);
    }
    options.clustering().check(List.of(kind), spec);
    if (out == null && !isMeasured() && audit.queries() == 0) {
      throw new ParameterException(
          spec.commandLine(), "Missing required option: '--output=OUT', or --repeat to measure");
    }
    if (out == null && traced) {
      throw new ParameterException(spec.commandLine(), "--trace needs --output=OUT to write to");
    }
  }

  private RefinedOptions refined(AttendInput input) {
    int n = input.query().length();
    return options.refined(RefinedOptions.usual(n), n, input.key().length());
  }

  private ClusterOptions clustering(AttendInput input) {
    int[] initial = input.initial();
    int n = input.query().length();
    if (initial != null && initial.length > n) {
      throw new IllegalArgumentException(
          "%s: initial has %d positions but there are %d queries".formatted(in, initial.length, n));
    }
    int c = options.clusters(initial == null ? LengthComparison.USUAL_CLUSTERS : initial.length, n);
    return options.clustering(c, input.planes(), initial);
  }

  private List<Part> attend(
      AttendInput input,
      AttendCall call,
      Map<String, String> metadata,
      Arena arena,
      Workers workers) {
    var query = input.query();
    var value = input.value();
    var output =
        Tensor.allocate(arena, query.batch(), query.heads(), query.length(), value.width());
    AttendTrace trace = null;
    try {
      var heads = Head.of(query, input.key(), value, output, input.lengths());
      if (traced && kind.isTraced()) {
        int c = call.settings().clustering().clusters();
        var shape =
            new AttendTrace.Shape(
                heads.size(),
                query.length(),
                query.width(),
                value.width(),
                c,
                call.settings().topK());
        trace = new AttendTrace(shape, arena);
      }
      var choices = new ArrayList<AutomaticChoice>();
      var attention = call.attention(choices::add);
      AttendTiming timing = null;
      if (isMeasured()) {
        int runs = repeat == null ? 1 : repeat;
        Runnable attend = () -> call.attend(attention, heads, workers, null);
        timing = AttendTiming.measure(attend, runs, workers, profiled);
      }
      if (!isMeasured() || trace != null) {
        call.attend(attention, heads, workers, trace);
      }
      int audited = audit.queries();
      var error = audited == 0 ? null : new Audit(audited).measure(heads, call.scale(), workers);
      if (error != null) {
        metadata.putAll(AuditReport.metadata(error));
      }
      // of the last run; those before chose the same
      int chosen = Math.min(choices.size(), query.batch());
      var last = choices.subList(choices.size() - chosen, choices.size());
      print(timing, new AttendTiming.Findings(error, last), input, workers.threads());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(in + ": " + e.getMessage(), e);
    }

    var parts = new ArrayList<Part>();
    var shape = shape(input, query.length(), value.width());
    parts.add(new Part("output", DType.F32, shape, _ -> output.data()));
    if (trace != null) {
      parts.addAll(trace.parts(shape.subList(0, shape.size() - 2)));
    }
    return parts;
  }

  /** Returns a shape with the batch dimension, if the input has one, and the heads before. */
  private static List<Long> shape(AttendInput input, long length, long width) {
    var shape = new ArrayList<>(List.of((long) input.query().heads(), length, width));
    if (input.hasBatch()) {
      shape.addFirst((long) input.query().batch());
    }
    return shape;
  }

  private void print(
      AttendTiming timing, AttendTiming.Findings findings, AttendInput input, int threads) {
    var err = spec.commandLine().getErr();
    if (timing != null) {
      var query = input.query();
      var subject =
          new AttendTiming.Subject(
              kind,
              shape(input, query.length(), query.width()),
              input.key().length(),
              input.value().width(),
              threads);
      if (json) {
        timing.printJson(subject, findings, spec.commandLine().getOut());
      } else {
        timing.print(subject, err);
      }
    }
    if (!json) {
      findings.print(err);
    }
  }
}
