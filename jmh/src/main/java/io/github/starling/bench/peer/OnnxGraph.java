package io.github.starling.bench.peer;

import io.github.starling.tensor.Matrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an ONNX model, as far as the benchmarks need it: float inputs and weights, nodes of the
 * standard and of ONNX Runtime's own operators.
 *
 * <p>The numbers of the fields are those of onnx.proto (ONNX IR version 8, operator set 17).
 */
final class OnnxGraph {
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;
  private static final int FLOAT = 1;
  private static final int INT32 = 6;
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;

  /** The operators that ONNX Runtime adds, those that its own optimiser fuses a BERT to. */
  static final String MICROSOFT = "com.microsoft";

  private final Message graph = new Message();

  /** A value for an attribute of a node. */
  sealed interface Attribute {
    /** An integer. */
    record Whole(String name, long value) implements Attribute {}

    /** A number. */
    record Real(String name, float value) implements Attribute {}
  }

  /** Adds an input of 32-bit integers; a negative dimension may have any length. */
  void integerInput(String name, long... shape) {
    graph.message(11, value(name, INT32, shape));
  }

  /** Adds an input of floats. */
  void input(String name, long... shape) {
    graph.message(11, value(name, FLOAT, shape));
  }

  /** Adds an output of floats. */
  void output(String name, long... shape) {
    graph.message(12, value(name, FLOAT, shape));
  }

  /** Adds weights. */
  void weights(String name, Matrix values, long... shape) {
    tensor(name, bytes(values.toArray()), shape);
  }

  /** Adds weights, transposed: ONNX has the inputs first. */
  void transposed(String name, Matrix values) {
    float[][] rows = values.toArray();
    var columns = new float[values.columns()][values.rows()];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < columns.length; c++) {
        columns[c][r] = rows[r][c];
      }
    }
    tensor(name, bytes(columns), values.columns(), values.rows());
  }

  private static byte[] bytes(float[][] rows) {
    var bytes = ByteBuffer.allocate(Float.BYTES * rows.length * rows[0].length);
    var floats = bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (float[] row : rows) {
      floats.put(row);
    }
    return bytes.array();
  }

  private void tensor(String name, byte[] data, long... shape) {
    var tensor = new Message();
    for (long dimension : shape) {
      tensor.number(1, dimension);
    }
    graph.message(5, tensor.number(2, FLOAT).text(8, name).bytes(9, data));
  }

  /**
   * Adds a node.
   *
   * @param domain empty for a standard operator, or {@link #MICROSOFT}
   * @param inputs names of values; empty for one that is left out
   */
  void node(
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      Attribute... attributes) {
    var node = new Message();
    inputs.forEach(input -> node.text(1, input));
    outputs.forEach(output -> node.text(2, output));
    node.text(4, operator).text(7, domain);
    for (var attribute : attributes) {
      node.message(
          5,
          switch (attribute) {
            case Attribute.Whole(var name, var value) ->
                new Message().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
            case Attribute.Real(var name, var value) ->
                new Message().text(1, name).real(2, value).number(20, ATTRIBUTE_FLOAT);
          });
    }
    graph.message(1, node);
  }

  /** Returns the model's file. */
  byte[] model() {
    var out = new ByteArrayOutputStream();
    try {
      write(out);
    } catch (IOException e) {
      throw new AssertionError("an array takes everything", e);
    }
    return out.toByteArray();
  }

  /** Writes the model's file. */
  void write(OutputStream out) throws IOException {
    graph.text(2, "starling-bench");
    new Message()
        .number(1, IR_VERSION)
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, OPERATOR_SET))
        .message(8, new Message().text(1, MICROSOFT).number(2, 1))
        .writeTo(out);
  }

  private static Message value(String name, int type, long... shape) {
    var dimensions = new Message();
    for (int i = 0; i < shape.length; i++) {
      dimensions.message(
          1,
          shape[i] < 0 ? new Message().text(2, name + "_" + i) : new Message().number(1, shape[i]));
    }
    var tensor = new Message().number(1, type).message(2, dimensions);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** A protocol buffer in the making. */
  private static final class Message {
    private final List<byte[]> parts = new ArrayList<>();
    private long size;

    Message number(int field, long value) {
      append(varint((long) field << 3));
      append(varint(value));
      return this;
    }

    Message real(int field, float value) {
      append(varint((long) field << 3 | 5));
      int bits = Float.floatToIntBits(value);
      append(
          new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      append(varint((long) field << 3 | 2));
      append(varint(value.size));
      value.parts.forEach(this::append);
      return this;
    }

    Message bytes(int field, byte[] value) {
      append(varint((long) field << 3 | 2));
      append(varint(value.length));
      append(value);
      return this;
    }

    private void append(byte[] part) {
      parts.add(part);
      size += part.length;
    }

    /** What is nested is not copied: weights are large. */
    void writeTo(OutputStream out) throws IOException {
      for (byte[] part : parts) {
        out.write(part);
      }
    }

    private static byte[] varint(long value) {
      var out = new ByteArrayOutputStream();
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
      return out.toByteArray();
    }
  }
}
