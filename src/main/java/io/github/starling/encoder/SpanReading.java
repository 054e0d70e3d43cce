package io.github.starling.encoder;

import io.github.starling.encoder.QuestionAnswerer.Answer;
import io.github.starling.encoder.QuestionAnswerer.Options;
import io.github.starling.encoder.QuestionAnswerer.Query;
import io.github.starling.encoder.Windows.Slice;
import io.github.starling.tensor.Matrix;
import io.github.starling.text.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The spans of one text that may answer a question, from the logits of its windows.
 *
 * <p>A span is admissible if both its ends are tokens of the text and it is not too long. It counts
 * in the window that owns its first token; windows share enough for it to lie there whole.
 */
final class SpanReading {
  private final Query query;
  private final Options options;

  /** Tokens of the text in its frame, so that token t of the text is entry t + 1. */
  private final Encoding text;

  private final List<Slice> slices;
  private final List<TokenSequence> sequences = new ArrayList<>();

  /** Where the text begins in a sequence. */
  private final int textStart;

  private final PriorityQueue<Span> best = new PriorityQueue<>(Span.BEST_FIRST.reversed());
  private int taken;
  private double highest = Double.NEGATIVE_INFINITY;

  /** Σ exp(score − highest) over all admissible spans so far. */
  private double sum;

  /** Tokens of the text, the last one included. */
  private record Span(int first, int last, float score) {
    static final Comparator<Span> BEST_FIRST =
        Comparator.comparing(Span::score)
            .reversed()
            .thenComparing(Span::first)
            .thenComparing(Span::last);
  }

  SpanReading(TextModel model, Query query, Options options) {
    this.query = query;
    this.options = options;
    int[] ids = model.tokenizer().encodeWithoutSpecials(query.question());
    int[] question = Arrays.copyOf(ids, Math.min(ids.length, options.maxQuestionTokens()));
    text = model.tokenizer().encodeWithOffsets(query.text());
    int n = text.ids().length - 2;
    textStart = model.secondStart(question.length);
    int positions = Math.min(options.maxTokens(), model.encoder().config().maxPositions());
    int room = positions - textStart - 1;
    slices = slices(n, room);
    for (var slice : slices) {
      sequences.add(
          model.pair(question, text.ids(), 1 + slice.from(), Math.min(room, n - slice.from())));
    }
  }

  private List<Slice> slices(int n, int room) {
    if (n <= room) {
      return List.of(new Slice(0, 0, n));
    }
    int overlap = Math.max(room / 4, 2 * options.maxAnswerTokens());
    return switch (options.longText()) {
      case ERROR ->
          throw new IllegalArgumentException(
              "the text has %d tokens but beside the question there is room for %d"
                  .formatted(n, room));
      case TRUNCATE -> {
        requireRoom(room, 1);
        yield List.of(new Slice(0, 0, room));
      }
      case WINDOW -> {
        requireRoom(room, overlap + 1);
        yield Windows.slices(n, room, overlap);
      }
    };
  }

  private void requireRoom(int room, int needed) {
    if (room < needed) {
      throw new IllegalArgumentException(
          "%d tokens leave room for %d of the text beside the question but %d are needed"
              .formatted(options.maxTokens(), Math.max(0, room), needed));
    }
  }

  List<TokenSequence> sequences() {
    return sequences;
  }

  /** Takes the logits of the next window, shape (n, 2). */
  void take(Matrix logits) {
    var slice = slices.get(taken++);
    int end = slice.from() + logits.rows() - textStart - 1; // and the closing token
    for (int first = slice.ownedFrom(); first < slice.ownedTo(); first++) {
      float start = logits.get(textStart + first - slice.from(), 0);
      for (int last = first; last < Math.min(end, first + options.maxAnswerTokens()); last++) {
        add(new Span(first, last, start + logits.get(textStart + last - slice.from(), 1)));
      }
    }
  }

  /** Returns the logits of the tokens of the text in a window, shape (2, n): starts, ends. */
  float[][] ofText(Matrix logits) {
    var ofText = new float[2][logits.rows() - textStart - 1];
    for (int t = 0; t < ofText[0].length; t++) {
      ofText[0][t] = logits.get(textStart + t, 0);
      ofText[1][t] = logits.get(textStart + t, 1);
    }
    return ofText;
  }

  private void add(Span span) {
    if (span.score > highest) {
      sum = sum * Math.exp(highest - span.score) + 1;
      highest = span.score;
    } else {
      sum += Math.exp(span.score - highest);
    }
    best.add(span);
    if (best.size() > options.count()) {
      best.remove();
    }
  }

  /** Returns the best answers, the best first, once all windows are taken. */
  List<Answer> answers() {
    return best.stream()
        .sorted(Span.BEST_FIRST)
        .map(
            span -> {
              int start = text.starts()[1 + span.first];
              int end = text.ends()[1 + span.last];
              return new Answer(
                  query.text().substring(start, end),
                  start,
                  end,
                  span.score,
                  Math.exp(span.score - highest) / sum);
            })
        .toList();
  }
}
