package io.github.starling.model;

/** The element type of a stored tensor, under the name that safetensors gives it. */
public enum DType {
  /** One byte, 0 or 1. */
  BOOL(1),
  /** Unsigned 8-bit integer. */
  U8(1),
  /** Signed 8-bit integer. */
  I8(1),
  /** 8-bit float with 5 exponent bits. */
  F8_E5M2(1),
  /** 8-bit float with 4 exponent bits. */
  F8_E4M3(1),
  /** Unsigned 16-bit integer. */
  U16(2),
  /** Signed 16-bit integer. */
  I16(2),
  /** IEEE 754 binary16. */
  F16(2),
  /** The upper half of a binary32. */
  BF16(2),
  /** Unsigned 32-bit integer. */
  U32(4),
  /** Signed 32-bit integer. */
  I32(4),
  /** IEEE 754 binary32. */
  F32(4),
  /** Unsigned 64-bit integer. */
  U64(8),
  /** Signed 64-bit integer. */
  I64(8),
  /** IEEE 754 binary64. */
  F64(8);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Tells whether elements can be read as float32. */
  boolean isFloat() {
    return this == F32 || this == F16 || this == BF16;
  }
}
