package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A memory-mapped ONNX model: the nodes of its graph and the weights they read.
 *
 * <p>Field numbers are those of onnx.proto3. Graphs within operations, such as the branches of an
 * If, are read as if their content stood in the graph around them; where several have a weight of
 * one name, that of the main graph counts, else the first. Functions and weights in other files are
 * not read.
 */
public final class OnnxFile {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_OPERATION = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_NAME = 1;
  private static final int ATTRIBUTE_FLOAT = 2;
  private static final int ATTRIBUTE_INTEGER = 3;
  private static final int ATTRIBUTE_STRING = 4;
  private static final int ATTRIBUTE_TENSOR = 5;
  private static final int ATTRIBUTE_GRAPH = 6;
  private static final int ATTRIBUTE_INTEGERS = 8;
  private static final int ATTRIBUTE_GRAPHS = 11;

  /** Levels of graphs within graphs that a file may have. */
  private static final int MAX_DEPTH = 32;

  private final Path path;
  private final Arena arena;
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, StoredTensor> initializers = new LinkedHashMap<>();
  private final Map<String, StoredTensor> inner = new LinkedHashMap<>();
  private int depth;

  private OnnxFile(Path path, Arena arena) {
    this.path = path;
    this.arena = arena;
  }

  /**
   * Maps a file and reads its graph, without the weights.
   *
   * @param arena owner of the mapping
   * @throws FormatException if it is not an ONNX model or is damaged
   * @throws IOException if it is missing or cannot be read
   */
  public static OnnxFile open(Path path, Arena arena) throws IOException {
    var model = new ProtobufMessage(path, Safetensors.map(path, arena));
    var file = new OnnxFile(path, arena);
    boolean hasGraph = false;
    while (model.next()) {
      if (model.field() == MODEL_GRAPH) {
        hasGraph = true;
        file.readGraph(model.message());
      } else {
        model.skip();
      }
    }
    if (!hasGraph) {
      throw new FormatException(path, 0, "no graph is in it: not an ONNX model");
    }
    file.inner.forEach(file.initializers::putIfAbsent);
    return file;
  }

  /** Returns the file. */
  public Path path() {
    return path;
  }

  /**
   * Returns the operations in an order of execution; those of a graph within one come before it.
   */
  public List<OnnxNode> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** Returns the weights by name; elements need not be aligned. */
  public Map<String, StoredTensor> initializers() {
    return Collections.unmodifiableMap(initializers);
  }

  private void readGraph(ProtobufMessage graph) throws FormatException {
    while (graph.next()) {
      switch (graph.field()) {
        case GRAPH_NODE -> nodes.add(readNode(graph.message()));
        case GRAPH_INITIALIZER -> {
          var tensor = OnnxTensorReader.read(graph.message(), arena);
          if (tensor != null && depth > 0) {
            inner.putIfAbsent(tensor.name(), tensor);
          } else if (tensor != null && initializers.put(tensor.name(), tensor) != null) {
            throw graph.error("two initializers are named " + Json.describe(tensor.name()));
          }
        }
        default -> graph.skip();
      }
    }
  }

  private OnnxNode readNode(ProtobufMessage node) throws FormatException {
    String operation = "";
    var inputs = new ArrayList<String>(2);
    var outputs = new ArrayList<String>(1);
    var attributes = new HashMap<String, Object>();
    while (node.next()) {
      switch (node.field()) {
        case NODE_INPUT -> inputs.add(node.text());
        case NODE_OUTPUT -> outputs.add(node.text());
        case NODE_OPERATION -> operation = node.text();
        case NODE_ATTRIBUTE -> readAttribute(node.message(), attributes);
        default -> node.skip();
      }
    }
    return new OnnxNode(operation, inputs, outputs, attributes);
  }

  private void readAttribute(ProtobufMessage attribute, Map<String, Object> attributes)
      throws FormatException {
    String name = "";
    Object value = null;
    var integers = new ArrayList<Long>(0);
    while (attribute.next()) {
      switch (attribute.field()) {
        case ATTRIBUTE_NAME -> name = attribute.text();
        case ATTRIBUTE_FLOAT -> value = attribute.number();
        case ATTRIBUTE_INTEGER -> value = attribute.integer();
        case ATTRIBUTE_STRING -> value = attribute.text();
        case ATTRIBUTE_TENSOR -> value = OnnxTensorReader.read(attribute.message(), arena);
        case ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS -> readInnerGraph(attribute);
        case ATTRIBUTE_INTEGERS -> {
          attribute.integers(integers::add);
          value = integers;
        }
        default -> attribute.skip();
      }
    }
    if (value != null) {
      attributes.put(name, value);
    }
  }

  private void readInnerGraph(ProtobufMessage attribute) throws FormatException {
    if (depth == MAX_DEPTH) { // a hostile file could exhaust the stack
      throw attribute.error("more than " + MAX_DEPTH + " graphs within graphs");
    }
    depth++;
    readGraph(attribute.message());
    depth--;
  }
}
