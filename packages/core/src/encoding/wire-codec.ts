// Codecs of typed structures: state, step records, trace events and whatever else is hashed or
// stored as bytes but is no Lumen value. Built from combinators, so both directions stay equal.

import type { Failure } from "../diagnostic/failure.ts";
import { assert, err, ok, type Result, required } from "../result/result.ts";
import { compareStrings } from "../value/string-order.ts";
import { DecodeError, decodeFailure } from "./decode-error.ts";
import { WireReader } from "./wire-reader.ts";
import { type WireWriter, written } from "./wire-writer.ts";

/** Both directions of one structure. `minBytes`: no value has fewer bytes. */
export interface WireCodec<T> {
  encode(writer: WireWriter, value: T): void;
  decode(reader: WireReader): T;
  readonly minBytes: number;
}

/** The canonical bytes of a structure. Values out of range are defects. */
export function encodeWith<T>(codec: WireCodec<T>, value: T): Uint8Array {
  return written((writer) => codec.encode(writer, value));
}

/** Reads a structure strictly; `E_DECODE` for anything but its canonical bytes (formats 4.2). */
export function decodeWith<T>(
  codec: WireCodec<T>,
  bytes: Uint8Array,
  options: { readonly subject?: string } = {},
): Result<T, Failure> {
  const reader = new WireReader(bytes);
  try {
    const value = codec.decode(reader);
    reader.end();
    return ok(value);
  } catch (error) {
    if (error instanceof DecodeError) return err(decodeFailure(error, options.subject));
    throw error;
  }
}

const bool: WireCodec<boolean> = {
  encode: (writer, value) => writer.bool(value),
  decode: (reader) => reader.bool(),
  minBytes: 1,
};

const u8: WireCodec<number> = {
  encode: (writer, value) => writer.u8(value),
  decode: (reader) => reader.u8(),
  minBytes: 1,
};

const u16: WireCodec<number> = {
  encode: (writer, value) => writer.u16(value),
  decode: (reader) => reader.u16(),
  minBytes: 1,
};

const u32: WireCodec<number> = {
  encode: (writer, value) => writer.u32(value),
  decode: (reader) => reader.u32(),
  minBytes: 1,
};

const u64: WireCodec<number | bigint> = {
  encode: (writer, value) => writer.u64(value),
  decode: (reader) => reader.u64(),
  minBytes: 1,
};

const i64: WireCodec<number | bigint> = {
  encode: (writer, value) => writer.i64(value),
  decode: (reader) => reader.i64(),
  minBytes: 1,
};

const safeU64: WireCodec<number> = {
  encode: (writer, value) => writer.u64(value),
  decode: (reader) => {
    const start = reader.offset;
    const value = reader.u64();
    return typeof value === "number" ? value : reader.fail("too-large", start);
  },
  minBytes: 1,
};

const f64: WireCodec<number> = {
  encode: (writer, value) => writer.f64(value),
  decode: (reader) => reader.f64(),
  minBytes: 8,
};

const string: WireCodec<string> = {
  encode: (writer, value) => writer.string(value),
  decode: (reader) => reader.string(),
  minBytes: 1,
};

const bytes: WireCodec<Uint8Array> = {
  encode: (writer, value) => writer.bytes(value),
  decode: (reader) => reader.bytes(),
  minBytes: 1,
};

const hash32: WireCodec<Uint8Array> = {
  encode: (writer, value) => {
    assert(value.length === 32, "a digest has 32 bytes");
    writer.raw(value);
  },
  decode: (reader) => reader.raw(32),
  minBytes: 32,
};

function option<T>(inner: WireCodec<T>): WireCodec<T | null> {
  return {
    encode: (writer, value) => {
      writer.bool(value !== null);
      if (value !== null) inner.encode(writer, value);
    },
    decode: (reader) => (reader.optionTag() ? inner.decode(reader) : null),
    minBytes: 1,
  };
}

function list<T>(item: WireCodec<T>): WireCodec<readonly T[]> {
  return {
    encode: (writer, values) => {
      writer.varint(values.length);
      for (const value of values) item.encode(writer, value);
    },
    decode: (reader) => {
      const count = reader.count(item.minBytes);
      const values: T[] = [];
      for (let i = 0; i < count; i += 1) values.push(item.decode(reader));
      return values;
    },
    minBytes: 1,
  };
}

/** Fields in the order in which the object lists them; names must not look like integers. */
function record<T extends object>(
  fields: {
    readonly [K in keyof T]-?: WireCodec<T[K]>;
  },
): WireCodec<T> {
  const names = Object.keys(fields) as (keyof T)[];
  assert(!names.some((name) => /^\d/.test(String(name))), "field names keep their order");
  return {
    encode: (writer, value) => {
      for (const name of names) fields[name].encode(writer, value[name]);
    },
    decode: (reader) => {
      const value: Partial<T> = {};
      for (const name of names) value[name] = fields[name].decode(reader);
      return value as T;
    },
    minBytes: names.reduce((sum, name) => sum + fields[name].minBytes, 0),
  };
}

/** A value without bytes. */
const nothing: WireCodec<object> = record<object>({});

/** Codecs of the fields beside `kind`, in the order of the discriminants from 0. */
type VariantCodecs<T extends { readonly kind: string }> = {
  readonly [K in T["kind"]]: WireCodec<Omit<Extract<T, { readonly kind: K }>, "kind">>;
};

function tagged<T extends { readonly kind: string }>(variants: VariantCodecs<T>): WireCodec<T> {
  const kinds = Object.keys(variants) as T["kind"][];
  const codecs = kinds.map((kind) => variants[kind] as WireCodec<object>);
  const discriminants = new Map(kinds.map((kind, index) => [kind, index]));
  return {
    encode: (writer, value) => {
      const index = required(discriminants.get(value.kind), "every kind has a discriminant");
      writer.varint(index);
      required(codecs[index], "every discriminant has a codec").encode(writer, value);
    },
    decode: (reader) => {
      const start = reader.offset;
      const index = reader.u32();
      const codec = codecs[index] ?? reader.fail("bad-variant", start);
      return { kind: kinds[index], ...codec.decode(reader) } as T;
    },
    minBytes: 1 + Math.min(...codecs.map((codec) => codec.minBytes)),
  };
}

const stringMap: WireCodec<ReadonlyMap<string, string>> = {
  encode: (writer, map) => {
    writer.varint(map.size);
    for (const [key, value] of [...map].sort(([a], [b]) => compareStrings(a, b))) {
      writer.string(key);
      writer.string(value);
    }
  },
  decode: (reader) => {
    const map = new Map<string, string>();
    let previous: string | null = null;
    for (let left = reader.count(2); left > 0; left -= 1) {
      const start = reader.offset;
      const key = reader.string();
      const value = reader.string();
      const order = previous === null ? -1 : compareStrings(previous, key);
      if (order > 0) reader.fail("map-keys-not-ascending", start);
      if (order === 0) reader.fail("map-duplicate-key", start);
      map.set(key, value);
      previous = key;
    }
    return map;
  },
  minBytes: 1,
};

/** The combinators, named after the types of formats 4.1. */
export const wire: {
  readonly bool: WireCodec<boolean>;
  readonly u8: WireCodec<number>;
  readonly u16: WireCodec<number>;
  readonly u32: WireCodec<number>;
  /** A number when it is safe, else a bigint. */
  readonly u64: WireCodec<number | bigint>;
  readonly i64: WireCodec<number | bigint>;
  /** A u64 that is a number here; reading one above 2^53-1 is refused as `too-large`. */
  readonly safeU64: WireCodec<number>;
  readonly f64: WireCodec<number>;
  readonly string: WireCodec<string>;
  readonly bytes: WireCodec<Uint8Array>;
  /** 32 bytes without a length. */
  readonly hash32: WireCodec<Uint8Array>;
  /** Null is none. */
  readonly option: <T>(inner: WireCodec<T>) => WireCodec<T | null>;
  readonly list: <T>(item: WireCodec<T>) => WireCodec<readonly T[]>;
  /** Fields in the order in which the object lists them. */
  readonly record: typeof record;
  /** No fields and no bytes: the payload of a bare variant. */
  readonly nothing: WireCodec<object>;
  /** An enum over a union by `kind`; the order of the object is the order of discriminants. */
  readonly tagged: typeof tagged;
  /** `map[string,string]`, sorted on writing. */
  readonly stringMap: WireCodec<ReadonlyMap<string, string>>;
} = {
  bool,
  u8,
  u16,
  u32,
  u64,
  i64,
  safeU64,
  f64,
  string,
  bytes,
  hash32,
  option,
  list,
  record,
  nothing,
  tagged,
  stringMap,
};
