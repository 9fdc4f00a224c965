// Assignment to a part of a value: `a.b[i].c = e` (language 6, lir.md 3). Each level is written in
// place when nobody else refers to it, else a copy of that level takes its place.

import {
  Float,
  isInt,
  isList,
  isShared,
  listItem,
  MapValue,
  makeRecord,
  mapGet,
  mapSet,
  RecordValue,
  recordField,
  recordFields,
  setListItem,
  share,
  Tuple,
  typeName,
  type Value,
  withRecordField,
} from "@lumen/core/value";
import type { Memory } from "../machine/allocation.ts";
import { itemBox, shallowBytes } from "../memory.ts";
import { typeTrap } from "../trap.ts";
import { position } from "./access.ts";
import { keyOf } from "./keys.ts";
import { copyList, slotBytes } from "./lists.ts";
import { chargeEntry } from "./tables.ts";

/** One step of a path, operands read. */
export type PlaceStep =
  | { readonly kind: "index"; readonly index: Value }
  | { readonly kind: "part"; readonly at: number }
  | { readonly kind: "named"; readonly name: string };

/**
 * The value with the part, which it takes over, at the path: the same object unless it is shared.
 * Every map key on the way but the last, every list index and every field must exist.
 */
export function setPlace(
  value: Value,
  path: readonly PlaceStep[],
  part: Value,
  memory: Memory,
): Value {
  return setAt(value, { path, part, memory }, 0);
}

interface Assignment {
  readonly path: readonly PlaceStep[];
  readonly part: Value;
  readonly memory: Memory;
}

function setAt(value: Value, x: Assignment, at: number): Value {
  const { path, part, memory } = x;
  const step = path[at];
  if (step === undefined) return part;
  const inner: Inner = { memory, set: (old) => setAt(old, x, at + 1) };
  if (step.kind === "index") return setIndex(value, step.index, inner);
  if (step.kind === "named") return setNamed(value, step.name, inner);
  if (value instanceof RecordValue) return setField(value, step.at, inner);
  if (value instanceof Tuple) return setComponent(value, step.at, inner);
  throw typeTrap(`cannot assign part ${step.at} of ${typeName(value)}`);
}

/** What becomes of the part at a step. */
interface Inner {
  readonly memory: Memory;
  readonly set: (old: Value) => Value;
}

function setIndex(value: Value, index: Value, inner: Inner): Value {
  if (value instanceof MapValue) return setEntry(value, index, inner);
  if (!isList(value)) throw typeTrap(`cannot assign by index on ${typeName(value)}`);
  if (!isInt(index)) throw typeTrap(`cannot index List with ${typeName(index)}`);
  const at = position(index, value.length, "list");
  const target = isShared(value) ? copyList(value, inner.memory) : value;
  const part = inner.set(listItem(target, at));
  inner.memory.charge(slotBytes(target, part));
  setListItem(target, at, part);
  return target;
}

/** Copies first where needed: copying shares the parts, which inner levels must see. */
function setEntry(map: MapValue, key: Value, inner: Inner): Value {
  const hash = keyOf(key);
  const old = mapGet(map, key) ?? null;
  if (isShared(map)) share(old);
  chargeEntry(map, hash, inner.memory);
  const part = inner.set(old);
  inner.memory.charge(itemBox(part));
  return mapSet(map, share(key), part, hash);
}

function setNamed(value: Value, name: string, inner: Inner): Value {
  if (value instanceof MapValue) return setEntry(value, name, inner);
  if (!(value instanceof RecordValue)) {
    throw typeTrap(`cannot assign field '${name}' on ${typeName(value)}`);
  }
  const at = value.shape.fields.indexOf(name);
  if (at < 0) throw typeTrap(`${typeName(value)} has no field '${name}'`);
  return setField(value, at, inner);
}

function setField(record: RecordValue, at: number, inner: Inner): Value {
  const target = isShared(record) ? copyRecord(record, inner.memory) : record;
  const part = inner.set(recordField(target, at));
  const isNumber = part instanceof Float && target.shape.floats?.[at] === true;
  inner.memory.charge(isNumber ? 0 : itemBox(part));
  return withRecordField(target, at, part);
}

function copyRecord(record: RecordValue, memory: Memory): RecordValue {
  memory.charge(shallowBytes(record));
  const values = recordFields(record).slice();
  for (const value of values) share(value);
  return makeRecord(record.shape, values);
}

function setComponent(tuple: Tuple, at: number, inner: Inner): Value {
  const target = isShared(tuple) ? copyTuple(tuple, inner.memory) : tuple;
  const part = inner.set(target.items[at] ?? null);
  inner.memory.charge(itemBox(part));
  target.items[at] = part;
  return target;
}

function copyTuple(tuple: Tuple, memory: Memory): Tuple {
  memory.charge(shallowBytes(tuple));
  for (const part of tuple.items) share(part);
  return new Tuple(tuple.items.slice());
}
