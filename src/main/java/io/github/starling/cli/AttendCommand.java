package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ClusteredAttention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.Head;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.attention.OracleTopKAttention;
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
import java.util.LinkedHashMap;
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
          + " query with width dv, and with --trace what was done to each cluster.",
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
      required = true,
      paramLabel = "OUT",
      description = "The safetensors file to write.")
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

  @Option(names = "--causal", description = "Let no query see later keys (not yet available).")
  private boolean causal;

  @Option(names = "--trace", description = "Write also what was done to each cluster.")
  private boolean traced;

  @Override
  public Integer call() throws IOException {
    if (causal) {
      throw new ParameterException(spec.commandLine(), "not yet available: --causal");
    }
    if (scale != null && !(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("--scale must be positive and finite, not " + scale);
    }
    if (traced && !kind.hasClusters()) {
      spec.commandLine().getErr().println("starling: " + kind + " has no clusters to trace");
    }
    AtomicWrite.checkFile(out);
    try (var arena = Arena.ofShared();
        var workers = new Workers(starling.threads())) {
      var input = AttendInput.open(in, options.isUnbiased(), arena);
      int k = kind.hasTopKeys() ? options.topK(input.key().length()) : 0;
      var clustering = kind.hasClusters() ? clustering(input) : null;
      double tau = scale == null ? Attention.usualScale(input.query().width()) : scale;
      var call = new Call(k, clustering, tau);
      var parts = attend(input, call, arena, workers);
      CleanInterrupt.run(() -> SafetensorsWriter.write(out, metadata(call), parts));
    }
    return 0;
  }

  /** The numbers of a call; {@code clustering} is null for kinds that do not cluster. */
  private record Call(int topK, ClusterOptions clustering, double scale) {}

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

  private List<Part> attend(AttendInput input, Call call, Arena arena, Workers workers) {
    var query = input.query();
    var value = input.value();
    var output =
        Tensor.allocate(arena, query.batch(), query.heads(), query.length(), value.width());
    AttendTrace trace = null;
    try {
      var heads = Head.of(query, input.key(), value, output, input.lengths());
      if (traced && kind.hasClusters()) {
        int c = call.clustering().clusters();
        var shape =
            new AttendTrace.Shape(
                heads.size(), query.length(), query.width(), value.width(), c, call.topK());
        trace = new AttendTrace(shape, arena);
      }
      attend(heads, call, workers, trace);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(in + ": " + e.getMessage(), e);
    }

    var outer = new ArrayList<Long>();
    if (input.hasBatch()) {
      outer.add((long) query.batch());
    }
    outer.add((long) query.heads());
    var shape = new ArrayList<>(outer);
    shape.addAll(List.of((long) query.length(), (long) value.width()));
    var parts = new ArrayList<Part>();
    parts.add(new Part("output", DType.F32, shape, _ -> output.data()));
    if (trace != null) {
      parts.addAll(trace.parts(outer));
    }
    return parts;
  }

  private void attend(List<Head> heads, Call call, Workers workers, AttendTrace trace) {
    double tau = call.scale();
    switch (kind) {
      case FULL -> new FullAttention().attend(heads, tau, workers);
      case ORACLE_TOP_K -> new OracleTopKAttention(call.topK()).attend(heads, tau, workers);
      case CLUSTERED ->
          new ClusteredAttention(call.clustering()).attend(heads, tau, workers, trace);
      case IMPROVED_CLUSTERED ->
          new ImprovedClusteredAttention(call.clustering(), call.topK())
              .attend(heads, tau, workers, trace);
    }
  }

  private Map<String, String> metadata(Call call) {
    var clustering = call.clustering();
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("starling", Version.number());
    metadata.put("attention", kind.toString());
    metadata.put("scale", Double.toString(call.scale()));
    if (kind.hasTopKeys()) {
      metadata.put("top_k", Integer.toString(call.topK()));
    }
    if (clustering != null) {
      metadata.put("clusters", Integer.toString(clustering.clusters()));
      metadata.put("bits", Integer.toString(clustering.bits()));
      metadata.put("iterations", Integer.toString(clustering.iterations()));
      metadata.put("bias", Boolean.toString(clustering.bias()));
      metadata.put("seed", Long.toString(clustering.seed()));
    }
    return metadata;
  }
}
