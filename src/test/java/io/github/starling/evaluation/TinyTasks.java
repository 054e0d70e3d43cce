package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ClusteredAttention;
import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.EmbedderOptions;
import io.github.starling.encoder.LongText;
import io.github.starling.encoder.MaskedLanguageModel;
import io.github.starling.encoder.QuestionAnswerer;
import io.github.starling.encoder.QuestionAnswerer.Options;
import io.github.starling.encoder.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One task of each sort, on a tiny model that has all heads. */
enum TinyTasks {
  MASKED_WORDS {
    @Override
    Task open(Path model, int threads) throws IOException {
      var texts = List.of(TinyModel.text(150, 1), TinyModel.text(150, 2));
      return new MaskedWords(MaskedLanguageModel.open(model, threads), texts, 40, 3);
    }
  },
  RETRIEVAL {
    @Override
    Task open(Path model, int threads) throws IOException {
      return new PassageRetrieval(embedder(model, threads), squad(12), false);
    }
  },
  QUESTIONS {
    @Override
    Task open(Path model, int threads) throws IOException {
      return new QuestionAnswering(QuestionAnswerer.open(model, threads), squad(12), READING);
    }
  },
  SIMILARITY {
    @Override
    Task open(Path model, int threads) throws IOException {
      var pairs = new ArrayList<StsData.Pair>();
      for (int i = 0; i < 40; i++) {
        pairs.add(new StsData.Pair(TinyModel.text(20, i), TinyModel.text(9, 100 + i), i % 6));
      }
      return new SentenceSimilarity(embedder(model, threads), new StsData(pairs));
    }
  },
  PROBE {
    @Override
    Task open(Path model, int threads) throws IOException {
      var data = new FeatureProbe.Data(sentences(60, 1), sentences(50, 2), 45);
      return new FeatureProbe(embedder(model, threads), data);
    }
  };

  /** Windows of 30 tokens, answers of 3. */
  static final Options READING = new Options(TinyModel.POSITIONS, 10, 3, LongText.WINDOW, 1);

  abstract Task open(Path model, int threads) throws IOException;

  static Embedder embedder(Path model, int threads) throws IOException {
    return Embedder.open(
        model, EmbedderOptions.defaults().withThreads(threads).withLongText(LongText.TRUNCATE));
  }

  /** Returns sentences of two classes, whose words have nothing to do with them. */
  static LabelledData sentences(int count, long seed) {
    var items =
        IntStream.range(0, count)
            .mapToObj(
                i -> new LabelledData.Item(TinyModel.text(20, 1000 * seed + i), i * i % 3 % 2))
            .toList();
    return new LabelledData(items, List.of("0", "1"));
  }

  /** Returns paragraphs of 25 words, two an article, with a question each. */
  static SquadData squad(int paragraphs) {
    var articles = new ArrayList<SquadData.Article>();
    for (int p = 0; p < paragraphs; p += 2) {
      articles.add(new SquadData.Article("", List.of(paragraph(p), paragraph(p + 1))));
    }
    return new SquadData(articles);
  }

  private static SquadData.Paragraph paragraph(int seed) {
    String context = TinyModel.text(25, seed);
    return paragraph(context, TinyModel.text(3, 50 + seed), context.substring(0, 3));
  }

  /** Returns a paragraph with one question. */
  static SquadData.Paragraph paragraph(String context, String question, String answer) {
    var answers = List.of(new SquadData.Answer(answer, 0));
    return new SquadData.Paragraph(
        context, List.of(new SquadData.Question("id", question, answers)));
  }

  static SquadData article(SquadData.Paragraph... paragraphs) {
    return new SquadData(List.of(new SquadData.Article("", List.of(paragraphs))));
  }

  static Attention clustered(long seed) {
    return variant(2, seed).attention();
  }

  static Variant exact() {
    return new Variant(Evaluation.EXACT, 0, 0, new FullAttention());
  }

  static Variant variant(int clusters, long seed) {
    var options = new ClusterOptions(clusters, 63, 10, true, seed, null, null);
    return new Variant("clustered", clusters, seed, new ClusteredAttention(options));
  }

  static Setup setup(Map<String, Object> options) {
    return new Setup("task", "data.json", "model", options);
  }
}
