package io.github.starling.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes ONNX files for tests, field by field after onnx.proto3. */
final class OnnxBuilder {
  private final ByteArrayOutputStream graph = new ByteArrayOutputStream();

  OnnxBuilder node(String operation, List<String> inputs, String output, byte[]... attributes) {
    var node = new ByteArrayOutputStream();
    inputs.forEach(input -> text(node, 1, input));
    text(node, 2, output);
    text(node, 4, operation);
    for (byte[] attribute : attributes) {
      bytes(node, 5, attribute);
    }
    bytes(graph, 1, node.toByteArray());
    return this;
  }

  OnnxBuilder initializer(byte[] tensor) {
    bytes(graph, 5, tensor);
    return this;
  }

  OnnxBuilder floats(String name, float[] values, long... shape) {
    return initializer(raw(name, 1, littleEndian(values), shape));
  }

  /** Adds one number as ONNX Runtime's quantiser writes it: of no dimension, in float_data. */
  OnnxBuilder scalar(String name, float value) {
    var tensor = new ByteArrayOutputStream();
    integer(tensor, 2, 1);
    bytes(tensor, 4, littleEndian(value));
    text(tensor, 8, name);
    return initializer(tensor.toByteArray());
  }

  /** Adds one U8 as ONNX Runtime's quantiser writes it: of no dimension, in int32_data. */
  OnnxBuilder scalar(String name, int value) {
    var packed = new ByteArrayOutputStream();
    varint(packed, value);
    var tensor = new ByteArrayOutputStream();
    integer(tensor, 2, 2);
    bytes(tensor, 5, packed.toByteArray());
    text(tensor, 8, name);
    return initializer(tensor.toByteArray());
  }

  OnnxBuilder constant(String output, float value) {
    return node("Constant", List.of(), output, tensorAttribute(raw("", 1, littleEndian(value))));
  }

  OnnxBuilder integers(String output, long... values) {
    var data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    byte[] tensor = raw("", 7, data.array(), values.length);
    return node("Constant", List.of(), output, tensorAttribute(tensor));
  }

  /** Returns an attribute that is this graph. */
  byte[] asAttribute(String name) {
    var attribute = new ByteArrayOutputStream();
    text(attribute, 1, name);
    bytes(attribute, 6, graph.toByteArray());
    return attribute.toByteArray();
  }

  byte[] build() {
    var model = new ByteArrayOutputStream();
    integer(model, 1, 6);
    text(model, 2, "a test");
    bytes(model, 7, graph.toByteArray());
    return model.toByteArray();
  }

  static byte[] raw(String name, int type, byte[] data, long... shape) {
    var tensor = new ByteArrayOutputStream();
    for (long dimension : shape) {
      integer(tensor, 1, dimension);
    }
    integer(tensor, 2, type);
    text(tensor, 8, name);
    bytes(tensor, 9, data);
    return tensor.toByteArray();
  }

  static byte[] tensorAttribute(byte[] tensor) {
    var attribute = new ByteArrayOutputStream();
    text(attribute, 1, "value");
    bytes(attribute, 5, tensor);
    return attribute.toByteArray();
  }

  static byte[] attribute(String name, long value) {
    var attribute = new ByteArrayOutputStream();
    text(attribute, 1, name);
    integer(attribute, 3, value);
    return attribute.toByteArray();
  }

  static byte[] attribute(String name, String value) {
    var attribute = new ByteArrayOutputStream();
    text(attribute, 1, name);
    text(attribute, 4, value);
    return attribute.toByteArray();
  }

  static byte[] attribute(String name, float value) {
    var attribute = new ByteArrayOutputStream();
    text(attribute, 1, name);
    varint(attribute, 2 << 3 | 5);
    attribute.writeBytes(littleEndian(value));
    return attribute.toByteArray();
  }

  static void integer(ByteArrayOutputStream out, int field, long value) {
    varint(out, field << 3);
    varint(out, value);
  }

  static void text(ByteArrayOutputStream out, int field, String value) {
    bytes(out, field, value.getBytes(StandardCharsets.UTF_8));
  }

  static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    varint(out, field << 3 | 2);
    varint(out, value.length);
    out.writeBytes(value);
  }

  static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7F) != 0) {
      out.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  static byte[] littleEndian(float... values) {
    var data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return data.array();
  }
}
