// Codecs of the types made of other types without a name of their own: options, lists, arrays,
// sets, maps and tuples (formats 4.1, 4.2).

import { compareValues, mapEntries, setItems } from "../value/compare.ts";
import { mapSet } from "../value/map.ts";
import { setAdd } from "../value/set.ts";
import { listItems } from "../value/slots.ts";
import {
  type MapEntry,
  MapValue,
  makeList,
  SetValue,
  Some,
  Tuple,
  type Value,
} from "../value/value.ts";
import type { TypeCodec } from "./type-codec.ts";
import type { ValueReader } from "./value-reader.ts";
import type { ValueWriter } from "./value-writer.ts";

/** Facts about an item type that its codec cannot know by itself. */
export interface ItemType {
  readonly codec: TypeCodec;
  /** No value has fewer bytes. */
  readonly bytesMin: number;
  /** Text for messages. */
  readonly name: string;
}

/** `wraps`: the inner type has null among its values, so that a present option is a `Some`. */
export function optionCodec(inner: TypeCodec, args: { readonly wraps: boolean }): TypeCodec {
  const { wraps } = args;
  return {
    encode: (writer, value) => {
      writer.bool(value !== null);
      if (value === null) return;
      writer.enter();
      inner.encode(writer, wraps && value instanceof Some ? value.value : value);
      writer.leave();
    },
    decode: (reader) => {
      if (!reader.optionTag()) return null;
      reader.enter();
      const value = inner.decode(reader);
      reader.leave();
      return wraps ? new Some(value) : value;
    },
    compare: (a, b) => {
      if (a === null || b === null) return Number(a !== null) - Number(b !== null);
      return inner.compare(a instanceof Some ? a.value : a, b instanceof Some ? b.value : b);
    },
    hasLanguageOrder: inner.hasLanguageOrder,
  };
}

/** A list of any length. */
export function listCodec(item: ItemType): TypeCodec {
  const { codec, bytesMin } = item;
  return {
    encode: (writer, value) => {
      if (!Array.isArray(value)) return writer.mismatch(`list[${item.name}]`, value);
      writer.varint(value.length);
      if (bytesMin === 0) writer.addZeroSize(value.length);
      encodeItems(writer, codec, listItems(value));
    },
    decode: (reader) => decodeItems(reader, codec, reader.itemCount(bytesMin)),
    compare: itemsOrder(codec),
    hasLanguageOrder: codec.hasLanguageOrder,
  };
}

/** A list of exactly `count` items. */
export function arrayCodec(item: ItemType, count: number): TypeCodec {
  const { codec, bytesMin } = item;
  return {
    encode: (writer, value) => {
      if (!Array.isArray(value) || value.length !== count) {
        return writer.mismatch(`array[${item.name}, ${count}]`, value);
      }
      if (bytesMin === 0) writer.addZeroSize(count);
      encodeItems(writer, codec, listItems(value));
    },
    decode: (reader) => {
      reader.arrayCount(count, bytesMin);
      return decodeItems(reader, codec, count);
    },
    compare: itemsOrder(codec),
    hasLanguageOrder: codec.hasLanguageOrder,
  };
}

function encodeItems(writer: ValueWriter, codec: TypeCodec, items: readonly Value[]): void {
  writer.enter();
  for (let i = 0; i < items.length; i += 1) {
    writer.step(i);
    codec.encode(writer, items[i] ?? null);
  }
  writer.leave();
}

function decodeItems(reader: ValueReader, codec: TypeCodec, count: number): Value {
  reader.enter();
  const items: Value[] = [];
  for (let i = 0; i < count; i += 1) items.push(codec.decode(reader));
  reader.leave();
  return makeList(items);
}

type Order = (a: Value, b: Value) => number;

/** Lexicographic, a prefix first. */
function itemsOrder(codec: TypeCodec): Order {
  if (codec.hasLanguageOrder) return compareValues;
  return (a, b) => {
    const left = Array.isArray(a) ? listItems(a) : [];
    const right = Array.isArray(b) ? listItems(b) : [];
    const count = Math.min(left.length, right.length);
    for (let i = 0; i < count; i += 1) {
      const order = codec.compare(left[i] ?? null, right[i] ?? null);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  };
}

/** Compares parts one after the other, each with the order of its own type. */
export function partsOrder(
  codecs: readonly TypeCodec[],
): (a: readonly Value[], b: readonly Value[]) => number {
  return (a, b) => {
    for (let i = 0; i < codecs.length; i += 1) {
      const order = codecs[i]?.compare(a[i] ?? null, b[i] ?? null) ?? 0;
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** The parts of a tuple, record or payload. */
export function decodeParts(reader: ValueReader, codecs: readonly TypeCodec[]): Value[] {
  reader.enter();
  const parts = decodeFew(reader, codecs) ?? codecs.map((codec) => codec.decode(reader));
  reader.leave();
  return parts;
}

/** Literals take a quarter of the time and space of an array that grows, which starts with 17. */
function decodeFew(reader: ValueReader, codecs: readonly TypeCodec[]): Value[] | null {
  const first = codecs[0];
  const second = codecs[1];
  const third = codecs[2];
  if (first === undefined) return [];
  if (second === undefined) return [first.decode(reader)];
  if (third === undefined) return [first.decode(reader), second.decode(reader)];
  if (codecs.length > 3) return null;
  return [first.decode(reader), second.decode(reader), third.decode(reader)];
}

/** A fixed number of parts. */
export function tupleCodec(parts: readonly TypeCodec[], name: string): TypeCodec {
  const hasLanguageOrder = parts.every((part) => part.hasLanguageOrder);
  const order = partsOrder(parts);
  return {
    encode: (writer, value) => {
      if (!(value instanceof Tuple) || value.items.length !== parts.length) {
        return writer.mismatch(name, value);
      }
      writer.enter();
      for (let i = 0; i < parts.length; i += 1) {
        writer.step(i);
        parts[i]?.encode(writer, value.items[i] ?? null);
      }
      writer.leave();
    },
    decode: (reader) => new Tuple(decodeParts(reader, parts)),
    compare: (a, b) => {
      if (hasLanguageOrder || !(a instanceof Tuple) || !(b instanceof Tuple)) {
        return compareValues(a, b);
      }
      return order(a.items, b.items);
    },
    hasLanguageOrder,
  };
}

/** Items in wire order. Two that are one on the wire cannot be told apart by a reader. */
export function setCodec(item: ItemType): TypeCodec {
  const { codec, bytesMin } = item;
  return {
    encode: (writer, value) => {
      if (!(value instanceof SetValue)) return writer.mismatch(`set[${item.name}]`, value);
      const items = setItems(value);
      const sorted = codec.hasLanguageOrder ? items : [...items].sort(codec.compare);
      writer.varint(sorted.length);
      writer.enter();
      for (let i = 0; i < sorted.length; i += 1) {
        writer.step(i);
        const current = sorted[i] ?? null;
        codec.encode(writer, current);
        if (i > 0 && codec.compare(sorted[i - 1] ?? null, current) === 0) {
          writer.fail("the set holds this item twice");
        }
      }
      writer.leave();
    },
    decode: (reader) => {
      const count = reader.itemCount(bytesMin);
      reader.enter();
      const set = new SetValue(new Map(), codec.hasLanguageOrder ? [] : null);
      let previous: Value = null;
      for (let i = 0; i < count; i += 1) {
        const start = reader.offset;
        const current = codec.decode(reader);
        if (reader.strict && i > 0) {
          const order = codec.compare(previous, current);
          if (order > 0) reader.fail("set-not-ascending", start);
          if (order === 0) reader.fail("set-duplicate", start);
        }
        previous = current;
        setAdd(set, current);
      }
      reader.leave();
      return set;
    },
    compare: compareValues,
    hasLanguageOrder: false,
  };
}

/** Entries in wire order of their keys. */
export function mapCodec(key: ItemType, value: ItemType): TypeCodec {
  const bytesMin = key.bytesMin + value.bytesMin;
  return {
    encode: (writer, map) => {
      if (!(map instanceof MapValue))
        return writer.mismatch(`map[${key.name}, ${value.name}]`, map);
      encodeEntries(writer, key.codec, value.codec, map);
    },
    decode: (reader) => {
      const count = reader.itemCount(bytesMin);
      reader.enter();
      const map = new MapValue(new Map(), key.codec.hasLanguageOrder ? [] : null);
      let previous: Value = null;
      for (let i = 0; i < count; i += 1) {
        const start = reader.offset;
        const current = key.codec.decode(reader);
        const content = value.codec.decode(reader);
        if (reader.strict && i > 0) {
          const order = key.codec.compare(previous, current);
          if (order > 0) reader.fail("map-keys-not-ascending", start);
          if (order === 0) reader.fail("map-duplicate-key", start);
        }
        previous = current;
        mapSet(map, current, content);
      }
      reader.leave();
      return map;
    },
    compare: compareValues,
    hasLanguageOrder: false,
  };
}

function encodeEntries(writer: ValueWriter, key: TypeCodec, value: TypeCodec, map: MapValue): void {
  const entries = mapEntries(map);
  const sorted = key.hasLanguageOrder
    ? entries
    : [...entries].sort((a, b) => key.compare(a.key, b.key));
  writer.varint(sorted.length);
  writer.enter();
  let previous: MapEntry | null = null;
  for (const entry of sorted) {
    writer.step(entry);
    key.encode(writer, entry.key);
    if (previous !== null && key.compare(previous.key, entry.key) === 0) {
      writer.fail("the map holds this key twice");
    }
    value.encode(writer, entry.value);
    previous = entry;
  }
  writer.leave();
}
