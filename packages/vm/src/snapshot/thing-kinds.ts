// The kinds of things that a snapshot holds, by the classes of a machine.

import { InstanceState } from "../builtins/instances.ts";
import { ChannelIterator, IteratorState } from "../containers/iterators.ts";
import { Fiber, Frame } from "../machine/fiber.ts";
import { GeneratorState } from "../machine/generator.ts";
import { Channel, Nursery, Task } from "../machine/tasks.ts";
import { NotStorable } from "./snapshot-error.ts";

/** A class of things. */
export type ThingClass = abstract new (...args: never[]) => object;

/** Kinds with a class of their own. */
export type ClassKind =
  | "fiber"
  | "frame"
  | "task"
  | "nursery"
  | "channel"
  | "iterator"
  | "channel iterator"
  | "generator"
  | "instance";

/** Their classes. */
export const CLASSES: Readonly<Record<ClassKind, ThingClass>> = {
  fiber: Fiber,
  frame: Frame,
  task: Task,
  nursery: Nursery,
  channel: Channel,
  iterator: IteratorState,
  "channel iterator": ChannelIterator,
  generator: GeneratorState,
  instance: InstanceState,
};

/** Every kind: also registers and places, plain lists that frames share, and runs of tiles. */
export type ThingKind = ClassKind | "registers" | "places" | "recur";

/** The kind of an object that has a class of its own; no subclass counts as its parent. */
export function kindOf(object: object): ClassKind {
  for (const [kind, of] of Object.entries(CLASSES)) {
    if (object.constructor === of) return kind as ClassKind;
  }
  throw new NotStorable(object.constructor.name);
}
