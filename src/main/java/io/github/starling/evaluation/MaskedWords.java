package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.encoder.MaskedLanguageModel;
import io.github.starling.encoder.TokenSequence;
import io.github.starling.tensor.Matrix;
import io.github.starling.text.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Guesses masked tokens of long texts, in windows as long as the model reads.
 *
 * <p>Devlin et al., arXiv:1810.04805 §3.1: 15 % of the tokens of a window are masked, here all by
 * the mask itself. Windows are spread evenly over the texts, as many as it takes for the masked
 * tokens wanted. The same windows may be masked several times over. An item is a masked token.
 */
public final class MaskedWords implements Task {
  private static final double MASKED_SHARE = 0.15;
  private static final int CORRECT = 0;
  private static final int LOSS = 1;

  /** Windows between two steps of the progress. */
  private static final int BATCH = 4;

  private final MaskedLanguageModel model;
  private final List<TokenSequence> sequences = new ArrayList<>();
  private final List<int[]> positions = new ArrayList<>();
  private final List<int[]> words = new ArrayList<>();
  private final List<Integer> firstItems = new ArrayList<>();
  private int items;

  /**
   * Masks texts.
   *
   * @param model closed with this task
   * @param texts what to read, each from its own beginning
   * @param masked the fewest tokens to mask each time, if the texts have as many
   * @param seeds of the masks, one for each time
   * @throws IllegalArgumentException if no token is to be masked, the texts fill no window, or the
   *     vocabulary has no mask
   */
  public MaskedWords(MaskedLanguageModel model, List<String> texts, int masked, long... seeds) {
    if (masked < 1) {
      throw new IllegalArgumentException("at least 1 token must be masked, not " + masked);
    }
    this.model = model;
    int mask =
        model
            .tokenizer()
            .mask()
            .orElseThrow(() -> new IllegalArgumentException("this vocabulary has no mask"));
    int content = model.encoder().folder().maxSequenceLength() - 2;
    var windows = windows(texts, content);
    int each = (int) Math.max(1, Math.round(MASKED_SHARE * content));
    int count = Math.min(windows.size(), Math.ceilDiv(masked, each));
    if (count == 0) {
      throw new IllegalArgumentException(
          "the texts are too short: none has %d tokens".formatted(content));
    }
    for (long seed : seeds) {
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      for (int w = 0; w < count; w++) {
        int[] window = windows.get((int) ((long) w * windows.size() / count));
        mask(window, draw(content, each, random), mask);
      }
    }
  }

  private List<int[]> windows(List<String> texts, int content) {
    var windows = new ArrayList<int[]>();
    for (String text : texts) {
      int[] ids = model.tokenizer().encodeWithoutSpecials(text);
      for (int from = 0; from + content <= ids.length; from += content) {
        windows.add(Arrays.copyOfRange(ids, from, from + content));
      }
    }
    return windows;
  }

  /** Draws distinct numbers below n, in rising order. */
  private static int[] draw(int n, int count, RandomGenerator random) {
    var chosen = new ArrayList<Integer>();
    for (int i = 0; i < n; i++) {
      chosen.add(i);
    }
    Collections.shuffle(chosen, random);
    return chosen.subList(0, count).stream().mapToInt(i -> i).sorted().toArray();
  }

  private void mask(int[] window, int[] chosen, int mask) {
    Frame frame = model.tokenizer().frame();
    var ids = new int[window.length + 2];
    ids[0] = frame.open();
    System.arraycopy(window, 0, ids, 1, window.length);
    ids[ids.length - 1] = frame.close();
    int[] at = Arrays.stream(chosen).map(i -> i + 1).toArray();
    words.add(Arrays.stream(at).map(i -> ids[i]).toArray());
    for (int i : at) {
      ids[i] = mask;
    }
    positions.add(at);
    firstItems.add(items);
    sequences.add(TokenSequence.of(ids));
    items += at.length;
  }

  @Override
  public int items() {
    return items;
  }

  @Override
  public List<Measure> measures() {
    return List.of(Measure.mean("accuracy", CORRECT, 1), Measure.mean(Measure.NLL, LOSS, 1));
  }

  @Override
  public Inputs inputs() {
    return new TextInputs(model.encoder(), sequences);
  }

  @Override
  public float[][] scores(Attention attention, Progress progress) {
    var scores = new float[2][items];
    for (int from = 0; from < sequences.size(); from += BATCH) {
      int first = from;
      int to = Math.min(from + BATCH, sequences.size());
      model.logits(
          sequences.subList(from, to),
          positions.subList(from, to),
          attention,
          (index, logits) ->
              score(logits, words.get(first + index), scores, firstItems.get(first + index)));
      progress.at(to);
    }
    return scores;
  }

  private static void score(Matrix logits, int[] words, float[][] scores, int item) {
    float[][] rows = logits.toArray();
    for (int r = 0; r < rows.length; r++) {
      float right = rows[r][words[r]];
      boolean isBest = true;
      double sum = 0; // relative to the right word, whose loss is never extreme both ways
      for (float logit : rows[r]) {
        isBest &= logit <= right;
        sum += Math.exp((double) logit - right);
      }
      scores[CORRECT][item + r] = isBest ? 1 : 0;
      scores[LOSS][item + r] = (float) Math.log(sum);
    }
  }

  @Override
  public void close() {
    model.close();
  }

  /** Returns the text of a file: of SQuAD-format JSON its contexts, article by article. */
  public static List<String> texts(Path path) throws IOException {
    if (!path.toString().endsWith(".json")) {
      return List.of(TextFile.read(path).text());
    }
    return SquadData.read(path).articles().stream()
        .map(
            article ->
                String.join(
                    "\n", article.paragraphs().stream().map(SquadData.Paragraph::context).toList()))
        .toList();
  }
}
