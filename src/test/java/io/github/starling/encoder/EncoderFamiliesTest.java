package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.FullAttention;
import io.github.starling.model.DType;
import io.github.starling.model.FormatException;
import io.github.starling.model.ModelType;
import io.github.starling.transformer.AttentionObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderFamiliesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "BERT,F32,false,false",
    "BERT,F16,true,false",
    "BERT,BF16,true,true",
    "ROBERTA,F32,true,false",
    "ROBERTA,F16,false,true",
    "ROBERTA,BF16,true,false",
    "DISTILBERT,F32,true,false",
    "DISTILBERT,F16,false,false",
    "DISTILBERT,BF16,true,true"
  })
  void agreesWithTheFormulasInDoublePrecision(
      ModelType type, DType dtype, boolean isPrefixed, boolean isOld) throws Exception {
    var model = new TinyModel(type);
    model.dtype = dtype;
    model.isPrefixed = isPrefixed;
    model.isOld = isOld;
    check(model);
  }

  @Test
  void positionsOfARobertaBeginAfterItsPadding() throws Exception {
    for (int padding : new int[] {0, 3}) {
      var model = new TinyModel(ModelType.ROBERTA);
      model.padding = padding;
      check(model);
    }
  }

  @Test
  void aDistilbertReadsItsOwnActivation() throws Exception {
    var model = new TinyModel(ModelType.DISTILBERT);
    model.activation = "gelu_new";
    check(model);
  }

  private void check(TinyModel model) throws Exception {
    model.write(folder);
    var sequences =
        TinyModel.sequences(6, 15).stream()
            .map(s -> model.type == ModelType.BERT ? s : TokenSequence.of(s.ids()))
            .toList();
    var all = new ArrayList<>(sequences);
    all.add(TokenSequence.of(new int[TinyModel.POSITIONS]));
    try (var encoder = Encoder.open(folder, 1)) {
      assertEquals(model.config(), encoder.config());
      encoder.encodeEach(
          all,
          new FullAttention(),
          AttentionObserver.NONE,
          (index, tokens) ->
              Close.check(naive(model, all.get(index)), tokens, "sequence " + index));
    }
  }

  private static double[][] naive(TinyModel model, TokenSequence sequence) {
    try {
      return model.naive().run(sequence.ids(), sequence.types());
    } catch (Exception e) { // checked, which the lambda that calls this may not throw
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BERT,encoder.layer.1.output.dense.bias",
    "ROBERTA,encoder.layer.1.output.dense.bias",
    "DISTILBERT,transformer.layer.1.ffn.lin2.bias"
  })
  void aMissingTensorIsNamedAsTheFamilyNamesIt(ModelType type, String tensor) throws Exception {
    var model = new TinyModel(type);
    model.missing = "encoder.layer.1.output.dense.bias";
    model.write(folder);
    var error = assertThrows(FormatException.class, () -> Encoder.open(folder, 1));
    assertTrue(error.getMessage().contains('"' + tensor + '"'), error.getMessage());
  }

  @Test
  void aPoolerWithoutItsBiasIsDamaged() throws Exception {
    var model = new TinyModel();
    model.missing = "pooler.dense.bias";
    model.write(folder);
    var error = assertThrows(FormatException.class, () -> Encoder.open(folder, 1));
    assertTrue(error.getMessage().contains("\"pooler.dense.bias\""), error.getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = "BERT", mode = EnumSource.Mode.EXCLUDE)
  void aFamilyWithoutTypesKnowsOnlyTheFirst(ModelType type) throws Exception {
    new TinyModel(type).write(folder);
    var sequence = new TokenSequence(new int[2], new int[] {0, 1});
    try (var encoder = Encoder.open(folder, 1)) {
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () -> encoder.encode(List.of(sequence), new FullAttention(), AttentionObserver.NONE));
      assertTrue(error.getMessage().contains("type 1 but the model knows 0 to 0"));
    }
  }

  @Test
  void manySequencesGiveTheBitsOfEachAlone() throws Exception {
    new TinyModel().write(folder);
    var sequences = TinyModel.sequences(150, 16); // more tokens than go through at once
    try (var encoder = Encoder.open(folder, 2)) {
      var many = new float[sequences.size()][][];
      encoder.encodeEach(
          sequences,
          new FullAttention(),
          AttentionObserver.NONE,
          (index, tokens) -> many[index] = tokens.toArray());
      for (int s = 0; s < many.length; s++) {
        var alone = List.of(sequences.get(s));
        assertArrayEquals(
            encoder.encode(alone, new FullAttention(), AttentionObserver.NONE).toArray(),
            many[s],
            "sequence " + s);
      }
    }
  }
}
