// The one run-time representation of a Lumen value, shared by the VM, the codecs and the tools.
// Meaning: spec/language.md 15. Bytes: `encoding`. Order, equality, display: siblings of this file.
//
//   Null          null                    String   string without lone surrogates
//   Bool          boolean                 Bytes    Uint8Array, never written after creation
//   Int           number when it is a safe integer (never -0), else bigint
//   Float         Float, so that the Int 1 and the Float 1.0 differ in a slot of any type
//
// Containers have value semantics by copy-on-write: whoever copies a reference calls `share`, and
// whoever writes asks `isShared` first and copies when it is. A fresh container is unshared.
//
// `note` is one word of each container. Its lowest bit says that it is shared; above it stands the
// number of the walk that met the container last, so that whoever walks over all values meets each
// once without a set of the others. What no bit says of closures, references and options, which
// are never written, is the `mark` of such a walk.

import type { RecordValue } from "./record.ts";
import type { VariantValue } from "./variant.ts";

/** Any Lumen value. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Uint8Array
  | List
  | Tuple
  | SetValue
  | MapValue
  | RecordValue
  | VariantValue
  | Some
  | Closure
  | Opaque;

/** IEEE double. Boxed, because an unboxed JavaScript number is an Int. */
export class Float {
  declare readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

declare const SLOT: unique symbol;

/** A place in a list or record: `slots.ts` alone reads and writes it. */
export interface Slot {
  readonly [SLOT]: true;
}

/** A list: a plain array that knows whether a second reference to it may exist. */
export interface List extends Array<Slot> {
  note: number;
  /** Items may be the numbers inside Floats. */
  floats: boolean;
}

/** Turns a fresh array, which the caller gives away, into a list. */
export function makeList(items: Value[]): List {
  const list = items as unknown as List;
  list.note = 0;
  list.floats = false;
  return list;
}

/** A fixed number of components; also the payload of a variant with several. */
export class Tuple {
  declare readonly items: Value[];
  declare note: number;
  constructor(items: Value[]) {
    this.items = items;
    this.note = 0;
  }
}

/**
 * A present option whose inner type can itself be null (`option[option[T]]`, `option[unit]`,
 * `option[json]`). Other options are the bare value or null. Lumen source never makes one, since
 * `T??` is `T?`; descriptors from elsewhere can.
 */
export class Some {
  readonly value: Value;
  mark = 0;
  constructor(value: Value) {
    this.value = value;
  }
}

/** A function value: the target is known to the machine that made it only. Identity is equality. */
export class Closure {
  readonly name: string | null;
  readonly target: unknown;
  readonly captures: readonly Value[];
  mark = 0;
  constructor(name: string | null, target: unknown, captures: readonly Value[]) {
    this.name = name;
    this.target = target;
    this.captures = captures;
  }
}

/** A reference to something that lives in a machine: future, generator, channel end, instance. */
export class Opaque {
  /** What `type_of` answers. */
  readonly kind: string;
  /** Written by the machine only, where the state of the thing is part of it. */
  display: string;
  readonly target: unknown;
  mark = 0;
  constructor(kind: string, display: string, target: unknown) {
    this.kind = kind;
    this.display = display;
    this.target = target;
  }
}

/** Key and value of one map entry. */
export interface MapEntry {
  readonly key: Value;
  readonly value: Value;
}

/**
 * Primitive that stands for a hashable value: equal under `==` (NaN equal to itself) exactly when
 * the values are. Made by `hashKey` in `key.ts`.
 */
export type HashKey = null | boolean | number | bigint | string;

/** An entry as its map has it, which alone writes it. */
export interface StoredEntry extends MapEntry {
  value: Value;
}

/** A map. Only `map.ts` touches the fields; iteration there is in ascending total order. */
export class MapValue {
  readonly store: Map<HashKey, StoredEntry>;
  /** Entries in ascending order, or null when they must be sorted again. */
  sorted: StoredEntry[] | null;
  note = 0;
  constructor(store: Map<HashKey, StoredEntry>, sorted: StoredEntry[] | null) {
    this.store = store;
    this.sorted = sorted;
  }
}

/** A set. Only `set.ts` touches the fields; iteration there is in ascending total order. */
export class SetValue {
  readonly store: Map<HashKey, Value>;
  /** Members in ascending order, or null when they must be sorted again. */
  sorted: Value[] | null;
  note = 0;
  constructor(store: Map<HashKey, Value>, sorted: Value[] | null) {
    this.store = store;
    this.sorted = sorted;
  }
}

/** Values whose parts may be written where nobody else has them. */
export type Container = List | Tuple | SetValue | MapValue | RecordValue | VariantValue;

/** The bit of a note that says that a container is shared. */
const SHARED = 1;

/** Whether a second reference to a container may exist. */
export function isShared(container: Container): boolean {
  return (container.note & SHARED) !== 0;
}

/** The note of a container that no walk has met. */
export function noteOf(isShared: boolean): number {
  return isShared ? SHARED : 0;
}

/** Whether the walk of that number has met a container; from now on it has. */
export function meet(container: Container, walk: number): boolean {
  const shared = container.note & SHARED;
  const note = 2 * walk + shared;
  if (container.note === note) return true;
  container.note = note;
  return false;
}

/** Notes that a second reference to a container may exist from now on. Returns its argument. */
export function share<T extends Value>(value: T): T {
  if (typeof value === "object" && value !== null) {
    const container = value as { note?: number };
    const { note } = container;
    if (note !== undefined && (note & SHARED) === 0) container.note = note + SHARED;
  }
  return value;
}

/** True for an Int in either form. */
export function isInt(value: Value): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** True for a List. */
export function isList(value: Value): value is List {
  return Array.isArray(value);
}

/** The Int of a bigint in the 64-bit signed or unsigned range: a number where that is safe. */
export function intFromBigint(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}
