// Reading parts of values whose kinds are known at run time: index, slice, field, payload
// (language 7, 15.2).

import {
  isInt,
  isList,
  type List,
  listItem,
  listItems,
  listSlice,
  MapValue,
  mapGet,
  RecordValue,
  recordField,
  SetValue,
  scalarAt,
  scalarCount,
  scalarSlice,
  setItems,
  share,
  Tuple,
  typeName,
  type Value,
  VariantValue,
  variantPart,
} from "@lumen/core/value";
import type { Int } from "../arithmetic/int.ts";
import type { Memory } from "../machine/allocation.ts";
import { BUFFER_BYTES, listBytes } from "../memory.ts";
import { indexTrap, typeTrap } from "../trap.ts";
import { keyOf } from "./keys.ts";

/** Position of an index, where negative ones count from the end; out of bounds is a fault. */
export function position(index: Int, length: number, kind: string): number {
  const at = index < 0 ? Number(index) + length : Number(index);
  if (at < 0 || at >= length) throw indexTrap(index, kind, length);
  return at;
}

/** map[key], or null; not marked shared. */
export function mapAt(map: MapValue, key: Value): Value {
  keyOf(key);
  return mapGet(map, key) ?? null;
}

/** a[b] of any kinds. */
export function indexAny(value: Value, index: Value): Value {
  if (value === null) return null;
  if (value instanceof MapValue) return share(mapAt(value, index));
  if (value instanceof RecordValue) return typeof index === "string" ? fieldOf(value, index) : null;
  if (!isIndexable(value)) throw typeTrap(`cannot index ${typeName(value)}`);
  if (!isInt(index)) {
    throw typeTrap(`cannot index ${typeName(value)} with ${typeName(index)}`);
  }
  if (isList(value)) return share(listItem(value, position(index, value.length, "list")));
  if (value instanceof Tuple) {
    return share(value.items[position(index, value.items.length, "tuple")] ?? null);
  }
  if (value instanceof Uint8Array) return value[position(index, value.length, "bytes")] ?? null;
  if (value instanceof SetValue) {
    return share(setItems(value)[position(index, value.store.size, "set")] ?? null);
  }
  return scalarAt(value, position(index, scalarCount(value), "string")) ?? null;
}

function isIndexable(value: Value): value is string | Tuple | SetValue | Uint8Array | List {
  if (typeof value === "string" || isList(value)) return true;
  return value instanceof Tuple || value instanceof SetValue || value instanceof Uint8Array;
}

/** a[start..end], bounds clamped. */
export function sliceAny(
  value: Value,
  { start, end }: { readonly start: Value; readonly end: Value },
  memory: Memory,
): Value {
  const sliceable = typeof value === "string" || isList(value) || value instanceof Uint8Array;
  if (!sliceable) throw typeTrap(`cannot slice ${typeName(value)}`);
  if (!isInt(start) || !isInt(end)) {
    throw typeTrap(`cannot slice with ${typeName(start)}..${typeName(end)}`);
  }
  const count = typeof value === "string" ? scalarCount(value) : value.length;
  const from = clamp(start, count);
  const to = Math.max(from, clamp(end, count));
  if (typeof value === "string") return scalarSlice(value, from, to);
  memory.charge(value instanceof Uint8Array ? BUFFER_BYTES + to - from : listBytes(to - from));
  if (value instanceof Uint8Array) return value.slice(from, to);
  const part = listSlice(value, from, to);
  if (!part.floats) for (const item of listItems(part)) share(item);
  return part;
}

function clamp(value: Int, max: number): number {
  if (value <= 0) return 0;
  return value >= max ? max : Number(value);
}

/** Field or key of that name, null where the value is null or has none. */
export function fieldAny(value: Value, name: string): Value {
  if (value instanceof RecordValue) return fieldOf(value, name);
  if (value instanceof MapValue) return share(mapGet(value, name) ?? null);
  return null;
}

function fieldOf(record: RecordValue, name: string): Value {
  return share(recordField(record, record.shape.fields.indexOf(name)));
}

/** Payload component with that label or number, null where there is none. */
export function payloadAny(value: Value, name: string): Value {
  if (!(value instanceof VariantValue)) return null;
  const labels = value.variant.shape.variants[value.variant.tag]?.labels ?? [];
  const labelled = labels.indexOf(name);
  const at = labelled >= 0 ? labelled : /^\d+$/.test(name) ? Number(name) : -1;
  return share(at < 0 ? null : variantPart(value, at));
}
