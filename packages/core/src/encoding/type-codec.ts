// The compiled form of a type descriptor, and that of the types without parts (formats 4.1).

import { compareValues } from "../value/compare.ts";
import { scalarCount } from "../value/scalars.ts";
import type { PrimitiveType, TypeDescriptor } from "../value/type-descriptor.ts";
import { Float, type Value } from "../value/value.ts";
import { JSON_CODEC } from "./json-codec.ts";
import type { ValueReader } from "./value-reader.ts";
import type { ValueWriter } from "./value-writer.ts";

/** Encoder, decoder and order of the values of one type. */
export interface TypeCodec {
  /** Checks the value on the way; raises `EncodeError`. */
  encode(writer: ValueWriter, value: Value): void;
  /** Raises `DecodeError`. */
  decode(reader: ValueReader): Value;
  /** Value order of formats 4.2 rule 2; for ordered types only. Ill-typed values get some order. */
  compare(a: Value, b: Value): number;
  /** True when that order is also the total order of the language, in which containers iterate. */
  readonly hasLanguageOrder: boolean;
}

/** The codec of a type without parts. */
export function primitiveCodec(type: PrimitiveType): TypeCodec {
  return PRIMITIVES[type];
}

function scalar(
  encode: (writer: ValueWriter, value: Value) => void,
  decode: (reader: ValueReader) => Value,
): TypeCodec {
  return { encode, decode, compare: compareValues, hasLanguageOrder: true };
}

/** A type of integers. */
export type IntType = "u8" | "u16" | "u32" | "u64" | "i8" | "i16" | "i32" | "i64";

/** Lowest and highest value of each integer type. */
export const INT_RANGES: { readonly [K in IntType]: readonly [bigint, bigint] } = {
  u8: [0n, 0xffn],
  u16: [0n, 0xffffn],
  u32: [0n, 0xffff_ffffn],
  u64: [0n, (1n << 64n) - 1n],
  i8: [-0x80n, 0x7fn],
  i16: [-0x8000n, 0x7fffn],
  i32: [-0x8000_0000n, 0x7fff_ffffn],
  i64: [-(1n << 63n), (1n << 63n) - 1n],
};

/** True for the descriptor of an integer type. */
export function isIntType(type: TypeDescriptor): type is IntType {
  return typeof type === "string" && Object.hasOwn(INT_RANGES, type);
}

/** An integer type whose values are all numbers. */
function narrowInt(type: Exclude<IntType, "u64" | "i64">): TypeCodec {
  const [low, high] = INT_RANGES[type].map(Number) as [number, number];
  return scalar(
    (writer, value) => {
      const fits = typeof value === "number" && value >= low && value <= high;
      if (!fits || !Number.isInteger(value)) return writer.mismatch(type, value);
      writer[type](value);
    },
    (reader) => reader[type](),
  );
}

function wideInt(type: "u64" | "i64"): TypeCodec {
  const [low, high] = INT_RANGES[type];
  return scalar(
    (writer, value) => {
      if (typeof value === "number") {
        if (!Number.isSafeInteger(value) || value < low) return writer.mismatch(type, value);
        writer[type](value);
      } else if (typeof value === "bigint" && value >= low && value <= high) {
        writer[type](value);
      } else {
        return writer.mismatch(type, value);
      }
    },
    (reader) => reader[type](),
  );
}

/** A value of f32 is rounded to the nearest one on writing. */
function float(type: "f32" | "f64"): TypeCodec {
  return scalar(
    (writer, value) => {
      if (!(value instanceof Float)) return writer.mismatch(type, value);
      writer[type](value.value);
    },
    (reader) => new Float(reader[type]()),
  );
}

function text(writer: ValueWriter, value: string): void {
  if (!writer.tryString(value)) writer.fail("the string has a lone surrogate");
}

function readChar(reader: ValueReader): string {
  const start = reader.offset;
  const value = reader.string();
  const point = value.codePointAt(0);
  if (point === undefined) return reader.fail("bad-char", start);
  const first = String.fromCodePoint(point);
  // The reference decoder takes the first of several.
  if (reader.strict && first !== value) reader.fail("bad-char", start);
  return first;
}

const PRIMITIVES: { readonly [K in PrimitiveType]: TypeCodec } = {
  unit: scalar(
    (writer, value) => {
      if (value !== null) return writer.mismatch("unit", value);
    },
    () => null,
  ),
  bool: scalar(
    (writer, value) => {
      if (typeof value !== "boolean") return writer.mismatch("bool", value);
      writer.bool(value);
    },
    (reader) => reader.bool(),
  ),
  string: scalar(
    (writer, value) => {
      if (typeof value !== "string") return writer.mismatch("string", value);
      text(writer, value);
    },
    (reader) => reader.string(),
  ),
  bytes: scalar(
    (writer, value) => {
      if (!(value instanceof Uint8Array)) return writer.mismatch("bytes", value);
      writer.bytes(value);
    },
    (reader) => reader.bytes(),
  ),
  char: scalar((writer, value) => {
    if (typeof value !== "string" || scalarCount(value) !== 1)
      return writer.mismatch("char", value);
    text(writer, value);
  }, readChar),
  u8: narrowInt("u8"),
  u16: narrowInt("u16"),
  u32: narrowInt("u32"),
  u64: wideInt("u64"),
  i8: narrowInt("i8"),
  i16: narrowInt("i16"),
  i32: narrowInt("i32"),
  i64: wideInt("i64"),
  f32: float("f32"),
  f64: float("f64"),
  json: JSON_CODEC,
};
