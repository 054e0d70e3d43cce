package io.github.starling.evaluation;

import io.github.starling.model.FormatException;
import io.github.starling.model.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Questions about paragraphs in which their answers stand, as SQuAD v1.1 has them
 * (arXiv:1606.05250).
 *
 * @param articles in the order of the file
 */
public record SquadData(List<Article> articles) {
  /**
   * Paragraphs about one subject.
   *
   * @param title name of the subject
   * @param paragraphs in the order of the file
   */
  public record Article(String title, List<Paragraph> paragraphs) {}

  /**
   * A text with its questions.
   *
   * @param context the text
   * @param questions in the order of the file
   */
  public record Paragraph(String context, List<Question> questions) {}

  /**
   * A question.
   *
   * @param id what predictions name it by
   * @param text the question
   * @param answers at least one, each from another annotator
   */
  public record Question(String id, String text, List<Answer> answers) {}

  /**
   * A piece of the context.
   *
   * @param text the piece
   * @param start its first {@code char} in the context; the file counts code points
   */
  public record Answer(String text, int start) {}

  /**
   * Reads a file.
   *
   * @throws FormatException if it has another format, or an answer is not in the context where it
   *     says
   * @throws IOException if it is missing or cannot be read
   */
  public static SquadData read(Path path) throws IOException {
    var articles = new ArrayList<Article>();
    for (var article : JsonObject.read(path).objects("data")) {
      var paragraphs = new ArrayList<Paragraph>();
      for (var paragraph : article.objects("paragraphs")) {
        paragraphs.add(paragraph(paragraph));
      }
      articles.add(new Article(article.string("title"), paragraphs));
    }
    return new SquadData(articles);
  }

  private static Paragraph paragraph(JsonObject paragraph) throws FormatException {
    String context = paragraph.string("context");
    var questions = new ArrayList<Question>();
    for (var question : paragraph.objects("qas")) {
      var answers = new ArrayList<Answer>();
      for (var answer : question.objects("answers")) {
        answers.add(answer(answer, context));
      }
      if (answers.isEmpty()) {
        throw question.error(question.name() + ".answers must not be empty");
      }
      questions.add(new Question(question.string("id"), question.string("question"), answers));
    }
    return new Paragraph(context, questions);
  }

  private static Answer answer(JsonObject answer, String context) throws FormatException {
    String text = answer.string("text");
    int codePoints = answer.whole("answer_start", 0);
    if (codePoints <= context.codePointCount(0, context.length())) {
      int start = context.offsetByCodePoints(0, codePoints);
      if (context.startsWith(text, start)) {
        return new Answer(text, start);
      }
    }
    throw answer.error(
        "%s.text is not at code point %d of the context".formatted(answer.name(), codePoints));
  }
}
