package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.TextClassifier.Classification;
import io.github.starling.model.ModelType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TextClassifierTest {
  @TempDir Path folder;

  private static TinyModel model(ModelType type) {
    var model = new TinyModel(type);
    model.classes = 3;
    model.isPrefixed = true;
    return model;
  }

  @ParameterizedTest
  @EnumSource
  void classesAgreeWithTheFormulas(ModelType type) throws Exception {
    var tiny = model(type);
    tiny.write(folder);
    try (var classifier = TextClassifier.open(folder, 1)) {
      var classes = classifier.classify(List.of("b ab", "c"));
      check(tiny, new int[] {2, 6, 5, 10, 3}, new int[5], classes.get(0));
      check(tiny, new int[] {2, 7, 3}, new int[3], classes.get(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPairIsReadWithItsTypes(ModelType type) throws Exception {
    var tiny = model(type);
    tiny.write(folder);
    int second = type == ModelType.BERT ? 1 : 0;
    try (var classifier = TextClassifier.open(folder, 1)) {
      var types = new int[] {0, 0, 0, second, second, second};
      check(tiny, new int[] {2, 6, 3, 7, 8, 3}, types, classifier.classify("b", "c d"));
      types = new int[] {0, 0, second};
      check(tiny, new int[] {2, 3, 3}, types, classifier.classify("", ""));
    }
  }

  /** f(h·Wᵀ + b)·Cᵀ + c of the first token. */
  private static void check(TinyModel tiny, int[] ids, int[] types, List<Classification> found)
      throws Exception {
    var naive = tiny.naive();
    var x = naive.dense(new double[][] {naive.run(ids, types)[0]}, "pooler.dense");
    for (int c = 0; c < x[0].length; c++) {
      x[0][c] = tiny.type == ModelType.DISTILBERT ? Math.max(0, x[0][c]) : Math.tanh(x[0][c]);
    }
    var shares = Close.softmax(naive.dense(x, "classifier")[0]);
    assertEquals(shares.length, found.size());
    double last = 1;
    for (var one : found) {
      int c = Integer.parseInt(one.label().replace("LABEL_", ""));
      assertEquals(shares[c], one.probability(), 2e-5, one.label());
      assertTrue(one.probability() <= last, "the likeliest first");
      last = one.probability();
    }
    assertEquals(3, found.stream().map(Classification::label).distinct().count());
  }

  @Test
  void labelsAreTheConfigs() throws Exception {
    var tiny = model(ModelType.BERT);
    tiny.members = "\"id2label\": {\"2\": \"good\", \"0\": \"bad\", \"7\": \"unused\"}, ";
    tiny.write(folder);
    try (var classifier = TextClassifier.open(folder, 1)) {
      var labels = classifier.classify(List.of("a")).getFirst();
      assertEquals(
          List.of("LABEL_1", "bad", "good"),
          labels.stream().map(Classification::label).sorted().toList());
    }
    tiny = model(ModelType.BERT);
    tiny.members = "\"id2label\": {\"0\": 5}, ";
    tiny.write(folder);
    refused("config.json", "id2label.0 must be a string but is 5");
  }

  @Test
  void aTextGivesTheSameBitsOnAnyNumberOfThreadsAndInAnyCompany() throws Exception {
    for (var type : ModelType.values()) {
      model(type).write(folder);
      var texts =
          IntStream.range(0, 120)
              .mapToObj(i -> TinyModel.text(i % 28, i))
              .toList(); // 1024 < tokens
      var expected = new ArrayList<List<Classification>>();
      try (var classifier = TextClassifier.open(folder, 1)) {
        for (String text : texts) {
          expected.addAll(classifier.classify(List.of(text)));
        }
      }
      for (int threads : new int[] {1, 2, 7}) {
        try (var classifier = TextClassifier.open(folder, threads)) {
          assertEquals(expected, classifier.classify(texts), type + ", " + threads + " threads");
        }
      }
    }
  }

  @Test
  void aTextThatIsTooLongIsNamed() throws Exception {
    model(ModelType.ROBERTA).write(folder);
    try (var classifier = TextClassifier.open(folder, 1)) {
      assertEquals(List.of(), classifier.classify(List.of()));
      classifier.classify(List.of("a ".repeat(28)));
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> classifier.classify(List.of("a", "a ".repeat(29)), new FullAttention()));
      assertTrue(e.getMessage().contains("sequence 1 has 31 tokens"), e.getMessage());
      classifier.classify("a ".repeat(13), "b ".repeat(14));
      assertThrows(
          IllegalArgumentException.class,
          () -> classifier.classify("a ".repeat(14), "b ".repeat(14)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BERT,classifier.weight",
    "ROBERTA,classifier.dense.weight",
    "DISTILBERT,pre_classifier.weight"
  })
  void aModelWithoutTheHeadSaysSo(ModelType type, String tensor) throws Exception {
    new TinyModel(type).write(folder);
    refused(folder.toString(), "no head for classes", " " + tensor);
  }

  @Test
  void aBertWithoutPoolerHasNoHeadForClasses() throws Exception {
    var tiny = model(ModelType.BERT);
    tiny.hasPooler = false;
    tiny.write(folder);
    refused(folder.toString(), "no head for classes", " pooler.dense.weight");
  }

  @Test
  void aHeadOfAnotherWidthIsNamed() throws Exception {
    var tiny = model(ModelType.ROBERTA);
    tiny.headColumns = 19;
    tiny.write(folder);
    refused(folder.toString(), "classifier.out_proj.weight has shape [3, 19]", "[3, 20]");
  }

  private void refused(String... problems) {
    var e = assertThrows(IOException.class, () -> TextClassifier.open(folder, 1));
    for (String problem : problems) {
      assertTrue(e.getMessage().contains(problem), e.getMessage());
    }
  }

  @Test
  void aClosedClassifierSaysSo() throws Exception {
    model(ModelType.BERT).write(folder);
    var classifier = TextClassifier.open(folder, 2);
    classifier.classify(List.of("a"));
    classifier.close();
    classifier.close();
    var e = assertThrows(IllegalStateException.class, () -> classifier.classify(List.of("a")));
    assertEquals("this encoder is closed", e.getMessage());
    assertThrows(IllegalStateException.class, () -> classifier.classify("a", "b"));
  }
}
