package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A JSON object whose members must be of certain types; what is not so names file and member. */
public final class JsonObject {
  private final Path path;
  private final long at;
  private final String name;
  private final Map<String, Object> members;

  /**
   * Checks that a value is an object.
   *
   * @param path the file, for messages
   * @param at byte of the file at which the object is named
   * @param name what to call the object in messages, empty for a whole file
   * @param value what the parser returned
   * @throws FormatException if the value is not an object
   */
  JsonObject(Path path, long at, String name, Object value) throws FormatException {
    this.path = path;
    this.at = at;
    this.name = name;
    if (!(value instanceof Map<?, ?> map)) {
      throw error(
          (name.isEmpty() ? "the file" : name)
              + " must be an object but is "
              + Json.describe(value));
    }
    @SuppressWarnings("unchecked") // the parser makes no other maps
    var typed = (Map<String, Object>) map;
    members = typed;
  }

  /**
   * Reads a file that holds one object.
   *
   * @throws FormatException if it holds anything else
   * @throws IOException if it is missing or cannot be read
   */
  public static JsonObject read(Path path) throws IOException {
    return new JsonObject(path, 0, "", Json.read(path));
  }

  /** Reads a file that holds an array of objects. */
  static List<JsonObject> readArray(Path path) throws IOException {
    var file = new HashMap<String, Object>();
    file.put("the file", Json.read(path));
    return new JsonObject(path, 0, "", file).objects("the file");
  }

  /** Returns what to call the object in messages. */
  public String name() {
    return name;
  }

  /** Returns the names of the members in document order. */
  public Set<String> names() {
    return members.keySet();
  }

  /** Tells whether there is a member of this name that is not null. */
  public boolean has(String member) {
    return members.get(member) != null;
  }

  /** Tells whether a member is an object. */
  public boolean isObject(String member) {
    return members.get(member) instanceof Map<?, ?>;
  }

  /**
   * Returns a member that is an object.
   *
   * @throws FormatException if it is missing or anything else
   */
  public JsonObject object(String member) throws FormatException {
    if (!has(member)) {
      throw wrong(member, "an object");
    }
    return new JsonObject(path, at, nameOf(member), members.get(member));
  }

  /**
   * Returns a member that is a string.
   *
   * @throws FormatException if it is missing or anything else
   */
  public String string(String member) throws FormatException {
    if (members.get(member) instanceof String s) {
      return s;
    }
    throw wrong(member, "a string");
  }

  boolean flag(String member, boolean otherwise) throws FormatException {
    if (!has(member)) {
      return otherwise;
    }
    if (members.get(member) instanceof Boolean b) {
      return b;
    }
    throw wrong(member, "true or false");
  }

  /**
   * Returns a member that is a number.
   *
   * @throws FormatException if it is missing or anything else
   */
  public double number(String member) throws FormatException {
    if (members.get(member) instanceof Number n) {
      return n.doubleValue();
    }
    throw wrong(member, "a number");
  }

  /**
   * Returns a member that is a whole number from {@code least} to 2³¹ − 1.
   *
   * @throws FormatException if it is missing or anything else
   */
  public int whole(String member, int least) throws FormatException {
    if (members.get(member) instanceof Long n && n >= least && n <= Integer.MAX_VALUE) {
      return n.intValue();
    }
    throw wrong(member, "a whole number of at least " + least);
  }

  List<Long> wholes(String member) throws FormatException {
    var values = new ArrayList<Long>(0);
    for (Object item : array(member)) {
      if (!(item instanceof Long n)) {
        throw wrong(member, "an array of whole numbers");
      }
      values.add(n);
    }
    return values;
  }

  /** Returns an array of numbers. */
  public double[] numbers(String member) throws FormatException {
    var items = array(member);
    var values = new double[items.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(items.get(i) instanceof Number number)) {
        throw wrong(member, "an array of numbers");
      }
      values[i] = number.doubleValue();
    }
    return values;
  }

  /**
   * Returns a member that is an array of objects.
   *
   * @throws FormatException if it is missing or anything else
   */
  public List<JsonObject> objects(String member) throws FormatException {
    var values = new ArrayList<JsonObject>(0);
    for (Object item : array(member)) {
      values.add(new JsonObject(path, at, nameOf(member) + "[" + values.size() + "]", item));
    }
    return values;
  }

  List<?> array(String member) throws FormatException {
    if (members.get(member) instanceof List<?> list) {
      return list;
    }
    throw wrong(member, "an array");
  }

  private FormatException wrong(String member, String wanted) {
    Object value = members.get(member);
    String found = members.containsKey(member) ? "is " + Json.describe(value) : "is missing";
    return error(nameOf(member) + " must be " + wanted + " but " + found);
  }

  private String nameOf(String member) {
    return name.isEmpty() ? member : name + "." + member;
  }

  /**
   * Returns a fault of this object, for the caller to throw.
   *
   * @param problem what is wrong, naming the member
   */
  public FormatException error(String problem) {
    return new FormatException(path, at, problem);
  }
}
