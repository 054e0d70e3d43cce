package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.ToNumberPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonProperties {
  private static final Path PATH = Path.of("some.json");
  private static final Gson GSON =
      new GsonBuilder()
          .serializeNulls()
          .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
          .create();

  @Provide
  Arbitrary<Object> documents() {
    Arbitrary<Object> leaves =
        Arbitraries.oneOf(
            texts().map(t -> t),
            Arbitraries.longs().map(n -> n),
            Arbitraries.doubles().map(d -> d),
            Arbitraries.of(true, false).map(b -> b));
    return Arbitraries.recursive(
            () -> leaves.injectNull(0.1),
            inner ->
                Arbitraries.oneOf(
                    inner.list().ofMaxSize(4).map(l -> l),
                    Arbitraries.maps(texts(), inner).ofMaxSize(4).map(LinkedHashMap::new)),
            0,
            3)
        .withoutEdgeCases();
  }

  private static Arbitrary<String> texts() {
    // by code points: a surrogate alone has no UTF-8 form
    return Arbitraries.integers()
        .between(0, Character.MAX_CODE_POINT)
        .edgeCases(e -> e.add(0, 0x22, 0x5C, 0x0A, 0x7F, 0x2028, 0xFFFD, 0x1F600))
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .list()
        .ofMaxSize(8)
        .map(
            points -> {
              var text = new StringBuilder();
              points.forEach(text::appendCodePoint);
              return text.toString();
            });
  }

  @Property(tries = 300)
  void gsonReadsWhatIsWritten(@ForAll("documents") Object document) {
    assertEquals(document, GSON.fromJson(Json.write(document), Object.class));
  }

  @Property(tries = 300)
  void whatGsonWritesIsReadTheSame(@ForAll("documents") Object document) throws Exception {
    assertEquals(document, parse(GSON.toJson(document)));
    JsonElement tree = GSON.toJsonTree(document);
    var pretty = new GsonBuilder().serializeNulls().setPrettyPrinting().create().toJson(tree);
    assertEquals(document, parse(pretty));
  }

  @Property(tries = 500)
  void damagedTextsAreReadOrRefusedButNeverCrash(
      @ForAll("documents") Object document, @ForAll int where, @ForAll byte what) {
    byte[] text = Json.write(document).getBytes(StandardCharsets.UTF_8);
    text[Math.floorMod(where, text.length)] = what;
    Object value;
    try {
      value = Json.parse(PATH, text);
    } catch (FormatException e) {
      return;
    }
    // strict: what is accepted, the strict Gson must accept with the same value
    var strict = new String(text, StandardCharsets.UTF_8);
    JsonParser.parseString(strict);
    assertEquals(value, GSON.fromJson(strict, Object.class));
  }

  @Property(tries = 1000)
  void floatsReadBackAsTheSameBits(@ForAll float value) throws Exception {
    String text = Json.write(value);
    assertEquals(value, ((Double) parse(text)).floatValue(), text);
  }

  private static Object parse(String text) throws FormatException {
    return Json.parse(PATH, text.getBytes(StandardCharsets.UTF_8));
  }
}
