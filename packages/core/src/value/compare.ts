// The total order of values, and the iteration order of maps and sets that follows from it
// (language 15.3). One file, since comparing maps iterates them and iterating compares keys.

import { assertNever } from "../result/result.ts";
import { compareBytes } from "./byte-order.ts";
import { Visit } from "./depth.ts";
import { RecordValue } from "./record.ts";
import { alphabetical } from "./shape-order.ts";
import { listItems, recordField } from "./slots.ts";
import { compareStrings } from "./string-order.ts";
import {
  Closure,
  Float,
  type MapEntry,
  MapValue,
  Opaque,
  SetValue,
  Some,
  Tuple,
  type Value,
} from "./value.ts";
import { VariantValue, variantParts } from "./variant.ts";

/**
 * Order of two values: negative, zero or positive. Null < Bool < numbers < String < Bytes < List <
 * Tuple < Set < Map < Record < Enum < Closure < Future and other references. A present option that
 * is a `Some` comes right after null. An Int is before an equal Float and NaN last, so zero means
 * equal except for -0.0 with 0.0, NaN with itself, and references of the same name.
 */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return compareAt(a, b, new Visit());
}

/** Order of two values on the way; where parts differ, the visit ends. */
function compareAt(a: Value, b: Value, visit: Visit): number {
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  const rank = rankOf(a);
  const difference = rank - rankOf(b);
  return difference !== 0 ? difference : compareSameRank(a, b, visit);
}

/** The entries in ascending total order of the keys. Valid until the next write to this map. */
export function mapEntries(map: MapValue): readonly MapEntry[] {
  map.sorted ??= sortEntries([...map.store.values()]);
  return map.sorted;
}

/** The members in ascending total order. Valid until the next write to this set. */
export function setItems(set: SetValue): readonly Value[] {
  set.sorted ??= [...set.store.values()].sort(compareValues);
  return set.sorted;
}

/**
 * Sorts in place. Text keys without units from U+D800 on, which are nearly all, sort by the order
 * of JavaScript, which then is that of scalar values and several times faster than ours.
 */
function sortEntries(entries: MapEntry[]): MapEntry[] {
  const isPlain = entries.every(({ key }) => typeof key === "string" && !HIGH_UNIT.test(key));
  if (!isPlain) return entries.sort(compareKeys);
  return entries.sort((a, b) => (String(a.key) < String(b.key) ? -1 : 1));
}

const HIGH_UNIT = /[\ud800-\uffff]/;

/** Order of two entries of one map. */
export function compareKeys(a: MapEntry, b: MapEntry): number {
  return compareValues(a.key, b.key);
}

const NULL = 0;
const SOME = 1;
const BOOL = 2;
const NUMBER = 3;
const STRING = 4;
const BYTES = 5;
const LIST = 6;
const TUPLE = 7;
const SET = 8;
const MAP = 9;
const RECORD = 10;
const ENUM = 11;
const CLOSURE = 12;
const REFERENCE = 13;

function rankOf(value: Value): number {
  if (value === null) return NULL;
  if (typeof value === "boolean") return BOOL;
  if (typeof value === "number" || typeof value === "bigint") return NUMBER;
  if (typeof value === "string") return STRING;
  if (value instanceof Float) return NUMBER;
  if (Array.isArray(value)) return LIST;
  if (value instanceof RecordValue) return RECORD;
  if (value instanceof VariantValue) return ENUM;
  if (value instanceof Tuple) return TUPLE;
  if (value instanceof Uint8Array) return BYTES;
  if (value instanceof MapValue) return MAP;
  if (value instanceof SetValue) return SET;
  if (value instanceof Some) return SOME;
  if (value instanceof Closure) return CLOSURE;
  if (value instanceof Opaque) return REFERENCE;
  return assertNever(value);
}

function compareSameRank(a: Value, b: Value, visit: Visit): number {
  if (a === b && typeof a !== "object") return 0;
  if (typeof a === "boolean") return a ? 1 : -1;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  visit.enter();
  const order = compareParts(a, b, visit);
  visit.leave();
  return order;
}

function compareParts(a: Value, b: Value, inner: Visit): number {
  if (Array.isArray(a) && Array.isArray(b)) return compareItems(listItems(a), listItems(b), inner);
  if (a instanceof RecordValue && b instanceof RecordValue) return compareRecords(a, b, inner);
  if (a instanceof VariantValue && b instanceof VariantValue) return compareVariants(a, b, inner);
  if (a instanceof Tuple && b instanceof Tuple) return compareItems(a.items, b.items, inner);
  if (a instanceof SetValue && b instanceof SetValue) {
    return a.store.size - b.store.size || compareItems(setItems(a), setItems(b), inner);
  }
  if (a instanceof MapValue && b instanceof MapValue) return compareMaps(a, b, inner);
  if (a instanceof Some && b instanceof Some) return compareAt(a.value, b.value, inner);
  if (a instanceof Closure && b instanceof Closure) {
    return compareStrings(a.name ?? "", b.name ?? "");
  }
  if (a instanceof Opaque && b instanceof Opaque) {
    return compareStrings(a.kind, b.kind) || compareStrings(a.display, b.display);
  }
  return 0;
}

function isNumber(value: Value): value is number | bigint | Float {
  return typeof value === "number" || typeof value === "bigint" || value instanceof Float;
}

/** Exact: JavaScript compares a bigint with a double by their mathematical values. */
function compareNumbers(a: number | bigint | Float, b: number | bigint | Float): number {
  const left = a instanceof Float ? a.value : a;
  const right = b instanceof Float ? b.value : b;
  if (left < right) return -1;
  if (left > right) return 1;
  const nanDifference = Number(isNan(left)) - Number(isNan(right));
  if (nanDifference !== 0) return nanDifference;
  return Number(a instanceof Float) - Number(b instanceof Float);
}

function isNan(value: number | bigint): boolean {
  return typeof value === "number" && Number.isNaN(value);
}

function compareItems(a: readonly Value[], b: readonly Value[], visit: Visit): number {
  const count = Math.min(a.length, b.length);
  visit.pass(count);
  for (let i = 0; i < count; i += 1) {
    const order = compareAt(a[i] ?? null, b[i] ?? null, visit);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareRecords(a: RecordValue, b: RecordValue, visit: Visit): number {
  if (a.shape !== b.shape && a.shape.name !== b.shape.name) {
    return compareStrings(a.shape.name, b.shape.name);
  }
  const left = alphabetical(a.shape);
  const right = alphabetical(b.shape);
  const count = Math.min(left.length, right.length);
  for (let i = 0; i < count; i += 1) {
    const at = left[i] ?? 0;
    const other = right[i] ?? 0;
    const byName =
      a.shape === b.shape
        ? 0
        : compareStrings(a.shape.fields[at] ?? "", b.shape.fields[other] ?? "");
    const order = byName || compareAt(recordField(a, at), recordField(b, other), visit);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareVariants(a: VariantValue, b: VariantValue, visit: Visit): number {
  const byEnum =
    a.variant.shape === b.variant.shape
      ? 0
      : compareStrings(a.variant.shape.name, b.variant.shape.name);
  return (
    byEnum || a.variant.tag - b.variant.tag || compareItems(variantParts(a), variantParts(b), visit)
  );
}

/** By the sequence of keys, then by the sequence of values. */
function compareMaps(a: MapValue, b: MapValue, visit: Visit): number {
  const left = mapEntries(a);
  const right = mapEntries(b);
  const count = Math.min(left.length, right.length);
  visit.pass(count);
  for (let i = 0; i < count; i += 1) {
    const order = compareAt(left[i]?.key ?? null, right[i]?.key ?? null, visit);
    if (order !== 0) return order;
  }
  if (left.length !== right.length) return left.length - right.length;
  for (let i = 0; i < count; i += 1) {
    const order = compareAt(left[i]?.value ?? null, right[i]?.value ?? null, visit);
    if (order !== 0) return order;
  }
  return 0;
}
