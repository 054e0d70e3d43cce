package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.format;

import io.github.starling.attention.Attention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedIngredient;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.EmbedderOptions;
import io.github.starling.encoder.LongText;
import io.github.starling.evaluation.AttentionStudy;
import io.github.starling.evaluation.MaskedWords;
import io.github.starling.evaluation.TextInputs;
import io.github.starling.kernel.Workers;
import io.github.starling.model.AtomicWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes into {@code refined.md} what each ingredient of refined clustered attention is worth.
 *
 * @param base the settings with all ingredients
 * @param data text, as {@link MaskedWords#texts} reads it
 * @param threads to compute on
 */
record AblationPage(RefinedOptions base, Path data, int threads) {
  static final String FILE = "refined.md";
  private static final String BEGIN = "<!-- ablation: written by starling evaluate -->\n";
  private static final String END = "<!-- end of ablation -->\n";

  /** The paper's settings. */
  private static final int CLUSTERS = 25;

  private static final int TOP_KEYS = 32;

  /**
   * Measures and puts the table between its marks, the file written beside its place and renamed.
   *
   * @param models folders
   * @param docs folder of the page
   * @return the page
   * @throws IOException if the page has no marks or cannot be written, or a model cannot be read
   */
  Path write(List<Path> models, Path docs) throws IOException {
    Path page = docs.resolve(FILE);
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    if (begin < BEGIN.length() || end < begin) {
      throw new IOException(page + ": there is no place for the table, between two marks");
    }
    AtomicWrite.text(page, text.substring(0, begin) + table(models) + text.substring(end));
    return page;
  }

  private String table(List<Path> models) throws IOException {
    var attentions = attentions();
    var names = new ArrayList<>(List.of(""));
    var rule = new ArrayList<>(List.of("---"));
    var rows = new LinkedHashMap<String, List<String>>();
    rows.put("exact attention", new ArrayList<>());
    attentions.keySet().forEach(name -> rows.put(name, new ArrayList<>()));
    for (Path model : models) {
      names.addAll(List.of(model.getFileName() + ", error", "time"));
      rule.addAll(List.of("---:", "---:"));
      rows.get("exact attention").addAll(List.of("0", "1"));
      var results = measure(model, List.copyOf(attentions.values())).iterator();
      for (String name : attentions.keySet()) {
        var result = results.next();
        double error = Arrays.stream(result.errors()).average().orElse(0);
        rows.get(name)
            .addAll(List.of(format("%.3f", error), format("%.2f", 1 / result.attentionSpeedUp())));
      }
    }
    var page = new MarkdownPage();
    page.say(
        "\nText of %s in windows of all that the model reads, %s; JDK %s.\n"
            .formatted(
                data.getFileName(),
                threads == 1 ? "1 thread" : threads + " threads",
                System.getProperty("java.version")));
    page.row(names.toArray(String[]::new));
    page.row(rule.toArray(String[]::new));
    for (var row : rows.entrySet()) {
      row.getValue().addFirst(row.getKey());
      page.row(row.getValue().toArray(String[]::new));
    }
    return page + "\n";
  }

  private List<AttentionStudy.Result> measure(Path model, List<Attention> attentions)
      throws IOException {
    var reading = EmbedderOptions.defaults().withThreads(threads).withLongText(LongText.WINDOW);
    try (var embedder = Embedder.open(model, reading);
        var workers = new Workers(threads)) {
      var inputs = TextInputs.windows(embedder, MaskedWords.texts(data));
      return AttentionStudy.measureAttention(inputs, attentions, workers);
    }
  }

  private Map<String, Attention> attentions() {
    int c = base.clusters();
    int b = base.exactKeys();
    int w = base.window();
    var all = new LinkedHashMap<String, Attention>();
    all.put(
        "improved clustered, the paper's, C = %d, k = %d".formatted(CLUSTERS, TOP_KEYS),
        new ImprovedClusteredAttention(ClusterOptions.of(CLUSTERS), TOP_KEYS));
    all.put(
        "**refined clustered**, C = %d, b = %d, w = %d".formatted(c, b, w),
        new RefinedClusteredAttention(base));
    for (var ingredient : RefinedIngredient.values()) {
      all.put(name(ingredient), RefinedClusteredAttention.without(ingredient, base));
    }
    all.put("without the window", new RefinedClusteredAttention(new RefinedOptions(c, b, -1)));
    for (int other : new int[] {Math.max(1, c / 2), 2 * c}) {
      all.put("C = " + other, new RefinedClusteredAttention(new RefinedOptions(other, b, w)));
    }
    for (int other : new int[] {Math.max(1, b / 2), 2 * b}) {
      all.put("b = " + other, new RefinedClusteredAttention(new RefinedOptions(c, other, w)));
    }
    return all;
  }

  private static String name(RefinedIngredient missing) {
    return switch (missing) {
      case CENTRED_KEYS -> "keys not centred";
      case SKETCHES -> "the paper's signatures and Hamming K-means for sketches";
      case IMPORTANCE -> "each cluster's b highest keys for importance in one budget";
      case SHARED_BUDGET -> "a budget for each head for one that a layer's heads share";
      case JOINT_SOFTMAX -> "the paper's shared mass for one softmax";
    };
  }
}
