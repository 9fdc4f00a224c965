// `==` of the language: structural, Int and Float by number, NaN unequal to everything
// (language 15.3).

import { equalBytes } from "./byte-order.ts";
import { deeper } from "./depth.ts";
import { alphabetical } from "./shape-order.ts";
import {
  Float,
  MapValue,
  RecordValue,
  SetValue,
  Some,
  Tuple,
  type Value,
  VariantValue,
} from "./value.ts";

/** True when the values are equal. Different kinds are unequal; references compare by identity. */
export function equalValues(a: Value, b: Value): boolean {
  return equalAt(a, b, 0);
}

/** Equality of two values that are inside `depth` containers. */
function equalAt(a: Value, b: Value, depth: number): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return equalScalars(a, b);
  }
  if (a instanceof Float) return b instanceof Float && a.value === b.value;
  const inner = deeper(depth);
  if (Array.isArray(a)) return Array.isArray(b) && equalItems(a, b, inner);
  if (a instanceof RecordValue) return b instanceof RecordValue && equalRecords(a, b, inner);
  if (a instanceof VariantValue) return b instanceof VariantValue && equalVariants(a, b, inner);
  if (a instanceof Tuple) return b instanceof Tuple && equalItems(a.items, b.items, inner);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && equalBytes(a, b);
  if (a instanceof MapValue) return b instanceof MapValue && equalMaps(a, b, inner);
  if (a instanceof SetValue) return b instanceof SetValue && equalSets(a, b);
  if (a instanceof Some) return b instanceof Some && equalAt(a.value, b.value, inner);
  return a === b;
}

/** At least one side is no object. */
function equalScalars(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Float) return equalNumber(a.value, b);
  if (b instanceof Float) return equalNumber(b.value, a);
  return false;
}

/** A Float against an Int, exactly: JavaScript compares a bigint with a double mathematically. */
function equalNumber(float: number, other: Value): boolean {
  if (typeof other === "number") return float === other;
  return typeof other === "bigint" && Number.isInteger(float) && BigInt(float) === other;
}

function equalItems(a: readonly Value[], b: readonly Value[], depth: number): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) {
    if (!equalAt(a[i] ?? null, b[i] ?? null, depth)) return false;
  }
  return true;
}

function equalRecords(a: RecordValue, b: RecordValue, depth: number): boolean {
  if (a.shape === b.shape) return equalItems(a.fields, b.fields, depth);
  if (a.shape.name !== b.shape.name || a.fields.length !== b.fields.length) return false;
  const left = alphabetical(a.shape);
  const right = alphabetical(b.shape);
  return left.every((at, i) => {
    const other = right[i] ?? 0;
    if (a.shape.fields[at] !== b.shape.fields[other]) return false;
    return equalAt(a.fields[at] ?? null, b.fields[other] ?? null, depth);
  });
}

function equalVariants(a: VariantValue, b: VariantValue, depth: number): boolean {
  if (a.tag !== b.tag) return false;
  if (a.shape !== b.shape) {
    if (a.shape.name !== b.shape.name) return false;
    if (a.shape.variants[a.tag]?.name !== b.shape.variants[b.tag]?.name) return false;
  }
  return equalItems(a.payload, b.payload, depth);
}

function equalMaps(a: MapValue, b: MapValue, depth: number): boolean {
  if (a.store.size !== b.store.size) return false;
  for (const [hash, entry] of a.store) {
    const other = b.store.get(hash);
    if (other === undefined || !equalAt(entry.value, other.value, depth)) return false;
  }
  return true;
}

function equalSets(a: SetValue, b: SetValue): boolean {
  if (a.store.size !== b.store.size) return false;
  for (const hash of a.store.keys()) {
    if (!b.store.has(hash)) return false;
  }
  return true;
}
