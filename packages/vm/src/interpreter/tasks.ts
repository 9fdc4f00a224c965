// The instructions of tasks and nurseries (language 13.1, 13.3, lir.md 6.5).

import { assert, required } from "@lumen/core/result";
import {
  isList,
  listItems,
  MapValue,
  makeList,
  makeRecord,
  mapEntries,
  mapFromEntries,
  Opaque,
  RecordValue,
  recordFields,
  share,
  Tuple,
  type Value,
} from "@lumen/core/value";
import { Nursery, Task } from "../machine/tasks.ts";
import { runtimeTrap, Trap } from "../trap.ts";
import { castValue } from "../types/cast.ts";
import { calledClosure, gather } from "./calls.ts";
import { scopeOf, skip } from "./enter.ts";
import { type ControlOperation, read, word, write } from "./handlers.ts";
import { stopIfCancelled, watch } from "./wait.ts";

/** Words: w, function, count, arguments. */
export const spawn: ControlOperation = (core, fiber, frame) => {
  const args = gather(frame.words, frame.pc + 4, frame.registers);
  const call = calledClosure(read(frame, 3), args);
  return write(frame, core.startTask(fiber, call, null).future);
};

/** Words: w, value. Executed again after every wait, until nothing in it is pending. */
export const awaitValue: ControlOperation = (_core, fiber, frame) => {
  stopIfCancelled(fiber);
  const awaited = replaceFutures(read(frame, 3));
  if (awaited instanceof Task) {
    watch(fiber, [awaited]);
    return false;
  }
  const type = frame.cell.lir.registers[word(frame, 2)] ?? -1;
  return write(frame, share(castValue(awaited.value, frame.cell.module.cast, type)));
};

/**
 * The value with every future in it replaced by its value, or the first task that is pending.
 * Faults at the first that has failed. Sets hold none, since futures are no keys.
 */
function replaceFutures(value: Value): { readonly value: Value } | Task {
  if (value instanceof Opaque)
    return value.target instanceof Task ? ended(value.target) : { value };
  if (isList(value)) return replaceParts(listItems(value), value, makeList);
  if (value instanceof Tuple) return replaceParts(value.items, value, (x) => new Tuple(x));
  if (value instanceof RecordValue) {
    const { shape } = value;
    return replaceParts(recordFields(value), value, (x) => makeRecord(shape, x));
  }
  if (!(value instanceof MapValue)) return { value };
  const entries = mapEntries(value);
  return replaceParts(
    entries.map((entry) => entry.value),
    value,
    (x) => mapFromEntries(entries.map(({ key }, i) => ({ key: share(key), value: x[i] ?? null }))),
  );
}

/** Units of a message that are told on; of longer ones the end, where the cause stands. */
const MESSAGE_UNITS_MAX = 2000;
const MESSAGE_UNITS_KEPT = 1000;

/** Frames of a task that are told on, the innermost: tasks may wait for each other in chains. */
const INNER_FRAMES_MAX = 64;

function shortened(message: string): string {
  return message.length <= MESSAGE_UNITS_MAX ? message : `…${message.slice(-MESSAGE_UNITS_KEPT)}`;
}

function ended(task: Task): { readonly value: Value } | Task {
  if (task.end === null) return task;
  if (task.end.kind === "completed") return { value: share(task.end.value) };
  const { message, stack } = task.end.fault;
  const text = `runtime error: await failed for future ${task.id}: ${shortened(message)}`;
  throw new Trap("E_TRAP_OTHER", text, stack.slice(-INNER_FRAMES_MAX));
}

/** The whole as it is where no part changes. */
function replaceParts(
  parts: readonly Value[],
  whole: Value,
  remake: (parts: Value[]) => Value,
): { readonly value: Value } | Task {
  let changed: Value[] | null = null;
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] ?? null;
    const found = replaceFutures(part);
    if (found instanceof Task) return found;
    if (found.value !== part) changed ??= parts.slice();
    if (changed !== null) changed[i] = found.value;
  }
  if (changed === null) return { value: whole };
  for (const part of changed) share(part);
  return { value: remake(changed) };
}

/** Words: w. */
export const openNursery: ControlOperation = (core, _fiber, frame) => {
  const nursery = new Nursery();
  core.memory.charge(nursery.ownBytes());
  scopeOf(frame).contexts.push({ kind: "nursery", nursery, left: false });
  return write(frame, new Opaque("Nursery", "<nursery>", nursery));
};

/** Executed again until the last task has ended. */
export const endNursery: ControlOperation = (_core, fiber, frame) => {
  const { contexts } = required(frame.scope, "the frame has contexts");
  const context = contexts.at(-1);
  assert(context?.kind === "nursery", "nursery_end ends a nursery");
  const { nursery } = context;
  stopIfCancelled(fiber);
  if (nursery.pending.size > 0) {
    watch(fiber, [nursery]);
    return false;
  }
  contexts.pop();
  nursery.closed = true;
  if (nursery.failure !== null) {
    const { code, message, stack } = nursery.failure;
    throw new Trap(code, message, stack.slice(-INNER_FRAMES_MAX));
  }
  skip(frame);
  return true;
};

/** The nursery of a value; faults where it is none, or its block has ended. */
export function openNurseryOf(value: Value): Nursery {
  if (!(value instanceof Opaque && value.target instanceof Nursery)) {
    throw runtimeTrap("expected a nursery");
  }
  if (value.target.closed) throw runtimeTrap("nursery has ended");
  return value.target;
}
