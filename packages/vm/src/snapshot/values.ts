// The values of a snapshot that stand in its table (formats 30): one row for each kind. A row names
// earlier rows only, so values hold no circles; those go through things.

import type { WireWriter } from "@lumen/core/encoding";
import { required } from "@lumen/core/result";
import {
  Closure,
  emptyMap,
  emptySet,
  floatList,
  type HashKey,
  hashKey,
  isList,
  isShared,
  type List,
  listItems,
  MapValue,
  makeList,
  makeRecord,
  makeVariant,
  mapSet,
  noteOf,
  Opaque,
  RecordValue,
  recordFields,
  SetValue,
  Some,
  setAdd,
  Tuple,
  type Value,
  ValueDepthError,
  VariantValue,
  variantParts,
} from "@lumen/core/value";
import { closureCell, isMachineClosure, makeClosure } from "../link/closure-cell.ts";
import { HeapObject } from "../machine/heap-object.ts";
import { Task } from "../machine/tasks.ts";
import type { SnapshotReader } from "./reader.ts";
import { NotStorable } from "./snapshot-error.ts";
import { kindOf } from "./thing-kinds.ts";
import type { SnapshotWriter } from "./writer.ts";

/** Where a part of the value goes. */
type WritePart = (part: Value) => void;

interface NodeKind<T> {
  readonly is: (value: Value) => value is T & Value;
  /** What has to be in the table before. */
  readonly parts: (value: T) => readonly Value[];
  readonly write: (
    value: T,
    to: { readonly out: SnapshotWriter; readonly wire: WireWriter; readonly part: WritePart },
  ) => void;
  readonly read: (input: SnapshotReader) => Value;
}

const NO_PARTS: readonly Value[] = [];

function node<T>(kind: NodeKind<T>): NodeKind<T> {
  return kind;
}

function writeAll(wire: WireWriter, part: WritePart, parts: readonly Value[]): void {
  wire.varint(parts.length);
  for (const value of parts) part(value);
}

const TEXT = node<string>({
  is: (value) => typeof value === "string",
  parts: () => NO_PARTS,
  write: (value, { wire }) => wire.string(value),
  read: (input) => input.wire.string(),
});

const BYTES = node<Uint8Array>({
  is: (value) => value instanceof Uint8Array,
  parts: () => NO_PARTS,
  write: (value, { wire }) => wire.bytes(value),
  read: (input) => input.wire.bytes(),
});

const LIST = node<List>({
  is: (value): value is List => isList(value) && !value.floats,
  parts: listItems,
  write: (value, { wire, part }) => {
    wire.bool(isShared(value));
    writeAll(wire, part, listItems(value));
  },
  read: (input) => {
    const shared = input.wire.bool();
    const list = makeList(input.values());
    list.note = noteOf(shared);
    return list;
  },
});

/** A list whose items are the numbers inside Floats. */
const FLOAT_LIST = node<List>({
  is: (value): value is List => isList(value) && value.floats,
  parts: () => NO_PARTS,
  write: (value, { wire, part }) => {
    wire.bool(isShared(value));
    writeAll(wire, part, listItems(value));
  },
  read: (input) => {
    const shared = input.wire.bool();
    const at = input.wire.offset;
    const list = floatList(input.values());
    if (!list.floats) return input.fail("an item of a list of Floats is none", at);
    list.note = noteOf(shared);
    return list;
  },
});

const TUPLE = node<Tuple>({
  is: (value) => value instanceof Tuple,
  parts: (value) => value.items,
  write: (value, { wire, part }) => {
    wire.bool(isShared(value));
    writeAll(wire, part, value.items);
  },
  read: (input) => {
    const shared = input.wire.bool();
    return withSharing(new Tuple(input.values()), shared);
  },
});

const RECORD = node<RecordValue>({
  is: (value) => value instanceof RecordValue,
  parts: recordFields,
  write: (value, { out, wire, part }) => {
    wire.bool(isShared(value));
    wire.varint(out.shapeNumber(value.shape));
    writeAll(wire, part, recordFields(value));
  },
  read: (input) => {
    const shared = input.wire.bool();
    const at = input.wire.offset;
    const shape = input.shape();
    if (!("fields" in shape)) return input.fail("a record has the shape of an enum", at);
    const fields = input.values();
    if (fields.length !== shape.fields.length) return input.fail("a record lacks fields", at);
    return withSharing(makeRecord(shape, fields), shared);
  },
});

const VARIANT = node<VariantValue>({
  is: (value) => value instanceof VariantValue,
  parts: (value) => variantParts(value),
  write: (value, { out, wire, part }) => {
    wire.bool(isShared(value));
    wire.varint(out.shapeNumber(value.variant.shape));
    wire.varint(value.variant.tag);
    writeAll(wire, part, variantParts(value));
  },
  read: (input) => {
    const shared = input.wire.bool();
    const at = input.wire.offset;
    const shape = input.shape();
    if (!("variants" in shape)) return input.fail("a variant has the shape of a record", at);
    const tag = input.count();
    const payload = input.values();
    if (shape.variants[tag]?.arity !== payload.length) return input.fail("no such variant", at);
    return withSharing(makeVariant(shape, tag, payload), shared);
  },
});

const SOME = node<Some>({
  is: (value) => value instanceof Some,
  parts: (value) => [value.value],
  write: (value, { part }) => part(value.value),
  read: (input) => new Some(input.value()),
});

const MAP = node<MapValue>({
  is: (value) => value instanceof MapValue,
  parts: (value) => [...value.store.values()].flatMap((entry) => [entry.key, entry.value]),
  write: (value, { wire, part }) => {
    wire.bool(isShared(value));
    wire.varint(value.store.size);
    for (const entry of value.store.values()) {
      part(entry.key);
      part(entry.value);
    }
  },
  read: (input) => {
    const shared = input.wire.bool();
    const size = input.wire.count(2);
    const map = emptyMap();
    for (let i = 0; i < size; i += 1) {
      const at = input.wire.offset;
      const [key, value] = [input.keyValue(), input.value()];
      const hash = keyOf(input, key, at);
      if (map.store.has(hash)) return input.fail("a key stands twice in a map", at);
      mapSet(map, key, value, hash);
    }
    return withSharing(map, shared);
  },
});

const SET = node<SetValue>({
  is: (value) => value instanceof SetValue,
  parts: (value) => [...value.store.values()],
  write: (value, { wire, part }) => {
    wire.bool(isShared(value));
    writeAll(wire, part, [...value.store.values()]);
  },
  read: (input) => {
    const shared = input.wire.bool();
    const size = input.wire.count(1);
    const set = emptySet();
    for (let i = 0; i < size; i += 1) {
      const at = input.wire.offset;
      const item = input.keyValue();
      const hash = keyOf(input, item, at);
      if (set.store.has(hash)) return input.fail("a member stands twice in a set", at);
      setAdd(set, item, hash);
    }
    return withSharing(set, shared);
  },
});

const CLOSURE = node<Closure>({
  is: (value): value is Closure => value instanceof Closure && isMachineClosure(value),
  parts: (value) => value.captures,
  write: (value, { out, wire, part }) => {
    wire.varint(out.cellNumber(closureCell(value)));
    writeAll(wire, part, value.captures);
  },
  read: (input) => {
    const at = input.wire.offset;
    const cell = input.cell();
    const captures = input.values();
    if (cell.paramCount + captures.length > cell.lir.registers.length)
      return input.fail("a closure captures more than its cell has registers", at);
    return makeClosure(cell, captures);
  },
});

/** A future has one reference, which its task holds. */
const FUTURE = node<Opaque>({
  is: (value): value is Opaque =>
    value instanceof Opaque && value.target instanceof Task && value.target.future === value,
  parts: () => NO_PARTS,
  write: ({ target }, { out, wire }) => {
    if (target instanceof Task) wire.varint(out.numberOf("task", target));
  },
  read: (input) => input.future(),
});

const REFERENCE_TO_THING = node<Opaque>({
  is: (value): value is Opaque => value instanceof Opaque && value.target instanceof HeapObject,
  parts: () => NO_PARTS,
  write: ({ kind, display, target }, { out, wire }) => {
    wire.string(kind);
    wire.string(display);
    if (target instanceof HeapObject) wire.varint(out.numberOf(kindOf(target), target));
  },
  read: (input) => {
    const [kind, display] = [input.wire.string(), input.wire.string()];
    return new Opaque(kind, display, input.heapObject());
  },
});

/** A reference whose target is a value: TraceRef. */
const REFERENCE_TO_VALUE = node<Opaque>({
  is: (value): value is Opaque => value instanceof Opaque && value.target instanceof Tuple,
  parts: ({ target }) => (target instanceof Tuple ? [target] : NO_PARTS),
  write: ({ kind, display, target }, { wire, part }) => {
    wire.string(kind);
    wire.string(display);
    part(target instanceof Tuple ? target : null);
  },
  read: (input) => {
    const [kind, display] = [input.wire.string(), input.wire.string()];
    return new Opaque(kind, display, input.value());
  },
});

/** The kinds; the position is the tag. */
const NODES: readonly NodeKind<never>[] = [
  TEXT,
  BYTES,
  LIST,
  TUPLE,
  RECORD,
  VARIANT,
  SOME,
  MAP,
  SET,
  CLOSURE,
  FUTURE,
  REFERENCE_TO_THING,
  REFERENCE_TO_VALUE,
  FLOAT_LIST,
] as unknown as readonly NodeKind<never>[];

function tagOf(value: Value): number {
  const tag = NODES.findIndex((kind) => kind.is(value));
  if (tag >= 0) return tag;
  throw new NotStorable(value instanceof Opaque ? value.kind : "a value from elsewhere");
}

/** What has to be in the table before the value. */
export function partsToWrite(value: Value): readonly Value[] {
  return required(NODES[tagOf(value)], "the kind exists").parts(value as never);
}

/** The row of a value; `part` writes a reference. */
export function writeNode(
  out: SnapshotWriter,
  wire: WireWriter,
  value: Value,
  part: WritePart,
): void {
  const tag = tagOf(value);
  wire.u8(tag);
  required(NODES[tag], "the kind exists").write(value as never, { out, wire, part });
}

/** Reads a row. */
export function readNode(input: SnapshotReader): Value {
  const at = input.wire.offset;
  const kind = NODES[input.wire.u8()];
  return kind === undefined ? input.fail("there is no such kind of value", at) : kind.read(input);
}

function withSharing<T extends { note: number }>(value: T, shared: boolean): T {
  value.note = noteOf(shared);
  return value;
}

function keyOf(input: SnapshotReader, key: Value, at: number): HashKey {
  try {
    const hash = hashKey(key);
    return hash === undefined ? input.fail("a key of this kind cannot be", at) : hash;
  } catch (error) {
    if (error instanceof ValueDepthError) return input.fail("a key is nested too deeply", at);
    throw error;
  }
}
