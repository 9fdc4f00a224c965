// The one run-time representation of a Lumen value, shared by the VM, the codecs and the tools.
// Meaning: spec/language.md 15. Bytes: `encoding`. Order, equality, display: siblings of this file.
//
//   Null          null                    String   string without lone surrogates
//   Bool          boolean                 Bytes    Uint8Array, never written after creation
//   Int           number when it is a safe integer (never -0), else bigint
//   Float         Float, so that the Int 1 and the Float 1.0 differ in a slot of any type
//
// `mark` is a note of whoever walks over all values, so that each is met once without a set of the
// others: the VM writes the number of its walk. It means nothing to anybody else.
//
// Containers have value semantics by copy-on-write: whoever copies a reference calls `share`, and
// whoever writes asks `shared` first and copies when it is set. A fresh container is unshared.

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
  readonly value: number;
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
  shared: boolean;
  mark: number;
  /** Items may be the numbers inside Floats. */
  floats: boolean;
}

/** Turns a fresh array, which the caller gives away, into a list. */
export function makeList(items: Value[]): List {
  const list = items as unknown as List;
  list.shared = false;
  list.mark = 0;
  list.floats = false;
  return list;
}

/** A fixed number of components; also the payload of a variant with several. */
export class Tuple {
  readonly items: Value[];
  shared = false;
  mark = 0;
  constructor(items: Value[]) {
    this.items = items;
  }
}

/** Name and field names of a record type, fields in declaration order. */
export interface RecordShape {
  readonly name: string;
  readonly fields: readonly string[];
  /** By field: it may be the number inside a Float. Absent: none may. */
  readonly floats?: readonly boolean[];
}

/** A record; `fields[i]` belongs to `shape.fields[i]`. */
export class RecordValue {
  readonly shape: RecordShape;
  readonly fields: Slot[];
  shared = false;
  mark = 0;
  constructor(shape: RecordShape, fields: Value[]) {
    this.shape = shape;
    this.fields = fields as unknown[] as Slot[];
  }
}

/** One variant of an enum: `arity` payload components, each with a label or null. */
export interface VariantShape {
  readonly name: string;
  readonly arity: number;
  readonly labels: readonly (string | null)[];
}

/** Name and variants of an enum type, in declaration order: the position is the tag. */
export interface EnumShape {
  readonly name: string;
  readonly variants: readonly VariantShape[];
}

/** The parts of a variant after the second one, where there are none. */
const NO_REST: readonly Value[] = [];

/**
 * A variant. A payload type that is itself a tuple is one component holding a `Tuple`; a variant
 * with several components has several parts. The first two stand in the object itself: nearly all
 * variants have no more, and trees of them take half the memory.
 */
export class VariantValue {
  readonly shape: EnumShape;
  readonly tag: number;
  /** Null where there is no such component. */
  readonly first: Value;
  readonly second: Value;
  /** All components but the first two. */
  readonly rest: readonly Value[];
  shared = false;
  mark = 0;
  /** See {@link makeVariant}, which is for whoever has the parts in an array. */
  constructor(
    shape: EnumShape,
    tag: number,
    first: Value,
    second: Value,
    rest: readonly Value[] = NO_REST,
  ) {
    this.shape = shape;
    this.tag = tag;
    this.first = first;
    this.second = second;
    this.rest = rest;
  }

  /** One entry per component, in an array of its own. */
  get payload(): Value[] {
    switch (this.shape.variants[this.tag]?.arity) {
      case undefined:
      case 0:
        return [];
      case 1:
        return [this.first];
      default:
        return [this.first, this.second, ...this.rest];
    }
  }
}

/** The variant of that tag with as many parts as its shape says. */
export function makeVariant(
  shape: EnumShape,
  tag: number,
  payload: readonly Value[],
): VariantValue {
  const [first = null, second = null] = payload;
  const rest = payload.length > 2 ? payload.slice(2) : NO_REST;
  return new VariantValue(shape, tag, first, second, rest);
}

/** A component of a variant; null where there is none. */
export function variantPart({ first, second, rest }: VariantValue, index: number): Value {
  if (index === 0) return first;
  return index === 1 ? second : (rest[index - 2] ?? null);
}

/** The shape of `result[T, E]`: tag 0 is ok, tag 1 is err. */
export const RESULT_SHAPE: EnumShape = {
  name: "result",
  variants: [
    { name: "ok", arity: 1, labels: [null] },
    { name: "err", arity: 1, labels: [null] },
  ],
};

/** `ok(value)`. */
export function makeOk(value: Value): VariantValue {
  return new VariantValue(RESULT_SHAPE, 0, value, null);
}

/** `err(value)`. */
export function makeErr(value: Value): VariantValue {
  return new VariantValue(RESULT_SHAPE, 1, value, null);
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
  shared = false;
  mark = 0;
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
  shared = false;
  mark = 0;
  constructor(store: Map<HashKey, Value>, sorted: Value[] | null) {
    this.store = store;
    this.sorted = sorted;
  }
}

/** Notes that a second reference to a container may exist from now on. Returns its argument. */
export function share<T extends Value>(value: T): T {
  if (typeof value === "object" && value !== null) {
    const container = value as { shared?: boolean };
    if (container.shared === false) container.shared = true;
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
