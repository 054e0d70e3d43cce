package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.evaluation.Summary.Value;
import io.github.starling.kernel.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A task done with several kinds of attention, each compared with exact attention item by item.
 *
 * <p>Every outcome is kept in a file as soon as it is there, so that an evaluation that was
 * interrupted goes on where it was.
 */
public final class Evaluation {
  /** The kind of attention that all others are compared to. */
  public static final String EXACT = "full";

  private static final int RESAMPLES = 2000;
  private static final long BOOTSTRAP_SEED = 2020;

  private final Task task;
  private final EvaluationFile file;

  /** Sees what is done, for a progress bar. */
  public interface Listener {
    /**
     * Called before a kind of attention that is not in the file.
     *
     * @param variant which one
     * @return told how many sequences are done
     */
    Task.Progress begins(Variant variant);
  }

  /**
   * Opens the file of an evaluation, or begins one.
   *
   * @param folder where files of evaluations are, which is made if need be
   * @throws IllegalArgumentException if the task has no items
   * @throws IOException if the file cannot be read or is of another evaluation
   */
  public Evaluation(Task task, Setup setup, Path folder) throws IOException {
    if (task.items() == 0) {
      throw new IllegalArgumentException(setup.data() + ": there is nothing in it to evaluate");
    }
    this.task = task;
    file = EvaluationFile.open(folder, setup);
    file.describe(task);
  }

  /** Returns the file. */
  public Path path() {
    return file.path();
  }

  /**
   * Does the task with each kind of attention that is not in the file.
   *
   * @param variants exact attention first
   * @throws IOException if the file cannot be written
   */
  public void run(List<Variant> variants, Listener listener) throws IOException {
    for (var variant : variants) {
      if (!file.has(variant)) {
        float[][] scores = task.scores(variant.attention(), listener.begins(variant));
        file.add(new Outcome(variant.kind(), variant.clusters(), variant.seed(), scores));
      }
    }
  }

  /**
   * Measures error and speed of the kinds of attention that have not been measured.
   *
   * @param variants of which the first of each group counts
   * @throws IOException if the file cannot be written
   */
  public void study(List<Variant> variants, Workers workers) throws IOException {
    var firsts = firsts(variants, variant -> !file.hasStudy(variant));
    if (firsts.isEmpty()) {
      return;
    }
    var results = AttentionStudy.measure(task.inputs(), attentions(firsts), workers);
    for (int i = 0; i < firsts.size(); i++) {
      file.addStudy(firsts.get(i), results.get(i));
    }
  }

  /**
   * Measures how far probabilities of answers are from those with exact attention, for the kinds
   * that have been studied and not in this way; of other tasks than questions nothing.
   *
   * @param variants of which the first of each group counts
   * @throws IOException if the file cannot be written
   */
  public void studyDivergence(List<Variant> variants) throws IOException {
    if (task instanceof QuestionAnswering questions) {
      var firsts = firsts(variants, variant -> !file.hasDivergence(variant));
      if (firsts.isEmpty()) {
        return; // before exact attention answers for nothing
      }
      double[] divergences = questions.divergences(attentions(firsts));
      for (int i = 0; i < firsts.size(); i++) {
        file.addDivergence(firsts.get(i), divergences[i]);
      }
    }
  }

  /** Returns the first of each group of which something is to be found out. */
  private static List<Variant> firsts(List<Variant> variants, Predicate<Variant> isMissing) {
    var groups = new LinkedHashMap<String, Variant>();
    for (var variant : variants) {
      if (!variant.kind().equals(EXACT) && isMissing.test(variant)) {
        groups.putIfAbsent(variant.group(), variant);
      }
    }
    return List.copyOf(groups.values());
  }

  private static List<Attention> attentions(List<Variant> variants) {
    return variants.stream().map(Variant::attention).toList();
  }

  /**
   * Looks at every head of the model, unless the file has them.
   *
   * @param variant whose error is taken
   * @throws IOException if the file cannot be written
   */
  public void studyHeads(Variant variant, Workers workers) throws IOException {
    if (!file.hasHeads()) {
      file.setHeads(HeadStudy.measure(task.inputs(), variant.attention(), workers));
    }
  }

  /**
   * Looks at how positions turn queries and keys, unless the file has it or the model has no
   * rotated channels.
   *
   * @throws IOException if the file cannot be written
   */
  public void studyRotary(Workers workers) throws IOException {
    if (task.inputs().rotaryChannels() > 0 && !file.hasRotary()) {
      file.setRotary(RotaryStudy.measure(task.inputs(), workers));
    }
  }

  /**
   * Compares everything in the file with exact attention.
   *
   * @return exact attention first, then each kind with its clusters, fewest first
   * @throws IllegalStateException if exact attention is not in the file
   * @throws IOException if the file cannot be written
   */
  public List<Summary> summarize() throws IOException {
    var groups = new LinkedHashMap<String, List<Outcome>>();
    for (var outcome : file.outcomes()) {
      groups.computeIfAbsent(outcome.group(), _ -> new ArrayList<>()).add(outcome);
    }
    var exact = groups.get(EXACT);
    if (exact == null) {
      throw new IllegalStateException(file.path() + ": exact attention has not been evaluated");
    }
    var summaries = new ArrayList<Summary>();
    for (var outcomes : groups.values()) {
      summaries.add(summarize(outcomes, exact.getFirst().scores()));
    }
    file.summarize(summaries);
    return summaries;
  }

  private Summary summarize(List<Outcome> outcomes, float[][] exact) {
    var first = outcomes.getFirst();
    var values = new ArrayList<Value>();
    for (var measure : task.measures()) {
      values.add(value(measure, outcomes.stream().map(Outcome::scores).toList(), exact));
    }
    return new Summary(
        first.kind(),
        first.clusters(),
        outcomes.size(),
        values,
        file.study(first.group()),
        file.divergence(first.group()));
  }

  private Value value(Measure measure, List<float[][]> seeds, float[][] exact) {
    int[] all = IntStream.range(0, task.items()).toArray();
    double[] values = seeds.stream().mapToDouble(scores -> measure.of(scores, all)).toArray();
    double mean = IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElse(0);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    Statistic difference =
        sample -> {
          double sum = 0;
          for (float[][] scores : seeds) {
            sum += measure.of(scores, sample);
          }
          return sum / seeds.size() - measure.of(exact, sample);
        };
    return new Value(
        measure.name(),
        mean,
        values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1)),
        difference.of(all),
        Bootstrap.of(all.length, RESAMPLES, BOOTSTRAP_SEED, difference));
  }
}
