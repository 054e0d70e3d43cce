package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.evaluation.SquadData.Answer;
import io.github.starling.evaluation.SquadData.Article;
import io.github.starling.evaluation.SquadData.Paragraph;
import io.github.starling.evaluation.SquadData.Question;
import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SquadDataTest {
  private static final String FILE =
      """
      {"version": "1.1", "data": [
        {"title": "Birds", "paragraphs": [
          {"context": "A 🐦 in spring sings.", "qas": [
            {"id": "q1", "question": "When?", "answers": [
              {"text": "spring", "answer_start": 7}, {"text": "in spring", "answer_start": 4}]},
            {"id": "q2", "question": "Who?", "answers": [{"text": "A 🐦", "answer_start": 0}]}]},
          {"context": "Nothing.", "qas": []}]},
        {"title": "Empty", "paragraphs": []}]}
      """;

  @TempDir private Path folder;

  @Test
  void articlesParagraphsAndQuestionsKeepTheirOrder() throws Exception {
    // the bird is one code point, which the file counts, but two chars
    var when = new Question("q1", "When?", List.of(answer("spring", 8), answer("in spring", 5)));
    var who = new Question("q2", "Who?", List.of(answer("A 🐦", 0)));
    var birds =
        new Article(
            "Birds",
            List.of(
                new Paragraph("A 🐦 in spring sings.", List.of(when, who)),
                new Paragraph("Nothing.", List.of())));
    assertEquals(new SquadData(List.of(birds, new Article("Empty", List.of()))), read(FILE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"title\"|\"name\"|data[0].title must be a string but is missing",
        "\"q1\"|1|data[0].paragraphs[0].qas[0].id must be a string but is 1",
        "7}|8}|data[0].paragraphs[0].qas[0].answers[0].text is not at code point 8 of the context",
        "7}|77}|data[0].paragraphs[0].qas[0].answers[0].text is not at code point 77 of the"
            + " context",
        "{\"text\": \"A 🐦\", \"answer_start\": 0}|``"
            + "|data[0].paragraphs[0].qas[1].answers must not be empty",
      })
  void whatIsWrongNamesFileAndMember(String from, String to, String problem) {
    var e = assertThrows(FormatException.class, () -> read(FILE.replaceFirst(quote(from), to)));
    assertEquals(folder.resolve("squad.json") + ", byte 0: " + problem, e.getMessage());
  }

  private static String quote(String text) {
    return Pattern.quote(text);
  }

  private static Answer answer(String text, int start) {
    return new Answer(text, start);
  }

  private SquadData read(String json) throws IOException {
    return SquadData.read(Files.writeString(folder.resolve("squad.json"), json));
  }
}
