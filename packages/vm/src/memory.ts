// What values weigh. The weights are ours, the same on every engine, and a little above what
// engines take. A machine counts what it allocates; when the count passes its limit it measures
// what is still reachable and counts on from there.

import { assertNever } from "@lumen/core/result";
import {
  Closure,
  Float,
  type HashKey,
  isShared,
  listItems,
  MapValue,
  meet,
  Opaque,
  type RecordShape,
  RecordValue,
  recordFields,
  SetValue,
  Some,
  Tuple,
  type Value,
  VariantValue,
  variantParts,
} from "@lumen/core/value";
import { HeapObject } from "./machine/heap-object.ts";

/** Weight of a container without its parts. */
export const HEADER_BYTES: number = 96;
/** Weight of one slot: a register, a field, a component. */
export const SLOT_BYTES: number = 8;
/** Weight of an item of a list: lists grow by moving into larger ones, with both in memory. */
export const ITEM_BYTES: number = 24;
/** Weight of a map or set without its entries. */
export const TABLE_BYTES: number = 256;
/** Weight of a map entry with its key and value. */
export const ENTRY_BYTES: number = 112;
/** Weight of a set member. */
export const MEMBER_BYTES: number = 72;
/** Weight of a string without its text. */
export const TEXT_BYTES: number = 32;
/** Weight of Bytes without their content. */
export const BUFFER_BYTES: number = 208;
/** Weight of an object with a fixed number of parts: a Float, a reference. */
export const BOX_BYTES: number = 48;
/** Weight of an Int that has no place in a slot. */
export const INT_BYTES: number = 24;
/** Weight of the number in a field for a Float, besides its slot. */
export const FLOAT_FIELD_BYTES: number = 16;
/** Weight of a call without its registers. */
export const FRAME_BYTES: number = 192;

/** Engines give a list that grows room for at least this many items. */
const ITEMS_MIN = 8;

/** Weight of a list of that many items without what they refer to. */
export function listBytes(count: number): number {
  return HEADER_BYTES + ITEM_BYTES * Math.max(count, ITEMS_MIN);
}

/** Weight of a call of a cell with that many registers. */
export function frameBytes(registers: number): number {
  return FRAME_BYTES + SLOT_BYTES * registers;
}

/** Weight of a text of that many UTF-16 units. */
export function textBytes(units: number): number {
  return TEXT_BYTES + 2 * units;
}

/** Weight of a text; nothing where engines have one copy of it for all. */
export function ownTextBytes(text: string): number {
  return text.length <= 1 && text <= "\u00ff" ? 0 : textBytes(text.length);
}

/** Weight of a list of that many tuples of two. */
export function pairsBytes(count: number): number {
  return listBytes(count) + (HEADER_BYTES + 2 * SLOT_BYTES) * count;
}

/** Weight of the list of a text's scalar values; an engine has one copy of those up to U+00FF. */
export function scalarsBytes(text: string): number {
  let bytes = listBytes(text.length);
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0xff) bytes += TEXT_BYTES;
  return bytes;
}

/** Weight of a record of that shape without what it refers to. */
export function recordBytes({ fields, floats }: RecordShape): number {
  let bytes = HEADER_BYTES + SLOT_BYTES * fields.length;
  if (floats !== undefined) for (const isFloat of floats) if (isFloat) bytes += FLOAT_FIELD_BYTES;
  return bytes;
}

/** Weight of a value that has no parts; 0 for containers, and for what a slot holds by itself. */
export function boxBytes(value: Value): number {
  if (typeof value === "number") return (value | 0) === value ? 0 : INT_BYTES;
  if (typeof value === "bigint") return INT_BYTES;
  if (typeof value === "string") return ownTextBytes(value);
  return value instanceof Float ? BOX_BYTES : 0;
}

/** Weight of a fresh container without what it refers to, boxed numbers included. O(parts). */
export function builtBytes(value: Value): number {
  let bytes = shallowBytes(value);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return bytes;
  const parts = slotsOf(value) ?? [];
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] ?? null;
    if (typeof part !== "string") bytes += boxBytes(part);
  }
  return bytes;
}

/** What a builtin's result takes: nothing where it is the first argument, or a part of one. */
export function resultBytes(result: Value, args: readonly Value[]): number {
  const hasOthers =
    typeof result === "object" && result !== null && "note" in result && isShared(result);
  return result === args[0] || hasOthers ? 0 : builtBytes(result);
}

/** What a value takes as an item or part, besides its place; texts count where they are made. */
export function itemBox(item: Value): number {
  return typeof item === "string" ? 0 : boxBytes(item);
}

/** Weight of a value without its parts. O(1). */
export function shallowBytes(value: Value): number {
  if (typeof value !== "object" || value === null) return boxBytes(value);
  if (Array.isArray(value)) return listBytes(value.length);
  if (value instanceof Float || value instanceof Some) return BOX_BYTES;
  if (value instanceof Opaque)
    return BOX_BYTES + (value.target instanceof HeapObject ? value.target.ownBytes() : 0);
  if (value instanceof Tuple) return HEADER_BYTES + SLOT_BYTES * value.items.length;
  if (value instanceof RecordValue) return recordBytes(value.shape);
  if (value instanceof VariantValue) return HEADER_BYTES + SLOT_BYTES * partsOfVariant(value);
  if (value instanceof Uint8Array) return BUFFER_BYTES + value.length;
  if (value instanceof MapValue) return TABLE_BYTES + ENTRY_BYTES * value.store.size;
  if (value instanceof SetValue) return TABLE_BYTES + MEMBER_BYTES * value.store.size;
  if (value instanceof Closure) return HEADER_BYTES + SLOT_BYTES * value.captures.length;
  return assertNever(value);
}

function partsOfVariant({ variant: { shape, tag } }: VariantValue): number {
  return shape.variants[tag]?.arity ?? 0;
}

/** What a machine holds: frames by their values, and the weight of what else it keeps. */
export interface Held {
  readonly frames: Iterable<readonly Value[]>;
  readonly bytes: number;
}

/** Weight of everything that is held, each container once. Stops counting above `bytesMax`. */
export function heldBytes({ frames, bytes }: Held, bytesMax: number): number {
  const count = new Count(bytesMax);
  count.bytes = bytes;
  for (const values of frames) {
    count.bytes += FRAME_BYTES + SLOT_BYTES * values.length;
    count.reach(values);
  }
  return count.bytes;
}

/** Weight of a value with all its parts, each container once. */
export function valueBytes(value: Value): number {
  const count = new Count(Number.POSITIVE_INFINITY);
  count.reach([value]);
  return count.bytes;
}

/**
 * Numbers counts, over all machines: their values may be the same, those of constants for one, and
 * a value that has the mark of a count must not have it from another.
 */
let countsBegun = 0;

/** Where a walk stands in the parts of a container. */
type Cursor =
  | { readonly parts: readonly Value[]; at: number }
  | { readonly rest: Iterator<Value>; readonly parts: null };

/** One walk over what is reachable. A mark in each container says that it was met. */
class Count {
  bytes = 0;
  readonly #bytesMax: number;
  readonly #mark: number;
  /** As deep as the values nest: the walk must not take memory for their number. */
  readonly #open: Cursor[] = [];

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
    countsBegun += 1;
    this.#mark = countsBegun;
  }

  /** Counts values and all that they reach. */
  reach(values: readonly Value[]): void {
    this.#open.push({ parts: values, at: 0 });
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      if (this.bytes > this.#bytesMax) return;
      const inner = top.parts === null ? this.#drain(top.rest) : this.#scan(top.parts, top);
      // A place without parts to come is left at once: chains are as deep as they are long.
      if (inner === null || (top.parts !== null && top.at === top.parts.length)) this.#open.pop();
      if (inner !== null) this.#open.push(inner);
    }
  }

  /** Counts parts up to one that has parts of its own; null at the end. */
  #scan(parts: readonly Value[], place: { at: number }): Cursor | null {
    while (place.at < parts.length) {
      const value = parts[place.at] ?? null;
      place.at += 1;
      if (typeof value !== "object" || value === null) this.bytes += boxBytes(value);
      else {
        const inner = this.#meet(value);
        if (inner !== null) return inner;
      }
    }
    return null;
  }

  #drain(rest: Iterator<Value>): Cursor | null {
    for (let next = rest.next(); next.done !== true; next = rest.next()) {
      const { value } = next;
      if (typeof value !== "object" || value === null) this.bytes += boxBytes(value);
      else {
        const inner = this.#meet(value);
        if (inner !== null) return inner;
      }
    }
    return null;
  }

  #wasMet(value: Exclude<Reference, Float | Uint8Array>): boolean {
    if ("note" in value) return meet(value, this.#mark);
    if (value.mark === this.#mark) return true;
    value.mark = this.#mark;
    return false;
  }

  /** Counts an object; its parts, where it has some that were not met before. */
  #meet(value: Reference): Cursor | null {
    if (value instanceof Float || value instanceof Uint8Array) {
      this.bytes += shallowBytes(value);
      return null;
    }
    if (this.#wasMet(value)) return null;
    this.bytes += shallowBytes(value);
    if (value instanceof MapValue || value instanceof SetValue)
      return { parts: this.#scanTable(value), at: 0 };
    const parts = slotsOf(value);
    if (parts === null) return { rest: partsOf(value), parts: null };
    return parts.length === 0 ? null : { parts, at: 0 };
  }

  /** Counts what is simple in a map or set, and keys that are texts made for it; gives the rest. */
  #scanTable(table: MapValue | SetValue): readonly Value[] {
    const rest: Value[] = [];
    const meet = (part: Value): void => {
      if (typeof part === "object" && part !== null) rest.push(part);
      else this.bytes += boxBytes(part);
    };
    const meetKey = (hash: HashKey, key: Value): void => {
      if (typeof hash === "string" && typeof key !== "string") this.bytes += boxBytes(hash);
      meet(key);
    };
    if (table instanceof SetValue)
      table.store.forEach((item, hash) => {
        meetKey(hash, item);
      });
    else
      table.store.forEach((entry, hash) => {
        meetKey(hash, entry.key);
        meet(entry.value);
      });
    return rest;
  }
}

type Reference = Exclude<Value, null | boolean | number | bigint | string>;

/** The parts that a container has in slots; null where they stand elsewhere. */
function slotsOf(value: Reference): readonly Value[] | null {
  // Numbers weigh what their slots do.
  if (Array.isArray(value)) return value.floats ? NO_PARTS : listItems(value);
  if (value instanceof Tuple) return value.items;
  if (value instanceof RecordValue) return fieldsBesidesNumbers(value);
  if (value instanceof VariantValue) return variantParts(value);
  return value instanceof Closure ? value.captures : null;
}

const NO_PARTS: readonly Value[] = [];

function fieldsBesidesNumbers(record: RecordValue): readonly Value[] {
  const { floats } = record.shape;
  const values = recordFields(record);
  return floats === undefined ? values : values.filter((_, i) => floats[i] !== true);
}

/** The parts of a reference. */
function* partsOf(value: Reference): Generator<Value, undefined> {
  if (value instanceof Some) yield value.value;
  else if (value instanceof Opaque && value.target instanceof HeapObject)
    yield* value.target.reachable();
}
