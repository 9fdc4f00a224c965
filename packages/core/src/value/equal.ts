// `==` of the language: structural, Int and Float by number, NaN unequal to everything
// (language 15.3).

import { equalBytes } from "./byte-order.ts";
import { Visit } from "./depth.ts";
import { RecordValue } from "./record.ts";
import { alphabetical } from "./shape-order.ts";
import { listItems, recordField, recordFields } from "./slots.ts";
import { Float, MapValue, SetValue, Some, Tuple, type Value } from "./value.ts";
import { VariantValue, variantParts } from "./variant.ts";

/** True when the values are equal. Different kinds are unequal; references compare by identity. */
export function equalValues(a: Value, b: Value): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return equalScalars(a, b);
  }
  return equalAt(a, b, new Visit());
}

/** Equality of two values on the way; where parts differ, the visit ends. */
function equalAt(a: Value, b: Value, visit: Visit): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return equalScalars(a, b);
  }
  if (a instanceof Float) return b instanceof Float && a.value === b.value;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && equalBytes(a, b);
  visit.enter();
  const isEqual = equalParts(a, b, visit);
  visit.leave();
  return isEqual;
}

function equalParts(a: object & Value, b: object & Value, visit: Visit): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && equalItems(listItems(a), listItems(b), visit);
  if (a instanceof RecordValue) return b instanceof RecordValue && equalRecords(a, b, visit);
  if (a instanceof VariantValue) return b instanceof VariantValue && equalVariants(a, b, visit);
  if (a instanceof Tuple) return b instanceof Tuple && equalItems(a.items, b.items, visit);
  if (a instanceof MapValue) return b instanceof MapValue && equalMaps(a, b, visit);
  if (a instanceof SetValue) return b instanceof SetValue && equalSets(a, b);
  if (a instanceof Some) return b instanceof Some && equalAt(a.value, b.value, visit);
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

function equalItems(a: readonly Value[], b: readonly Value[], visit: Visit): boolean {
  if (a.length !== b.length) return false;
  visit.pass(a.length);
  for (let i = 0; i < a.length; i += 1) {
    if (!equalAt(a[i] ?? null, b[i] ?? null, visit)) return false;
  }
  return true;
}

function equalRecords(a: RecordValue, b: RecordValue, visit: Visit): boolean {
  if (a.shape === b.shape) return equalItems(recordFields(a), recordFields(b), visit);
  if (a.shape.name !== b.shape.name || a.shape.fields.length !== b.shape.fields.length)
    return false;
  const left = alphabetical(a.shape);
  const right = alphabetical(b.shape);
  return left.every((at, i) => {
    const other = right[i] ?? 0;
    if (a.shape.fields[at] !== b.shape.fields[other]) return false;
    return equalAt(recordField(a, at), recordField(b, other), visit);
  });
}

function equalVariants(a: VariantValue, b: VariantValue, visit: Visit): boolean {
  if (a.variant.tag !== b.variant.tag) return false;
  if (a.variant.shape !== b.variant.shape) {
    if (a.variant.shape.name !== b.variant.shape.name) return false;
    if (
      a.variant.shape.variants[a.variant.tag]?.name !==
      b.variant.shape.variants[b.variant.tag]?.name
    )
      return false;
  }
  return equalItems(variantParts(a), variantParts(b), visit);
}

function equalMaps(a: MapValue, b: MapValue, visit: Visit): boolean {
  if (a.store.size !== b.store.size) return false;
  visit.pass(a.store.size);
  for (const [hash, entry] of a.store) {
    const other = b.store.get(hash);
    if (other === undefined || !equalAt(entry.value, other.value, visit)) return false;
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
