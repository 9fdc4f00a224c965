// What values weigh. The weights are ours, the same on every engine: 16 bytes per container, 8 per
// slot, 2 per UTF-16 unit, 16 per boxed number. A machine counts what it allocates; when the count
// passes its limit it measures what is still reachable and counts on from there.

import { assertNever } from "@lumen/core/result";
import {
  Closure,
  Float,
  MapValue,
  Opaque,
  RecordValue,
  SetValue,
  Some,
  Tuple,
  type Value,
  VariantValue,
} from "@lumen/core/value";
import { HeapObject } from "./machine/heap-object.ts";

/** Weight of a container without its slots. */
export const HEADER_BYTES: number = 16;
/** Weight of one slot: a register, an item, a field. */
export const SLOT_BYTES: number = 8;
/** Weight of a map entry or set member with its key. */
export const ENTRY_BYTES: number = 48;

/** Weight of a value without its parts. O(1). */
export function shallowBytes(value: Value): number {
  if (typeof value === "string") return HEADER_BYTES + 2 * value.length;
  if (typeof value === "bigint") return HEADER_BYTES;
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return HEADER_BYTES + SLOT_BYTES * value.length;
  if (value instanceof Float || value instanceof Some || value instanceof Opaque) {
    return HEADER_BYTES;
  }
  if (value instanceof Tuple) return HEADER_BYTES + SLOT_BYTES * value.items.length;
  if (value instanceof RecordValue) return HEADER_BYTES + SLOT_BYTES * value.fields.length;
  if (value instanceof VariantValue) return HEADER_BYTES + SLOT_BYTES * value.payload.length;
  if (value instanceof Uint8Array) return HEADER_BYTES + value.length;
  if (value instanceof MapValue || value instanceof SetValue) {
    return HEADER_BYTES + ENTRY_BYTES * value.store.size;
  }
  if (value instanceof Closure) return HEADER_BYTES + SLOT_BYTES * value.captures.length;
  return assertNever(value);
}

/** Weight of everything that the roots reach, each object once. Stops counting above `bytesMax`. */
export function reachableBytes(roots: Iterable<readonly Value[]>, bytesMax: number): number {
  const seen = new Set<object>();
  const pending: Value[] = [];
  let bytes = 0;
  for (const registers of roots) {
    bytes += HEADER_BYTES + SLOT_BYTES * registers.length;
    for (const value of registers) pending.push(value);
  }
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === "object" && value !== null) {
      if (seen.has(value)) continue;
      seen.add(value);
      for (const part of partsOf(value)) pending.push(part);
    }
    bytes += shallowBytes(value);
    if (bytes > bytesMax) return bytes;
  }
  return bytes;
}

const NO_PARTS: readonly Value[] = [];

function partsOf(
  value: Exclude<Value, null | boolean | number | bigint | string>,
): Iterable<Value> {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  if (value instanceof RecordValue) return value.fields;
  if (value instanceof VariantValue) return value.payload;
  if (value instanceof Closure) return value.captures;
  if (value instanceof Some) return [value.value];
  if (value instanceof SetValue) return value.store.values();
  if (value instanceof MapValue) return mapParts(value);
  if (value instanceof Opaque && value.target instanceof HeapObject)
    return value.target.reachable();
  return NO_PARTS;
}

function* mapParts(map: MapValue): Iterable<Value> {
  for (const { key, value } of map.store.values()) {
    yield key;
    yield value;
  }
}
