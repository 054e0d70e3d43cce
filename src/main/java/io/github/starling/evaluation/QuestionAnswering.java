package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.QuestionAnswerer;
import io.github.starling.encoder.QuestionAnswerer.Options;
import io.github.starling.encoder.QuestionAnswerer.Query;
import io.github.starling.encoder.TokenSequence;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers questions by spans of their paragraphs.
 *
 * <p>SQuAD v1.1, Rajpurkar et al., arXiv:1606.05250: exact match and F1, in per cent. An item is a
 * question.
 */
public final class QuestionAnswering implements Task {
  private static final int EXACT_MATCH = 0;
  private static final int F1 = 1;

  /** Questions between two steps of the progress. */
  private static final int BATCH = 8;

  /** Questions, spread evenly, whose probabilities are compared. */
  static final int SAMPLE = 48;

  private final QuestionAnswerer model;
  private final Options options;
  private final List<Query> queries = new ArrayList<>();
  private final List<List<String>> answers = new ArrayList<>();

  /** What the model reads for each query, once somebody has asked. */
  private List<List<TokenSequence>> read;

  /**
   * Takes the questions.
   *
   * @param model closed with this task
   */
  public QuestionAnswering(QuestionAnswerer model, SquadData data, Options options) {
    this.model = model;
    this.options = options;
    for (var article : data.articles()) {
      for (var paragraph : article.paragraphs()) {
        for (var question : paragraph.questions()) {
          queries.add(new Query(question.text(), paragraph.context()));
          answers.add(question.answers().stream().map(SquadData.Answer::text).toList());
        }
      }
    }
  }

  @Override
  public int items() {
    return queries.size();
  }

  @Override
  public List<Measure> measures() {
    return List.of(Measure.mean("F1", F1, 100), Measure.mean("exact match", EXACT_MATCH, 100));
  }

  @Override
  public Inputs inputs() {
    return new TextInputs(model.encoder(), read().stream().flatMap(List::stream).toList());
  }

  private List<List<TokenSequence>> read() {
    if (read == null) {
      read = queries.stream().map(query -> model.sequences(query, options)).toList();
    }
    return read;
  }

  @Override
  public float[][] scores(Attention attention, Progress progress) {
    var scores = new float[2][items()];
    int done = 0;
    for (int from = 0; from < items(); from += BATCH) {
      var batch = queries.subList(from, Math.min(from + BATCH, items()));
      var found = model.answer(batch, options, attention);
      for (int i = 0; i < batch.size(); i++) {
        var best = found.get(i);
        var score =
            SquadScore.of(best.isEmpty() ? "" : best.getFirst().text(), answers.get(from + i));
        scores[EXACT_MATCH][from + i] = (float) score.exactMatch();
        scores[F1][from + i] = (float) score.f1();
        done += read().get(from + i).size();
      }
      progress.at(done);
    }
    return scores;
  }

  /**
   * Computes how far the probabilities of each token to be the first of an answer, and to be the
   * last, are from those with exact attention.
   *
   * @return for each attention the {@link Divergence} of both together, mean over some questions
   */
  double[] divergences(List<Attention> attentions) {
    var divergences = new double[attentions.size()];
    int count = Math.min(SAMPLE, items());
    for (int s = 0; s < count; s++) {
      var query = queries.get((int) ((long) s * items() / count));
      var exact = model.spanLogits(query, options, new FullAttention());
      for (int a = 0; a < divergences.length; a++) {
        var windows = model.spanLogits(query, options, attentions.get(a));
        for (int w = 0; w < windows.size(); w++) {
          double both =
              Divergence.of(exact.get(w)[0], windows.get(w)[0])
                  + Divergence.of(exact.get(w)[1], windows.get(w)[1]);
          divergences[a] += both / windows.size() / count;
        }
      }
    }
    return divergences;
  }

  @Override
  public void close() {
    model.close();
  }
}
