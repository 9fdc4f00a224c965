// Generators and deferred blocks (language 14, lir.md 6.3, 6.4).

import { assert } from "@lumen/core/result";
import { type Opaque, share, type Value } from "@lumen/core/value";
import { ChannelIterator, type IteratorState } from "../containers/iterators.ts";
import { DEFERRED_COUNT_MAX } from "../limits.ts";
import type { Fiber, Frame } from "../machine/fiber.ts";
import { GeneratorState } from "../machine/generator.ts";
import { ITEM_BYTES } from "../memory.ts";
import { memoryTrap, runtimeTrap } from "../trap.ts";
import { receive } from "./channels.ts";
import type { Core } from "./core.ts";
import { checkDepth, deliver, scopeOf, skip } from "./enter.ts";
import { endIteration, goOn } from "./exits.ts";
import { type ControlOperation, read, word } from "./handlers.ts";
import { stopIfCancelled } from "./wait.ts";

/** Words: target. */
export const defer: ControlOperation = (core, _fiber, frame) => {
  const { defers } = scopeOf(frame);
  if (defers.length >= DEFERRED_COUNT_MAX) throw memoryTrap();
  core.memory.charge(ITEM_BYTES);
  defers.push(word(frame, 2));
  skip(frame);
  return true;
};

/** The way out goes on. */
export const deferEnd: ControlOperation = (core, fiber) => goOn(core, fiber);

/** Words: value. The frames of the generator leave the stack, the consumer gets the item. */
export const yieldItem: ControlOperation = (_core, fiber, frame) => {
  stopIfCancelled(fiber);
  const value: Value = share(read(frame, 2));
  skip(frame);
  let lowest = fiber.frames.length - 1;
  while (fiber.frames[lowest]?.scope?.resumed === true) lowest -= 1;
  const generator = fiber.frames[lowest]?.scope?.generator ?? null;
  assert(generator !== null, "yield stands in a generator");
  generator.frames = fiber.frames.splice(lowest);
  return deliver(fiber, value);
};

/** `iter_next w r j` of an iterator whose items are not at hand: words w, iterator, target. */
export const nextItem: ControlOperation = (core, fiber, frame) => {
  const iterator = (read(frame, 3) as Opaque).target as IteratorState;
  if (iterator instanceof GeneratorState) return continueGenerator(fiber, frame, iterator);
  assert(iterator instanceof ChannelIterator, "an iterator is one of three kinds");
  return nextReceived(core, fiber, frame, iterator);
};

function continueGenerator(fiber: Fiber, frame: Frame, generator: GeneratorState): boolean {
  const { frames } = generator;
  if (frames === null) throw runtimeTrap("generator is already running");
  if (frames.length === 0) {
    endIteration(frame);
    return true;
  }
  checkDepth(fiber, frames.length);
  fiber.frames.push(...frames);
  generator.frames = null;
  return true;
}

function nextReceived(
  core: Core,
  fiber: Fiber,
  frame: Frame,
  { channel }: ChannelIterator,
): boolean {
  const received = receive(core, fiber, channel);
  if (received.kind === "value") return deliver(fiber, received.value);
  if (received.kind === "wait") return false;
  endIteration(frame);
  return true;
}
