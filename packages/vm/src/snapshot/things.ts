// The things of a snapshot (formats 30): what has identity, changes, and may refer to itself in a
// circle. One table with every class of them; each row names every field, in the order of writing.

import { isList, type List, Opaque, type Value } from "@lumen/core/value";
import type { InstanceState } from "../builtins/instances.ts";
import type { ChannelIterator, IteratorState } from "../containers/iterators.ts";
import { codeOf } from "../link/compile-cell.ts";
import type { Fiber, Frame, Recur } from "../machine/fiber.ts";
import type { GeneratorState } from "../machine/generator.ts";
import { Queue } from "../machine/queue.ts";
import { type Channel, futureText, type Nursery, type Sent, Task } from "../machine/tasks.ts";
import {
  bool,
  type Codec,
  count,
  type Fields,
  list,
  mapped,
  option,
  record,
  text,
} from "./codec.ts";
import {
  cell,
  event,
  fault,
  faultExit,
  firstCall,
  frames,
  ownCell,
  place,
  resultCheck,
  scope,
  sent,
  taskEnd,
  thing,
  value,
  values,
  waiting,
} from "./parts.ts";
import type { SnapshotReader } from "./reader.ts";
import { NotStorable } from "./snapshot-error.ts";
import { CLASSES, type ClassKind, type ThingKind } from "./thing-kinds.ts";
import type { SnapshotWriter } from "./writer.ts";

/** A kind of thing: how one is made before it is known what is in it, and how that is written. */
export interface ThingRow {
  readonly tag: number;
  /** Names of the fields that are written; none for lists. */
  readonly fields: readonly string[];
  readonly make: () => object;
  readonly write: (out: SnapshotWriter, object: object) => void;
  readonly fill: (input: SnapshotReader, object: object) => void;
}

/** Fields that follow from others. */
export const DERIVED: readonly string[] = ["words", "future", "live"];

type Derived = "words" | "future" | "live";
type IsMethod<T> = T extends (...args: never[]) => unknown ? true : false;
type Stored<T> = {
  [K in keyof T as IsMethod<T[K]> extends true ? never : Exclude<K, Derived | "readySince">]: T[K];
};

/** A row whose fields are those of the table; `derive` sets the fields that follow from them. */
function row<T extends object>(
  tag: number,
  make: () => object,
  fields: Fields<Stored<T>>,
  derive: (object: T) => object = () => ({}),
): ThingRow {
  const codec = record<Stored<T>>(fields);
  return {
    tag,
    fields: Object.keys(fields),
    make,
    write: (out, object) => codec.write(out, object as Stored<T>),
    fill: (input, object) => {
      Object.assign(object, codec.read(input));
      Object.assign(object, derive(object as T));
    },
  };
}

/** An object of a class whose fields are not set yet. */
function bare(kind: ClassKind): () => object {
  return () => Object.create(CLASSES[kind].prototype);
}

function queueOf<T>(inner: Codec<T>): Codec<Queue<T>> {
  return mapped<readonly T[], Queue<T>>(list(inner), {
    to: (queue) => [...queue],
    from: (items) => {
      const queue = new Queue<T>();
      for (const item of items) queue.push(item);
      return queue;
    },
  });
}

function setOf<T>(inner: Codec<T>): Codec<Set<T>> {
  return mapped<readonly T[], Set<T>>(list(inner), {
    to: (set) => [...set],
    from: (items) => new Set(items),
  });
}

const fiber: Codec<Fiber> = thing<Fiber>("fiber");

/** A capacity is any number: an Int beyond 2^53 is rounded. */
const capacity: Codec<number> = {
  write: (out, part) => out.wire.f64(part),
  read: (input) => input.wire.f64(),
  bytesMin: 8,
};

/** What an iterator goes through: a list, mostly one that is there in any case. */
const items: Codec<List> = {
  write: (out, part) => out.value(part),
  read: (input) => {
    const at = input.wire.offset;
    const found = input.value();
    return isList(found) ? found : input.fail("an iterator goes through a list", at);
  },
  bytesMin: 1,
};

const named: Codec<Map<string, Value>> = mapped<
  readonly { readonly name: string; readonly value: Value }[],
  Map<string, Value>
>(list(record({ name: text, value })), {
  to: (map) => {
    const task = map.get("task$");
    const isAlive =
      task instanceof Opaque && task.target instanceof Task && task.target.end === null;
    if (isAlive) throw new NotStorable("live actor");
    return [...map].map(([name, held]) => ({ name, value: held }));
  },
  from: (entries) => new Map(entries.map((entry) => [entry.name, entry.value])),
});

/** A list that frames share, filled in place. */
function shared(
  tag: number,
  write: (out: SnapshotWriter, list: readonly never[]) => void,
  read: (input: SnapshotReader) => readonly unknown[],
): ThingRow {
  return {
    tag,
    fields: [],
    make: () => [],
    write: (out, object) => write(out, object as readonly never[]),
    fill: (input, object) => {
      (object as unknown[]).push(...read(input));
    },
  };
}

const placeList = list(place);

/** All kinds. Tags are never used again for another. */
export const THINGS: Readonly<Record<ThingKind, ThingRow>> = {
  fiber: row<Fiber>(0, bare("fiber"), {
    task: option(thing<Task>("task")),
    frames: mapped(frames, { to: (part) => part, from: (part) => [...part] }),
    first: option(firstCall),
    waiting: option(waiting),
    event: option(event),
    exiting: bool,
    stopped: bool,
    result: option(record({ value })),
    failure: option(faultExit),
  }),
  frame: row<Frame>(
    1,
    bare("frame"),
    {
      cell: ownCell,
      registers: thing<Value[]>("registers"),
      pc: place,
      resultCheck: option(resultCheck),
      recur: option(thing<Recur>("recur")),
      scope: option(scope),
    },
    (frame) => ({ words: codeOf(frame.cell).words }),
  ),
  registers: shared(
    2,
    (out, part) => values.write(out, part),
    (input) => values.read(input),
  ),
  places: shared(
    3,
    (out, part) => {
      out.enterOwnerOf(part);
      placeList.write(out, part);
    },
    (input) => {
      input.enter(input.cell());
      return placeList.read(input);
    },
  ),
  recur: row<Recur>(4, () => ({}), { cell, bound: count, iteration: count }),
  task: row<Task>(
    5,
    () => {
      const task: object = Object.create(Task.prototype);
      return Object.assign(task, { future: new Opaque("Future", "", task) });
    },
    {
      id: count,
      nursery: option(thing<Nursery>("nursery")),
      fiber,
      end: option(taskEnd),
      cancelled: bool,
      watchers: setOf(fiber),
    },
    (task) => {
      task.future.display = futureText(task.id, task.end);
      return {};
    },
  ),
  nursery: row<Nursery>(6, bare("nursery"), {
    pending: setOf(thing<Task>("task")),
    failure: option(fault),
    closed: bool,
    cancelled: bool,
    watchers: setOf(fiber),
  }),
  channel: row<Channel>(7, bare("channel"), {
    capacity: option(capacity),
    queue: queueOf<Sent>(sent),
    senders: queueOf(record({ fiber, sent })),
    receivers: queueOf(fiber),
    closed: option(record({ order: count })),
    watchers: setOf(fiber),
  }),
  iterator: row<IteratorState>(8, bare("iterator"), { items, at: count }, () => ({ live: false })),
  "channel iterator": row<ChannelIterator>(
    9,
    bare("channel iterator"),
    { items, at: count, channel: thing<Channel>("channel") },
    () => ({ live: true }),
  ),
  generator: row<GeneratorState>(
    10,
    bare("generator"),
    { items, at: count, frames: option(frames) },
    () => ({ live: true }),
  ),
  instance: row<InstanceState>(11, bare("instance"), {
    values: named,
    number: count,
  }),
};

/** Kinds by tag. */
export const THING_KINDS: ReadonlyMap<number, ThingKind> = new Map(
  Object.entries(THINGS).map(([kind, { tag }]) => [tag, kind as ThingKind]),
);
