// Types without parts: integers, floats, bool, string, char, bytes, unit (spec/formats.md 3.1,
// 4.1).

import {
  type Output,
  readBig,
  readByte,
  readCount,
  readNarrow,
  take,
  undecodable,
  unencodable,
  writeBig,
  writeByte,
  writeCount,
  writeRaw,
} from "./bytes.ts";
import { byValue, type Type } from "./type.ts";
import { utf8Bytes, utf8Text } from "./utf8.ts";

/** No information: the value is undefined, without bytes. */
export const unit: Type<void> = {
  descriptor: "unit",
  bytesMin: 0,
  order: () => 0,
  nullable: true,
  read: () => undefined,
  write: (output, value) => {
    if (value !== undefined) unencodable(output, "nothing", value);
  },
};

export const bool: Type<boolean> = {
  descriptor: "bool",
  bytesMin: 1,
  order: byValue,
  nullable: false,
  read: (input) => {
    const byte = readByte(input);
    return byte > 1 ? undecodable("bad-bool", input.at - 1) : byte === 1;
  },
  write: (output, value) => {
    if (typeof value !== "boolean") unencodable(output, "bool", value);
    writeByte(output, value ? 1 : 0);
  },
};

type Narrow = "u8" | "u16" | "u32" | "i8" | "i16" | "i32";

/** Bytes and last byte of the longest varint of a width. */
const LONGEST = { 8: [1, 255], 16: [3, 3], 32: [5, 15] } as const;

/* @__NO_SIDE_EFFECTS__ */
function narrow(name: Narrow, bits: 8 | 16 | 32): Type<number> {
  const signed = name.startsWith("i");
  const min = signed ? -(2 ** (bits - 1)) : 0;
  const max = 2 ** (signed ? bits - 1 : bits) - 1;
  const [bytesMax, lastMax] = LONGEST[bits];
  return {
    descriptor: name,
    bytesMin: 1,
    order: byValue,
    nullable: false,
    read: (input) => {
      const raw = bits === 8 ? readByte(input) : readNarrow(input, bytesMax, lastMax);
      if (!signed) return raw;
      if (bits === 8) return raw > max ? raw - 256 : raw;
      return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
    },
    write: (output, value) => {
      if (!Number.isInteger(value) || value < min || value > max)
        unencodable(output, `${name} (an integer from ${min} to ${max})`, value);
      if (bits === 8) writeByte(output, value < 0 ? value + 256 : value);
      else writeCount(output, !signed ? value : value < 0 ? -2 * value - 1 : 2 * value);
    },
  };
}

export const u8: Type<number> = /* @__PURE__ */ narrow("u8", 8);
export const u16: Type<number> = /* @__PURE__ */ narrow("u16", 16);
export const u32: Type<number> = /* @__PURE__ */ narrow("u32", 32);
export const i8: Type<number> = /* @__PURE__ */ narrow("i8", 8);
export const i16: Type<number> = /* @__PURE__ */ narrow("i16", 16);
export const i32: Type<number> = /* @__PURE__ */ narrow("i32", 32);

function checkBig(output: Output, name: string, value: bigint, fitted: bigint): void {
  if (value !== fitted) unencodable(output, `${name}, within its range`, value);
}

/** Its values are bigint. */
export const u64: Type<bigint> = {
  descriptor: "u64",
  bytesMin: 1,
  order: byValue,
  nullable: false,
  read: readBig,
  write: (output, value) => {
    if (typeof value !== "bigint") unencodable(output, "u64, a bigint", value);
    checkBig(output, "u64", value, BigInt.asUintN(64, value));
    writeBig(output, value);
  },
};

/** Its values are bigint. */
export const i64: Type<bigint> = {
  descriptor: "i64",
  bytesMin: 1,
  order: byValue,
  nullable: false,
  read: (input) => {
    const raw = readBig(input);
    return (raw >> 1n) ^ -(raw & 1n);
  },
  write: (output, value) => {
    if (typeof value !== "bigint") unencodable(output, "i64, a bigint", value);
    checkBig(output, "i64", value, BigInt.asIntN(64, value));
    writeBig(output, value < 0n ? -2n * value - 1n : 2n * value);
  },
};

/* @__NO_SIDE_EFFECTS__ */
function float(name: "f32" | "f64", bytes: 4 | 8): Type<number> {
  return {
    descriptor: name,
    bytesMin: bytes,
    order: null,
    nullable: false,
    read: (input) => {
      const start = take(input, bytes);
      const view = new DataView(input.bytes.buffer, input.bytes.byteOffset + start, bytes);
      const value = bytes === 8 ? view.getFloat64(0, true) : view.getFloat32(0, true);
      const high = view.getUint32(bytes - 4, true);
      const low = bytes === 8 ? view.getUint32(0, true) : 0;
      const isCanonical = low === 0 && high === (bytes === 8 ? 0x7ff80000 : 0x7fc00000);
      return Number.isNaN(value) && !isCanonical ? undecodable("non-canonical-nan", start) : value;
    },
    write: (output, value) => {
      if (typeof value !== "number") unencodable(output, `${name}, a number`, value);
      const view = new DataView(new ArrayBuffer(bytes));
      if (Number.isNaN(value))
        view.setUint32(bytes - 4, bytes === 8 ? 0x7ff80000 : 0x7fc00000, true);
      else if (bytes === 8) view.setFloat64(0, value, true);
      else view.setFloat32(0, value, true);
      writeRaw(output, new Uint8Array(view.buffer));
    },
  };
}

/** A number is rounded to the nearest f32 when it is written. */
export const f32: Type<number> = /* @__PURE__ */ float("f32", 4);
export const f64: Type<number> = /* @__PURE__ */ float("f64", 8);

/** By Unicode scalar values, which is the order of UTF-8 and not that of UTF-16. */
function byScalars(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    // Where just one of both is half of a pair, the pair is the larger one.
    const [pairX, pairY] = [x >> 11 === 27, y >> 11 === 27];
    return pairX === pairY ? x - y : pairX ? 1 : -1;
  }
  return a.length - b.length;
}

function writeText(output: Output, value: unknown, name: string): void {
  if (typeof value !== "string") return unencodable(output, name, value);
  const utf8 = utf8Bytes(value);
  if (utf8 === null) return unencodable(output, `${name} without lone surrogates`, value);
  writeCount(output, utf8.length);
  writeRaw(output, utf8);
}

export const string: Type<string> = {
  descriptor: "string",
  bytesMin: 1,
  order: byScalars,
  nullable: false,
  read: (input) => {
    const length = readCount(input, 1);
    const start = take(input, length);
    return utf8Text(input.bytes.subarray(start, start + length)) ?? undecodable("bad-utf8", start);
  },
  write: (output, value) => writeText(output, value, "string"),
};

/** A string of exactly one Unicode scalar value. */
export const char: Type<string> = {
  descriptor: "char",
  bytesMin: 2,
  order: byScalars,
  nullable: false,
  read: (input) => {
    const start = input.at;
    const text = string.read(input);
    return isScalar(text) ? text : undecodable("bad-char", start);
  },
  write: (output, value) => {
    if (typeof value !== "string" || !isScalar(value)) unencodable(output, "char", value);
    writeText(output, value, "char");
  },
};

function isScalar(text: string): boolean {
  return text !== "" && text.length === ((text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
}

export const bytes: Type<Uint8Array> = {
  descriptor: "bytes",
  bytesMin: 1,
  order: (a, b) => {
    const at = a.findIndex((byte, i) => byte !== b[i]);
    return at < 0 || at >= b.length ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? 0);
  },
  nullable: false,
  read: (input) => {
    const length = readCount(input, 1);
    const start = take(input, length);
    return input.bytes.slice(start, start + length);
  },
  write: (output, value) => {
    if (!(value instanceof Uint8Array)) unencodable(output, "bytes, a Uint8Array", value);
    writeCount(output, value.length);
    writeRaw(output, value);
  },
};
