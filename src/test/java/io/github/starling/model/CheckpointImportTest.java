package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointImportTest {
  private static final ModelImport.Options REPLACE = new ModelImport.Options(null, null, true);

  @TempDir Path temporary;
  private Path source;
  private Path target;
  private final TinyCheckpoint bert = new TinyCheckpoint();

  @BeforeEach
  void createFolders() throws IOException {
    source = Files.createDirectory(temporary.resolve("source"));
    target = temporary.resolve("target");
  }

  @Test
  void sizesComeFromShapesAndHeadsFromTheConfig() throws Exception {
    bert.write(source);
    run(source);
    assertEquals(
        new EncoderConfig(6, 4, 2, 2, 6, 8, 2, 1e-12, Activation.GELU_ERF), open().config());
  }

  @Test
  void kernelsAreTransposedAndNothingElseIs() throws Exception {
    bert.hasNextHead = true;
    bert.write(source);
    run(source);
    try (var arena = Arena.ofConfined()) {
      var file = Safetensors.open(target.resolve("model.safetensors"), arena);
      assertEquals(5 + 2 * 16 + 2 + 5 + 2, file.names().size());
      assertTransposed(
          file,
          "bert.encoder.layer.1.intermediate.dense.weight",
          "bert/encoder/layer_1/intermediate/dense/kernel",
          4,
          6);
      assertTransposed(
          file,
          "bert.encoder.layer.0.attention.self.query.weight",
          "bert/encoder/layer_0/attention/self/query/kernel",
          4,
          4);
      assertTransposed(file, "bert.pooler.dense.weight", "bert/pooler/dense/kernel", 4, 4);
      assertTransposed(
          file,
          "cls.predictions.transform.dense.weight",
          "cls/predictions/transform/dense/kernel",
          4,
          4);
      var same =
          Map.of(
              "bert.embeddings.word_embeddings.weight", "bert/embeddings/word_embeddings",
              "bert.embeddings.LayerNorm.weight", "bert/embeddings/LayerNorm/gamma",
              "bert.embeddings.LayerNorm.bias", "bert/embeddings/LayerNorm/beta",
              "bert.encoder.layer.1.output.dense.bias", "bert/encoder/layer_1/output/dense/bias",
              "cls.predictions.bias", "cls/predictions/output_bias",
              "cls.predictions.transform.LayerNorm.weight",
                  "cls/predictions/transform/LayerNorm/gamma",
              "cls.seq_relationship.weight", "cls/seq_relationship/output_weights",
              "cls.seq_relationship.bias", "cls/seq_relationship/output_bias");
      for (var each : same.entrySet()) {
        var floats = floats(file, each.getKey());
        assertArrayEquals(TinyCheckpoint.values(each.getValue(), floats.length), floats);
      }
    }
  }

  @Test
  void aConfigSaysWhatItsHeadsAre() throws Exception {
    for (boolean hasMaskHead : List.of(false, true)) {
      var each = new TinyCheckpoint();
      each.hasMaskHead = hasMaskHead;
      each.hasPooler = hasMaskHead;
      each.write(source);
      run(source);
      var json = JsonObject.read(target.resolve("config.json"));
      var expected = List.of(hasMaskHead ? "BertForMaskedLM" : "BertModel");
      assertEquals(
          expected, ((Map<?, ?>) Json.read(target.resolve("config.json"))).get("architectures"));
      assertEquals(0, json.whole("pad_token_id", 0));
      assertTrue(json.flag("tie_word_embeddings", false));
      assertEquals(hasMaskHead, open().hasTensor("pooler.dense.bias"));
    }
  }

  @Test
  void twoHeadsAreThoseOfPretraining() throws Exception {
    bert.hasNextHead = true;
    bert.write(source);
    run(source);
    String config = Files.readString(target.resolve("config.json"));
    assertTrue(config.contains("\"architectures\":[\"BertForPreTraining\"]"), config);
  }

  @Test
  void embeddingsAreMeansAndNotScaledUnlessAsked() throws Exception {
    bert.write(source);
    run(source);
    assertEquals(Pooling.MEAN, open().pooling());
    assertFalse(open().isNormalized());
    ModelImport.run(source, target, new ModelImport.Options(Pooling.CLS, true, true));
    assertEquals(Pooling.CLS, open().pooling());
    assertTrue(open().isNormalized());
  }

  @Test
  void withoutConfigHeadsAre64WideAndGeluIsTanh() throws Exception {
    bert.prefix = "module/";
    bert.width = 128;
    bert.writeSaved(source, false);
    run(source);
    assertEquals(2, open().config().heads());
    assertEquals(Activation.GELU_TANH, open().config().activation());
    assertFalse(open().tokenizer().normalization().lowercase());
  }

  @Test
  void withoutConfigOtherWidthsAreRefused() throws Exception {
    bert.writeSaved(source, true);
    refused("how many heads share 4 columns?");
  }

  @Test
  void everyFormOfASourceGivesTheSameBytes() throws Exception {
    Path index = bert.write(source);
    byte[] expected = null;
    Path zip = zip(temporary.resolve("m.zip"), source, "a/b/");
    Path jar = temporary.resolve("m.jar");
    try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
      out.putNextEntry(new ZipEntry("com/model"));
      Files.copy(zip, out);
    }
    for (Path form : List.of(source, index, source.resolve("bert_model.ckpt"), zip, jar, jar)) {
      run(form);
      byte[] weights = Files.readAllBytes(target.resolve("model.safetensors"));
      assertArrayEquals(expected == null ? weights : expected, weights, form.toString());
      assertEquals(
          List.of(
              "1_Pooling",
              "config.json",
              "model.safetensors",
              "modules.json",
              "sentence_bert_config.json",
              "tokenizer_config.json",
              "vocab.txt"),
          List.of(target.toFile().list()).stream().sorted().toList());
      expected = weights;
    }
  }

  @Test
  void caseIsToldByTheNameElseByTheVocabulary() throws Exception {
    bert.write(source);
    for (String name : List.of("BERT-Uncased.zip", "bert-cased.zip", "other.zip")) {
      run(zip(temporary.resolve(name), source, ""));
      assertEquals(
          !name.equals("bert-cased.zip"), open().tokenizer().normalization().lowercase(), name);
    }
    Files.writeString(source.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nA\n");
    run(source);
    assertFalse(open().tokenizer().normalization().lowercase());
  }

  @Test
  void aCheckpointOfAnotherModelIsRefused() throws Exception {
    bert.prefix = "al";
    bert.write(source);
    refused("no tensor is named bert/embeddings/word_embeddings: not a BERT");
  }

  @Test
  void aMissingWeightIsNamed() throws Exception {
    Path index = bert.write(source);
    byte[] bytes = Files.readAllBytes(index);
    assertTrue(bytes.length > 0);
    var other = new TinyCheckpoint();
    other.bundle.floats("bert/embeddings/word_embeddings", new float[24], 6, 4);
    other.bundle.floats("bert/encoder/layer_0/attention/self/query/bias", new float[4], 4);
    other.bundle.write(source, "bert_model.ckpt");
    refused("no tensor is named bert/encoder/layer_0/intermediate/dense/bias");
  }

  @Test
  void aWeightOfAnotherShapeIsRefused() throws Exception {
    bert.write(source);
    bert.bundle.floats("bert/pooler/dense/kernel", new float[20], 4, 5);
    bert.bundle.write(source, "bert_model.ckpt");
    refused("tensor bert/pooler/dense/kernel must have shape [4, 4] but has [4, 5]");
  }

  @Test
  void aWeightOfAnotherTypeIsRefused() throws Exception {
    bert.write(source);
    bert.bundle.tensor("bert/pooler/dense/kernel", 3, new byte[64], 4, 4);
    bert.bundle.write(source, "bert_model.ckpt");
    refused("tensor bert/pooler/dense/kernel must be of floats");
  }

  @Test
  void aDamagedWeightInsideAnArchiveIsReportedAsTheArchives() throws Exception {
    bert.write(source);
    Path data = source.resolve("bert_model.ckpt.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    bytes[100] ^= 1;
    Files.write(data, bytes);
    Path zip = zip(temporary.resolve("m.zip"), source, "");
    var e = assertThrows(FormatException.class, () -> run(zip));
    assertTrue(
        e.getMessage().startsWith(zip + "!bert_model.ckpt.data-00000-of-00001, byte "),
        e.getMessage());
    assertTrue(e.getMessage().contains("the checksum of tensor"), e.getMessage());
    assertTrue(Files.notExists(target));
  }

  @Test
  void anotherActivationIsNamed() throws Exception {
    bert.write(source);
    Files.writeString(
        source.resolve("bert_config.json"), "{\"num_attention_heads\":2,\"hidden_act\":\"relu\"}");
    refused("hidden_act \"relu\" is not supported");
    Files.writeString(
        source.resolve("bert_config.json"), "{\"num_attention_heads\":3,\"hidden_act\":\"gelu\"}");
    refused("4 columns cannot be shared by 3 heads");
  }

  @Test
  void aMissingVocabularyIsNamed() throws Exception {
    bert.write(source);
    Files.delete(source.resolve("vocab.txt"));
    var e = assertThrows(NoSuchFileException.class, () -> run(source));
    assertTrue(e.getMessage().contains("bert_model.ckpt.index: no vocab.txt"), e.getMessage());
  }

  @Test
  void severalCheckpointsAreRefused() throws Exception {
    Path index = bert.write(source);
    Files.copy(index, source.resolve("a.index"));
    run(source); // Google's name is the one that is meant
    Files.move(index, source.resolve("b.index"));
    refused("which one is meant? 2 .index files");
  }

  @Test
  void aFolderWithoutModelSaysWhatWasLookedFor() throws Exception {
    var e = assertThrows(NoSuchFileException.class, () -> run(source));
    assertTrue(e.getMessage().contains("nothing to import: no an"), e.getMessage());
    Path zip = zip(temporary.resolve("empty.zip"), source, "");
    var inZip = assertThrows(FormatException.class, () -> run(zip));
    assertTrue(inZip.getMessage().startsWith(zip + ", byte 0: nothing"), inZip.getMessage());
  }

  @Test
  void namesInAZipWithinAJarDoNotLeadElsewhere() throws Exception {
    bert.write(source);
    Path inner = zip(temporary.resolve("inner"), source, "../../../");
    Path jar = temporary.resolve("m.jar");
    try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("inner"));
      Files.copy(inner, out);
    }
    run(jar);
    assertEquals(
        List.of("inner", "m.jar", "source", "target"),
        List.of(temporary.toFile().list()).stream().sorted().toList());
  }

  @Test
  void hostileArchivesAreRefused() throws Exception {
    bert.write(source);
    Path twice = temporary.resolve("twice.zip");
    try (var out = new ZipOutputStream(Files.newOutputStream(twice))) {
      for (String name : List.of("a/vocab.txt", "b/vocab.txt")) {
        out.putNextEntry(new ZipEntry(name));
      }
    }
    refused(twice, "two files in it are named vocab.txt");

    var inner = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(inner)) {
      out.putNextEntry(new ZipEntry("é.onnx"));
      out.write(new byte[1000]);
    }
    byte[] bytes = inner.toByteArray();
    bytes[30] = -1; // no UTF-8 any more
    refused(jar(bytes), "damaged archive");
    bytes[30] = 0; // no file name
    bytes[31] = '0';
    refused(jar(bytes), "damaged archive");
    refused(jar(java.util.Arrays.copyOf(bytes, 40)), "");
  }

  private Path jar(byte[] inner) throws IOException {
    Path jar = temporary.resolve("hostile.jar");
    try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("inner"));
      out.write(inner);
    }
    return jar;
  }

  private static Path zip(Path zip, Path folder, String prefix) throws IOException {
    try (var out = new ZipOutputStream(Files.newOutputStream(zip));
        var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        out.putNextEntry(new ZipEntry(prefix + file.getFileName()));
        Files.copy(file, out);
      }
    }
    return zip;
  }

  private void run(Path from) throws IOException {
    ModelImport.run(from, target, REPLACE);
  }

  private void refused(String problem) {
    refused(source, problem);
  }

  private void refused(Path from, String problem) {
    var e = assertThrows(FormatException.class, () -> run(from));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }

  private ModelFolder open() throws IOException {
    try (var arena = Arena.ofConfined()) {
      return ModelFolder.open(target, arena);
    }
  }

  private static void assertTransposed(
      Safetensors file, String name, String stored, int in, int out) throws IOException {
    assertEquals(List.of((long) out, (long) in), file.tensor(name).shape());
    var expected = TinyCheckpoint.values(stored, in * out);
    var found = floats(file, name);
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        assertEquals(expected[i * out + o], found[o * in + i], name);
      }
    }
  }

  private static float[] floats(Safetensors file, String name) throws IOException {
    return file.tensor(name)
        .data()
        .toArray(
            java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(
                java.nio.ByteOrder.LITTLE_ENDIAN));
  }
}
