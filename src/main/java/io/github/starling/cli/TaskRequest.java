package io.github.starling.cli;

import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.EmbedderOptions;
import io.github.starling.encoder.LongText;
import io.github.starling.encoder.MaskedLanguageModel;
import io.github.starling.encoder.QuestionAnswerer;
import io.github.starling.evaluation.ClipList;
import io.github.starling.evaluation.FeatureProbe;
import io.github.starling.evaluation.LabelledData;
import io.github.starling.evaluation.MaskedWords;
import io.github.starling.evaluation.PassageRetrieval;
import io.github.starling.evaluation.QuestionAnswering;
import io.github.starling.evaluation.Recording;
import io.github.starling.evaluation.SentenceSimilarity;
import io.github.starling.evaluation.Setup;
import io.github.starling.evaluation.SpeechRecognition;
import io.github.starling.evaluation.SquadData;
import io.github.starling.evaluation.StsData;
import io.github.starling.evaluation.Task;
import io.github.starling.speech.Transcriber;
import io.github.starling.speech.TranscriberOptions;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * A task that a person asks for.
 *
 * @param kind which task
 * @param model name or folder of the model, null for the usual one
 * @param data file or folder of its data
 * @param options what else decides the outcome
 */
record TaskRequest(TaskKind kind, String model, Path data, Options options) {
  /** The usual model for speech. */
  static final String SPEECH_MODEL = "moonshine-base";

  private static final int QUESTION_TOKENS = 64;
  private static final int ANSWER_TOKENS = 30;

  /**
   * Settings of single tasks.
   *
   * @param masked the fewest tokens to mask each time
   * @param wholeArticles whether passages are whole articles
   * @param maxTokens that are read of question and paragraph, null for all that the model can
   * @param longText what to do with a longer paragraph
   * @param trained sentences to train a probe with at most
   * @param join consecutive clips of speech to make one of
   * @param masks how many times to mask the same texts
   */
  record Options(
      int masked,
      boolean wholeArticles,
      Integer maxTokens,
      LongText longText,
      int trained,
      int join,
      int masks) {
    /** Returns these options with other limits of a paragraph. */
    Options cutTo(int tokens) {
      return new Options(masked, wholeArticles, tokens, LongText.TRUNCATE, trained, join, masks);
    }

    /** Returns these options for whole articles. */
    Options ofArticles() {
      return new Options(masked, true, maxTokens, longText, trained, join, masks);
    }

    /** Returns these options for longer clips. */
    Options joinedBy(int clips) {
      return new Options(masked, wholeArticles, maxTokens, longText, trained, clips, masks);
    }
  }

  /** Returns the model that a task takes when none is named, null if there is no usual one. */
  static String usualModel(TaskKind kind) {
    return switch (kind) {
      case MLM, PROBE -> RemoteModel.MASKED_NAME;
      case RETRIEVAL, STS -> RemoteModel.DEFAULT_NAME;
      case QA -> null;
      case ASR -> SPEECH_MODEL;
    };
  }

  /** Returns what a person calls it. */
  String title() {
    boolean isJoined = kind == TaskKind.ASR && options.join > 1;
    boolean isMaskedAgain = kind == TaskKind.MLM && options.masks > 1;
    return kind
        + ", "
        + data.getFileName()
        + (isJoined ? joined(options.join) : "")
        + (isMaskedAgain ? masks(options.masks) : "");
  }

  /** Returns what the title of a task says of clips that are some in one. */
  static String joined(int clips) {
    return ", " + clips + " clips in one";
  }

  /** Returns what the title of a task says of texts that are masked several times. */
  static String masks(int times) {
    return ", " + times + " masks";
  }

  /**
   * Returns what decides the outcome.
   *
   * @param folder of the model
   * @param topK keys of each cluster that get exact scores
   */
  Setup setup(Path folder, int topK) {
    var settings = new TreeMap<String, Object>();
    settings.put("top_k", topK);
    switch (kind) {
      case MLM -> {
        settings.put("masked", options.masked);
        if (options.masks > 1) { // else the name of the file is what it was before there were any
          settings.put("masks", options.masks);
        }
      }
      case RETRIEVAL -> settings.put("passages", options.wholeArticles ? "articles" : "paragraphs");
      case QA -> {
        settings.put("tokens", options.maxTokens == null ? "all" : options.maxTokens.toString());
        settings.put("long", options.longText.name().toLowerCase(Locale.ROOT));
      }
      case STS -> {}
      case PROBE -> settings.put("trained", options.trained);
      case ASR -> settings.put("join", options.join);
    }
    return new Setup(
        kind.toString(),
        data.getFileName().toString(),
        folder.toAbsolutePath().normalize().getFileName().toString(),
        settings);
  }

  /**
   * Checks that the data is there.
   *
   * @throws FileSystemException if not, or it is a folder where a file is needed
   */
  void checkData() throws FileSystemException {
    if (!Files.exists(data)) {
      throw new NoSuchFileException(data.toString(), null, "no such file or folder");
    }
    if (kind != TaskKind.PROBE && Files.isDirectory(data)) {
      throw new FileSystemException(data.toString(), null, "a folder, not a file");
    }
  }

  /**
   * Opens the model and reads the data.
   *
   * @param folder of the model
   */
  Task open(Path folder, int threads) throws IOException {
    return switch (kind) {
      case MLM -> {
        var texts = MaskedWords.texts(data);
        var model = MaskedLanguageModel.open(folder, threads);
        long[] seeds = LongStream.range(0, options.masks).toArray();
        yield of(model::close, () -> new MaskedWords(model, texts, options.masked, seeds));
      }
      case RETRIEVAL -> {
        var squad = SquadData.read(data);
        yield new PassageRetrieval(embedder(folder, threads), squad, options.wholeArticles);
      }
      case QA -> {
        var squad = SquadData.read(data);
        var model = QuestionAnswerer.open(folder, threads);
        yield of(model::close, () -> new QuestionAnswering(model, squad, reading(model)));
      }
      case STS -> {
        var pairs = StsData.read(data);
        yield new SentenceSimilarity(embedder(folder, threads), pairs);
      }
      case PROBE -> {
        var sentences = sentences();
        yield new FeatureProbe(embedder(folder, threads), sentences);
      }
      case ASR -> {
        var recordings = Recording.read(ClipList.read(data), options.join);
        var reading = TranscriberOptions.defaults().withThreads(threads);
        var model = Transcriber.open(folder, reading);
        yield of(model::close, () -> new SpeechRecognition(model, recordings));
      }
    };
  }

  /** Makes a task that owns its model, which is closed here if that fails. */
  private static Task of(Runnable close, Supplier<Task> task) {
    try {
      return task.get();
    } catch (RuntimeException | Error e) {
      close.run();
      throw e;
    }
  }

  private static Embedder embedder(Path folder, int threads) throws IOException {
    return Embedder.open(
        folder, EmbedderOptions.defaults().withThreads(threads).withLongText(LongText.TRUNCATE));
  }

  private QuestionAnswerer.Options reading(QuestionAnswerer model) {
    var usual = QuestionAnswerer.Options.defaults(model);
    return new QuestionAnswerer.Options(
        options.maxTokens == null ? usual.maxTokens() : options.maxTokens,
        QUESTION_TOKENS,
        ANSWER_TOKENS,
        options.longText,
        1);
  }

  private FeatureProbe.Data sentences() throws IOException {
    var train = LabelledData.read(first("train.tsv", "in_domain_train.tsv"));
    var test = LabelledData.read(first("dev.tsv", "in_domain_dev.tsv"), train.classes());
    return new FeatureProbe.Data(train, test, options.trained);
  }

  private Path first(String... names) throws IOException {
    for (String name : names) {
      if (Files.exists(data.resolve(name))) {
        return data.resolve(name);
      }
    }
    throw new NoSuchFileException(
        data.toString(), null, "a folder with one of " + List.of(names) + " is needed");
  }
}
