// Wire form of `json`: the recursive enum of formats 3.3, over plain Lumen values.

import { compareValues, mapEntries } from "../value/compare.ts";
import { mapSet } from "../value/map.ts";
import { listItem } from "../value/slots.ts";
import { compareStrings } from "../value/string-order.ts";
import { Float, type List, MapValue, makeList, type Value } from "../value/value.ts";
import type { TypeCodec } from "./type-codec.ts";
import type { ValueReader } from "./value-reader.ts";
import type { ValueWriter } from "./value-writer.ts";

const NULL = 0;
const BOOL = 1;
const INT = 2;
const FLOAT = 3;
const STRING = 4;
const LIST = 5;
const OBJECT = 6;

const I64_MIN = -(1n << 63n);
const I64_MAX = (1n << 63n) - 1n;

/** Null, Bool, Int within i64, Float, String, lists of those, maps from String to those. */
export const JSON_CODEC: TypeCodec = {
  encode,
  decode,
  compare: compareValues,
  hasLanguageOrder: true,
};

/** Both the enum and the container that it holds count as a level of nesting (formats 3.3). */
function encode(writer: ValueWriter, value: Value): void {
  writer.enter();
  encodeVariant(writer, value);
  writer.leave();
}

function encodeVariant(writer: ValueWriter, value: Value): void {
  if (value === null) {
    writer.u8(NULL);
  } else if (typeof value === "boolean") {
    writer.u8(BOOL);
    writer.bool(value);
  } else if (typeof value === "number" || typeof value === "bigint") {
    if (value < I64_MIN || value > I64_MAX) writer.mismatch("json", value);
    writer.u8(INT);
    writer.i64(value);
  } else if (typeof value === "string") {
    writer.u8(STRING);
    encodeText(writer, value);
  } else if (value instanceof Float) {
    writer.u8(FLOAT);
    writer.f64(value.value);
  } else if (Array.isArray(value)) {
    writer.u8(LIST);
    encodeList(writer, value);
  } else if (value instanceof MapValue) {
    writer.u8(OBJECT);
    encodeObject(writer, value);
  } else {
    writer.mismatch("json", value);
  }
}

function encodeText(writer: ValueWriter, value: string): void {
  if (!writer.tryString(value)) writer.fail("the string has a lone surrogate");
}

function encodeList(writer: ValueWriter, list: List): void {
  writer.enter();
  writer.varint(list.length);
  for (let i = 0; i < list.length; i += 1) {
    writer.step(i);
    encode(writer, listItem(list, i));
  }
  writer.leave();
}

function encodeObject(writer: ValueWriter, map: MapValue): void {
  writer.enter();
  writer.varint(map.store.size);
  for (const entry of mapEntries(map)) {
    writer.step(entry);
    if (typeof entry.key !== "string") writer.mismatch("a string as the key", entry.key);
    encodeText(writer, entry.key);
    encode(writer, entry.value);
  }
  writer.leave();
}

function decode(reader: ValueReader): Value {
  const start = reader.offset;
  reader.enter();
  const value = decodeVariant(reader, reader.u32(), start);
  reader.leave();
  return value;
}

function decodeVariant(reader: ValueReader, discriminant: number, start: number): Value {
  switch (discriminant) {
    case NULL:
      return null;
    case BOOL:
      return reader.bool();
    case INT:
      return reader.i64();
    case FLOAT:
      return new Float(reader.f64());
    case STRING:
      return reader.string();
    case LIST:
      return decodeList(reader);
    case OBJECT:
      return decodeObject(reader);
    default:
      return reader.fail("bad-variant", start);
  }
}

function decodeList(reader: ValueReader): List {
  reader.enter();
  const items: Value[] = [];
  for (let left = reader.itemCount(1); left > 0; left -= 1) items.push(decode(reader));
  reader.leave();
  return makeList(items);
}

function decodeObject(reader: ValueReader): MapValue {
  reader.enter();
  const map = new MapValue(new Map(), []);
  let previous: string | null = null;
  for (let left = reader.itemCount(2); left > 0; left -= 1) {
    const start = reader.offset;
    const key = reader.string();
    const value = decode(reader);
    if (reader.strict && previous !== null) {
      const order = compareStrings(previous, key);
      if (order > 0) reader.fail("map-keys-not-ascending", start);
      if (order === 0) reader.fail("map-duplicate-key", start);
    }
    previous = key;
    mapSet(map, key, value);
  }
  reader.leave();
  return map;
}
