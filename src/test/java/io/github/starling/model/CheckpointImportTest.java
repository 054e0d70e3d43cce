package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointImportTest {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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
  void everyWeightGoesToItsName() throws Exception {
    bert.hasNextHead = true;
    bert.write(source);
    run(source);
    var names = new TreeMap<String, String>();
    var kernels = new TreeMap<String, String>();
    names.put("bert.embeddings.word_embeddings.weight", "bert/embeddings/word_embeddings");
    names.put("bert.embeddings.position_embeddings.weight", "bert/embeddings/position_embeddings");
    names.put(
        "bert.embeddings.token_type_embeddings.weight", "bert/embeddings/token_type_embeddings");
    norm(names, "bert.embeddings.LayerNorm", "bert/embeddings/LayerNorm");
    for (int i = 0; i < 2; i++) {
      String to = "bert.encoder.layer." + i + ".";
      String from = "bert/encoder/layer_" + i + "/";
      for (String part : List.of("query", "key", "value")) {
        kernels.put(to + "attention.self." + part, from + "attention/self/" + part);
      }
      kernels.put(to + "attention.output.dense", from + "attention/output/dense");
      kernels.put(to + "intermediate.dense", from + "intermediate/dense");
      kernels.put(to + "output.dense", from + "output/dense");
      norm(names, to + "attention.output.LayerNorm", from + "attention/output/LayerNorm");
      norm(names, to + "output.LayerNorm", from + "output/LayerNorm");
    }
    kernels.put("bert.pooler.dense", "bert/pooler/dense");
    kernels.put("cls.predictions.transform.dense", "cls/predictions/transform/dense");
    norm(names, "cls.predictions.transform.LayerNorm", "cls/predictions/transform/LayerNorm");
    names.put("cls.predictions.bias", "cls/predictions/output_bias");
    names.put("cls.seq_relationship.weight", "cls/seq_relationship/output_weights");
    names.put("cls.seq_relationship.bias", "cls/seq_relationship/output_bias");
    kernels.forEach((to, from) -> names.put(to + ".bias", from + "/bias"));
    try (var arena = Arena.ofConfined()) {
      var file = Safetensors.open(target.resolve("model.safetensors"), arena);
      assertEquals(names.size() + kernels.size(), file.names().size());
      for (var each : names.entrySet()) {
        float[] found = floats(file.tensor(each.getKey()));
        float[] stored = TinyCheckpoint.values(each.getValue(), found.length);
        assertArrayEquals(stored, found, each.getKey());
      }
      for (var each : kernels.entrySet()) {
        assertTransposed(file.tensor(each.getKey() + ".weight"), each.getValue() + "/kernel");
      }
    }
  }

  private static void norm(Map<String, String> names, String to, String from) {
    names.put(to + ".weight", from + "/gamma");
    names.put(to + ".bias", from + "/beta");
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
    assertFalse(isUncased());
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
      assertEquals(!name.equals("bert-cased.zip"), isUncased(), name);
    }
    Path google = Files.createDirectory(temporary.resolve("Cased_L-2_H-4"));
    bert.write(google);
    run(google.resolve("bert_model.ckpt"));
    assertFalse(isUncased());
    Files.writeString(source.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nA\n");
    run(source);
    assertFalse(isUncased());
  }

  @Test
  void aCheckpointOfAnotherModelIsRefused() throws Exception {
    bert.prefix = "al";
    bert.write(source);
    refused("no tensor is named bert/embeddings/word_embeddings: not a BERT");
  }

  @Test
  void aMissingWeightIsNamed() throws Exception {
    bert.write(source);
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
    Path zip = zip(temporary.resolve("m.zip"), source, "");
    refused(zip, zip + "!bert_model.ckpt.index, byte 0: no vocab.txt");
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
    refused(jar(Arrays.copyOf(bytes, 40)), "");
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

  private static void assertTransposed(StoredTensor tensor, String name) {
    int out = tensor.dimension(0);
    int in = tensor.dimension(1);
    float[] stored = TinyCheckpoint.values(name, in * out);
    float[] found = floats(tensor);
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        assertEquals(stored[i * out + o], found[o * in + i], name);
      }
    }
  }

  private static float[] floats(StoredTensor tensor) {
    return tensor.data().toArray(FLOAT);
  }

  private boolean isUncased() throws Exception {
    return ((TokenizerConfig.WordPiece) open().tokenizer()).normalization().lowercase();
  }
}
