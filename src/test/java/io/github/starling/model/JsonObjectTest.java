package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class JsonObjectTest {
  @TempDir private Path folder;
  private JsonObject object;

  @BeforeEach
  void read() throws Exception {
    object =
        JsonObject.read(
            Files.writeString(
                folder.resolve("some.json"),
                """
                {"list": [{"name": "a"}, {"name": "b", "size": 2.5}],
                 "inner": {"count": 3}, "none": null}\
                """));
  }

  @Test
  void membersHaveTheirTypes() throws Exception {
    var list = object.objects("list");
    assertEquals(2, list.size());
    assertEquals("b", list.get(1).string("name"));
    assertEquals(2.5, list.get(1).number("size"));
    assertEquals(3, object.object("inner").whole("count", 3));
    assertTrue(object.has("inner"));
    assertFalse(object.has("none"));
  }

  @Test
  void whatIsWrongNamesFileAndMember() throws Exception {
    var second = object.objects("list").get(1);
    refused("list[1].size must be a string but is 2.5", () -> second.string("size"));
    refused("list[1].count must be a number but is missing", () -> second.number("count"));
    refused("none must be an object but is null", () -> object.object("none"));
    refused("inner must be an array but is an object of 1", () -> object.objects("inner"));
    refused(
        "inner.count must be a whole number of at least 4 but is 3",
        () -> object.object("inner").whole("count", 4));
  }

  private void refused(String problem, Executable reading) {
    var message = assertThrows(FormatException.class, reading).getMessage();
    assertEquals(folder.resolve("some.json") + ", byte 0: " + problem, message);
  }
}
