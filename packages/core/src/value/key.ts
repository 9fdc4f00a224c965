// Keys of maps and members of sets as primitives that JavaScript can look up (language 15.3).

import { KEY_PARTS_MAX, Visit } from "./depth.ts";
import { RecordValue } from "./record.ts";
import { alphabetical } from "./shape-order.ts";
import { listItems, recordField } from "./slots.ts";
import { Float, type HashKey, MapValue, SetValue, Some, Tuple, type Value } from "./value.ts";
import { VariantValue, variantParts } from "./variant.ts";

/** Begins every composite key; no Lumen string holds a lone surrogate, so none collides. */
const COMPOSITE = "\ud800";

/**
 * The primitive that stands for a hashable value: equal exactly when the values are equal under
 * `==`, with NaN equal to itself. Undefined for values that are not hashable; null is the key of
 * null. A string is its own key.
 */
export function hashKey(value: Value): HashKey | undefined {
  if (typeof value !== "object") return typeof value === "bigint" ? numberKey(value) : value;
  if (value === null) return null;
  if (value instanceof Float) return value.value;
  const text = compositeKey(value, new Visit(KEY_PARTS_MAX));
  return text === null ? undefined : COMPOSITE + text;
}

/** An Int beyond 2^53 that a double holds exactly has the key of that double. */
function numberKey(value: bigint): number | bigint {
  const double = Number(value);
  return BigInt(double) === value ? double : value;
}

/** Self-delimiting text of a value within a key; null when it is not hashable. */
function partKey(value: Value, visit: Visit): string | null {
  switch (typeof value) {
    case "string":
      visit.passText(value.length);
      return textKey(value);
    case "number":
      return `n${value};`;
    case "bigint":
      return `n${numberKey(value)};`;
    case "boolean":
      return value ? "t" : "f";
    default:
      if (value === null) return "z";
      // Template text of -0 is "0", as equality wants.
      return value instanceof Float ? `n${value.value};` : compositeKey(value, visit);
  }
}

function compositeKey(
  value: Exclude<Value, null | string | number | bigint | boolean>,
  visit: Visit,
): string | null {
  visit.enter();
  const key = keyOfParts(value, visit);
  visit.leave();
  return key;
}

function keyOfParts(
  value: Exclude<Value, null | string | number | bigint | boolean>,
  inner: Visit,
): string | null {
  if (Array.isArray(value)) return itemsKey("l", listItems(value), inner);
  if (value instanceof Tuple) return itemsKey("u", value.items, inner);
  if (value instanceof RecordValue) return recordKey(value, inner);
  if (value instanceof VariantValue) {
    const variant = value.variant.shape.variants[value.variant.tag]?.name ?? "";
    return itemsKey(
      `v${textKey(value.variant.shape.name)}${textKey(variant)}`,
      variantParts(value),
      inner,
    );
  }
  if (value instanceof Uint8Array) return bytesKey(value, inner);
  if (value instanceof SetValue || value instanceof MapValue) inner.pass(value.store.size);
  if (value instanceof SetValue)
    return unorderedKey("S", value.store.values(), (item) => partKey(item, inner));
  if (value instanceof MapValue) {
    return unorderedKey("M", value.store.values(), (entry) =>
      joinKeys(partKey(entry.key, inner), partKey(entry.value, inner)),
    );
  }
  if (value instanceof Some) return joinKeys("o", partKey(value.value, inner));
  return null;
}

function textKey(text: string): string {
  return `s${text.length}:${text}`;
}

function joinKeys(first: string | null, second: string | null): string | null {
  return first === null || second === null ? null : first + second;
}

function itemsKey(prefix: string, items: readonly Value[], visit: Visit): string | null {
  visit.pass(items.length);
  let key = `${prefix}${items.length}:`;
  for (const item of items) {
    const part = partKey(item, visit);
    if (part === null) return null;
    key += part;
  }
  return key;
}

function recordKey(record: RecordValue, visit: Visit): string | null {
  let key = `r${textKey(record.shape.name)}${record.shape.fields.length}:`;
  for (const at of alphabetical(record.shape)) {
    const part = partKey(recordField(record, at), visit);
    if (part === null) return null;
    key += textKey(record.shape.fields[at] ?? "") + part;
  }
  return key;
}

/** Bytes that are made to text at a time. */
const PIECE = 4096;

function bytesKey(bytes: Uint8Array, visit: Visit): string {
  visit.passText(bytes.length);
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE)
    texts.push(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  return `b${bytes.length}:${texts.join("")}`;
}

/**
 * Parts sorted as texts. The total order will not do: of two equal sets one may hold 1 where the
 * other holds 1.0, which orders tuples around them differently.
 */
function unorderedKey<T>(
  prefix: string,
  items: Iterable<T>,
  toKey: (item: T) => string | null,
): string | null {
  const parts: string[] = [];
  for (const item of items) {
    const part = toKey(item);
    if (part === null) return null;
    parts.push(part);
  }
  return `${prefix}${parts.length}:${parts.sort().join("")}`;
}
