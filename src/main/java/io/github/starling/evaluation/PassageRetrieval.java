package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.Embedding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the passage that answers a question among all passages, by the cosine of embeddings.
 *
 * <p>An item is a question; noted is the rank of its passage.
 */
public final class PassageRetrieval implements Task {
  private final TextVectors questions;
  private final TextVectors passages;
  private final int[] right;

  /**
   * Takes questions and passages.
   *
   * @param embedder closed with this task; its prompts named query and passage go before the texts
   * @param wholeArticles whether a passage is an article, cut where the model's reading ends,
   *     instead of a paragraph
   */
  public PassageRetrieval(Embedder embedder, SquadData data, boolean wholeArticles) {
    var queries = new ArrayList<String>();
    var texts = new ArrayList<String>();
    var answers = new ArrayList<Integer>();
    for (var article : data.articles()) {
      if (wholeArticles) {
        texts.add(
            String.join(
                "\n", article.paragraphs().stream().map(SquadData.Paragraph::context).toList()));
      }
      for (var paragraph : article.paragraphs()) {
        if (!wholeArticles) {
          texts.add(paragraph.context());
        }
        for (var question : paragraph.questions()) {
          queries.add(question.text());
          answers.add(texts.size() - 1);
        }
      }
    }
    questions = TextVectors.of(embedder, queries, "query");
    passages = TextVectors.of(embedder, texts, "passage");
    right = answers.stream().mapToInt(i -> i).toArray();
  }

  @Override
  public int items() {
    return right.length;
  }

  @Override
  public List<Measure> measures() {
    return List.of(
        new Measure("R@1", (scores, sample) -> ranks(scores).recall(1, sample)),
        new Measure("R@5", (scores, sample) -> ranks(scores).recall(5, sample)),
        new Measure("MRR", (scores, sample) -> ranks(scores).meanReciprocalRank(sample)));
  }

  private static RankedRetrieval ranks(float[][] scores) {
    var ranks = new int[scores[0].length];
    for (int q = 0; q < ranks.length; q++) {
      ranks[q] = (int) scores[0][q];
    }
    return new RankedRetrieval(ranks);
  }

  @Override
  public Inputs inputs() {
    return new TextInputs(
        questions.embedder().encoder(),
        Stream.of(passages, questions).flatMap(t -> t.sequences().stream()).toList());
  }

  @Override
  public float[][] scores(Attention attention, Progress progress) {
    float[][] passageVectors = passages.embed(attention, 0, progress);
    float[][] queryVectors = questions.embed(attention, passageVectors.length, progress);
    var cosines = new float[queryVectors.length][passageVectors.length];
    for (int q = 0; q < queryVectors.length; q++) {
      for (int p = 0; p < passageVectors.length; p++) {
        cosines[q][p] = (float) Embedding.cosine(queryVectors[q], passageVectors[p]);
      }
    }
    int[] ranks = RankedRetrieval.of(cosines, right).ranks();
    var scores = new float[1][ranks.length];
    for (int q = 0; q < ranks.length; q++) {
      scores[0][q] = ranks[q];
    }
    return scores;
  }

  @Override
  public void close() {
    questions.embedder().close();
  }
}
