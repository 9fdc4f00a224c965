// Types made of others by position: option, result, tuple, list, array, set, map
// (spec/formats.md 3.1, 4.1, 4.2).

import {
  checkCount,
  type Input,
  newOutput,
  type Output,
  readByte,
  readCount,
  readNarrow,
  undecodable,
  unencodable,
  writeByte,
  writeCount,
} from "./bytes.ts";
import { misuse } from "./misuse.ts";
import type { Order, Type } from "./type.ts";

/** Writes a part of a value, whose place is named where it does not fit. */
export function writePart<T>(
  output: Output,
  place: string | number,
  type: Type<T>,
  value: T,
): void {
  output.path.push(place);
  type.write(output, value);
  output.path.pop();
}

/** An optional T; wrapped where null is a T already, so that none stays another value. */
export type Option<T> = [null] extends [T]
  ? { readonly some: T } | null
  : [undefined] extends [T]
    ? { readonly some: T } | null
    : T | null;

/** `null` is none. An option of a type that has null or undefined holds `{ some: value }`. */
/* @__NO_SIDE_EFFECTS__ */
export function option<T>(type: Type<T>): Type<Option<T>> {
  const { order, nullable } = type;
  // Which of both forms it is, `nullable` says at run time and `Option` for the checker.
  const wrap = (value: T): Option<T> => (nullable ? { some: value } : value) as Option<T>;
  const unwrap = (value: Option<T>): T =>
    nullable ? (value as { readonly some: T }).some : (value as T);
  return {
    descriptor: { option: type.descriptor },
    bytesMin: 1,
    order:
      order === null
        ? null
        : (a, b) =>
            a === null || b === null
              ? Number(a !== null) - Number(b !== null)
              : order(unwrap(a), unwrap(b)),
    nullable: true,
    read: (input) => {
      const tag = readByte(input);
      if (tag > 1) undecodable("bad-option", input.at - 1);
      // None is null in both forms.
      return tag === 0 ? (null as Option<T>) : wrap(type.read(input));
    },
    write: (output, value) => {
      if (value === null) return writeByte(output, 0);
      if (nullable && (typeof value !== "object" || !("some" in value)))
        return unencodable(output, "null or { some: value }", value);
      writeByte(output, 1);
      type.write(output, unwrap(value));
    },
  };
}

/** What may fail, as a value. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** A result that holds a value. */
/* @__NO_SIDE_EFFECTS__ */
export function ok<const T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** A result that holds an error; returned by a tile, it is the failure of the tile. */
/* @__NO_SIDE_EFFECTS__ */
export function err<const E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/** Whether a value is a result, as {@link ok} and {@link err} make them. */
export function isResult(value: unknown): value is Result<unknown, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "ok" in value &&
    (value.ok === true ? "value" in value : value.ok === false && "error" in value)
  );
}

/* @__NO_SIDE_EFFECTS__ */
export function result<T, E>(value: Type<T>, error: Type<E>): Type<Result<T, E>> {
  const [first, second] = [value.order, error.order];
  return {
    descriptor: { result: [value.descriptor, error.descriptor] },
    bytesMin: 1 + Math.min(value.bytesMin, error.bytesMin),
    order:
      first === null || second === null
        ? null
        : (a, b) => {
            if (a.ok) return b.ok ? first(a.value, b.value) : -1;
            return b.ok ? 1 : second(a.error, b.error);
          },
    nullable: false,
    read: (input) => {
      const start = input.at;
      const tag = readNarrow(input, 5, 15);
      if (tag > 1) undecodable("bad-variant", start);
      return tag === 0 ? ok(value.read(input)) : err(error.read(input));
    },
    write: (output, written) => {
      if (!isResult(written)) return unencodable(output, "ok(value) or err(error)", written);
      writeByte(output, written.ok ? 0 : 1);
      if (written.ok) writePart(output, "value", value, written.value);
      else writePart(output, "error", error, written.error);
    },
  };
}

/** Types by position. */
export type Types = readonly Type<unknown>[];

/** The values of types by position. */
export type Items<D extends Types> = {
  readonly [K in keyof D]: D[K] extends Type<infer T> ? T : never;
};

/** A fixed number of values of their own types: a readonly array. */
/* @__NO_SIDE_EFFECTS__ */
export function tuple<const D extends Types>(...types: D): Type<Items<D>> {
  if (types.length === 0) misuse("E0806", "a tuple has at least one item", "Use `t.unit`.");
  return {
    descriptor: { tuple: types.map((type) => type.descriptor) },
    bytesMin: types.reduce((sum, type) => sum + type.bytesMin, 0),
    order: inOrder(types, (value, i) => value[i]),
    nullable: false,
    // One value of each type, which `Items` says in types.
    read: (input) => types.map((type) => type.read(input)) as unknown as Items<D>,
    write: (output, value) => {
      if (!Array.isArray(value) || value.length !== types.length)
        unencodable(output, `an array of ${types.length}`, value);
      types.forEach((type, i) => {
        writePart(output, i, type, value[i]);
      });
    },
  };
}

/** Part after part; null where a part has no order. */
export function inOrder<T>(
  types: Types,
  part: (value: T, index: number) => unknown,
): Order<T> | null {
  const orders = types.map((type) => type.order);
  if (orders.includes(null)) return null;
  return (a, b) => {
    for (const [i, order] of orders.entries()) {
      const sign = order === null ? 0 : order(part(a, i), part(b, i));
      if (sign !== 0) return sign;
    }
    return 0;
  };
}

function readItems<T>(input: Input, count: number, type: Type<T>): T[] {
  const items: T[] = [];
  for (let i = 0; i < count; i += 1) items.push(type.read(input));
  return items;
}

function writeItems<T>(output: Output, type: Type<T>, items: readonly T[]): void {
  for (const [i, item] of items.entries()) writePart(output, i, type, item);
}

function lexically<T>(order: Order<T> | null): Order<readonly T[]> | null {
  if (order === null) return null;
  return (a, b) => {
    for (const [i, x] of a.entries()) {
      if (i >= b.length) return 1;
      // Within the length of both.
      const sign = order(x, b[i] as T);
      if (sign !== 0) return sign;
    }
    return a.length - b.length;
  };
}

/** Any number of values: a readonly array. */
/* @__NO_SIDE_EFFECTS__ */
export function list<T>(type: Type<T>): Type<readonly T[]> {
  return {
    descriptor: { list: type.descriptor },
    bytesMin: 1,
    order: lexically(type.order),
    nullable: false,
    read: (input) => readItems(input, readCount(input, type.bytesMin), type),
    write: (output, value) => {
      if (!Array.isArray(value)) unencodable(output, "an array", value);
      writeCount(output, value.length);
      writeItems(output, type, value);
    },
  };
}

/** Exactly `length` values: a readonly array. */
/* @__NO_SIDE_EFFECTS__ */
export function array<T>(type: Type<T>, length: number): Type<readonly T[]> {
  if (!Number.isInteger(length) || length < 0)
    misuse("E0806", "the length of an array is an integer from 0");
  return {
    descriptor: { array: [type.descriptor, length] },
    bytesMin: type.bytesMin * length,
    order: lexically(type.order),
    nullable: false,
    read: (input) => {
      checkCount(input, length, type.bytesMin);
      return readItems(input, length, type);
    },
    write: (output, value) => {
      if (!Array.isArray(value) || value.length !== length)
        unencodable(output, `an array of ${length}`, value);
      writeItems(output, type, value);
    },
  };
}

function ordered<T>(type: Type<T>, role: string): Order<T> {
  return (
    type.order ??
    misuse("E0806", `${role} cannot hold floats, json, maps or sets: they have no order`)
  );
}

/** Ascending, without equal neighbours: what is canonical (spec/formats.md 4.2). */
function checkAscending(sign: number, what: "map" | "set", at: number): void {
  const unsorted = what === "map" ? "map-keys-not-ascending" : "set-not-ascending";
  if (sign > 0) undecodable(unsorted, at);
  if (sign === 0) undecodable(what === "map" ? "map-duplicate-key" : "set-duplicate", at);
}

/** Different values: a Set, read in ascending order and written in any. */
/* @__NO_SIDE_EFFECTS__ */
export function set<T>(type: Type<T>): Type<ReadonlySet<T>> {
  const order = ordered(type, "items of a set");
  return {
    descriptor: { set: type.descriptor },
    bytesMin: 1,
    order: null,
    nullable: false,
    read: (input) => {
      const items: T[] = [];
      for (let left = readCount(input, type.bytesMin); left > 0; left -= 1) {
        const start = input.at;
        const item = type.read(input);
        if (items.length > 0)
          checkAscending(order(items[items.length - 1] as T, item), "set", start);
        items.push(item);
      }
      return new Set(items);
    },
    write: (output, value) => {
      if (!(value instanceof Set)) unencodable(output, "a Set", value);
      const items = [...value];
      sort(output, items, { order, type, item: (x) => x });
      writeCount(output, items.length);
      writeItems(output, type, items);
    },
  };
}

/** A value for each of different keys: a Map, read in ascending order and written in any. */
/* @__NO_SIDE_EFFECTS__ */
export function map<K, V>(key: Type<K>, value: Type<V>): Type<ReadonlyMap<K, V>> {
  const order = ordered(key, "keys of a map");
  return {
    descriptor: { map: [key.descriptor, value.descriptor] },
    bytesMin: 1,
    order: null,
    nullable: false,
    read: (input) => {
      const entries: [K, V][] = [];
      for (let left = readCount(input, key.bytesMin + value.bytesMin); left > 0; left -= 1) {
        const start = input.at;
        const entry: [K, V] = [key.read(input), value.read(input)];
        const last = entries[entries.length - 1];
        if (last !== undefined) checkAscending(order(last[0], entry[0]), "map", start);
        entries.push(entry);
      }
      return new Map(entries);
    },
    write: (output, given) => {
      if (!(given instanceof Map)) unencodable(output, "a Map", given);
      const entries: [K, V][] = [...given];
      sort(output, entries, { order, type: key, item: (entry) => entry[0] });
      writeCount(output, entries.length);
      for (const [i, [k, v]] of entries.entries()) {
        writePart(output, `key ${i}`, key, k);
        writePart(output, `value ${i}`, value, v);
      }
    },
  };
}

/** Sorts what is unordered into canonical order; refuses wrong and equal items. */
function sort<X, T>(
  output: Output,
  entries: X[],
  by: {
    readonly order: Order<T>;
    readonly type: Type<T>;
    readonly item: (entry: X) => T;
  },
): void {
  const { order, type, item } = by;
  // Only values of the type have an order.
  for (const entry of entries) type.write({ ...newOutput(), path: output.path }, item(entry));
  entries.sort((a, b) => order(item(a), item(b)));
  for (const [i, entry] of entries.entries()) {
    const last = entries[i - 1];
    if (last !== undefined && i > 0 && order(item(last), item(entry)) === 0)
      unencodable(output, "different items", item(entry));
  }
}
