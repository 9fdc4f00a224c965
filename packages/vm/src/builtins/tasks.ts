// Builtins of tasks, channels and nurseries (language 13), which the machine answers with the fiber
// at hand: they may make it wait.

import { BUILTINS, type MachineBuiltinName } from "@lumen/core/builtins";
import {
  isInt,
  isList,
  listItems,
  makeErr,
  makeOk,
  Opaque,
  Tuple,
  type Value,
} from "@lumen/core/value";
import { calledClosure } from "../interpreter/calls.ts";
import { closeChannel, receive, send, tryReceive, trySend } from "../interpreter/channels.ts";
import type { Core } from "../interpreter/core.ts";
import { openNurseryOf } from "../interpreter/tasks.ts";
import { cancelNursery, cancelTask, stopIfCancelled, watch } from "../interpreter/wait.ts";
import type { Fiber, Watched } from "../machine/fiber.ts";
import { Channel, Nursery, Task } from "../machine/tasks.ts";
import { runtimeTrap } from "../trap.ts";
import { arg, textArg, wrongKind } from "./native.ts";

/**
 * Answers a call. Undefined: the fiber waits, and either the call is made again, or its result is
 * put where the call stands.
 */
export type MachineBuiltin = (
  core: Core,
  fiber: Fiber,
  args: readonly Value[],
) => Value | undefined;

/** The builtins that the machine answers; a row without one does not compile. */
const MACHINE_BUILTINS: Readonly<Record<MachineBuiltinName, MachineBuiltin>> = {
  cancelled: (_core, fiber) => fiber.task?.cancelled === true,
  await_any$: (_core, fiber, args) => awaitAny(fiber, arg(args, 0)),
  settled$: (_core, _fiber, args) => taskArg("settled", args).end !== null,
  outcome$: (_core, fiber, args) => outcomeOf(fiber, taskArg("outcome", args)),
  cancel$: (core, _fiber, args) => {
    cancelTask(core, taskArg("cancel", args));
    return null;
  },
  future_id$: (_core, _fiber, args) => taskArg("future_id", args).id,
  channel$: (core, _fiber, args) => makeChannel(core, arg(args, 0)),
  chan_send$: (core, fiber, args) => {
    const channel = channelArg("send", "Sender", args);
    return send(core, fiber, channel, arg(args, 1)) ? null : undefined;
  },
  chan_try_send$: (core, _fiber, args) =>
    trySend(core, channelArg("try_send", "Sender", args), arg(args, 1)) === null,
  chan_recv$: (core, fiber, args) => {
    const received = receive(core, fiber, channelArg("recv", "Receiver", args));
    if (received.kind === "wait") return undefined;
    return received.kind === "value" ? received.value : null;
  },
  chan_try_recv$: (core, _fiber, args) => {
    const received = tryReceive(core, channelArg("try_recv", "Receiver", args));
    return received.kind === "value" ? received.value : null;
  },
  chan_len$: (_core, _fiber, args) => channelArg("len", "Receiver", args).queue.length,
  chan_close$: (core, _fiber, args) => {
    closeChannel(core, channelArg("close", "Sender", args));
    return null;
  },
  state_moved$: (core, fiber, args) => {
    core.stateMoved(fiber, arg(args, 0), { move: textArg("state", args, 1), given: arg(args, 2) });
    return null;
  },
  nursery_spawn$: (core, fiber, args) => {
    const nursery = openNurseryOf(arg(args, 0));
    return core.startTask(fiber, calledClosure(arg(args, 1), []), nursery).future;
  },
  nursery_cancel$: (core, _fiber, args) => {
    const nursery = arg(args, 0);
    if (!(nursery instanceof Opaque && nursery.target instanceof Nursery)) {
      throw wrongKind("cancel", "Nursery", nursery);
    }
    cancelNursery(core, nursery.target);
    return null;
  },
};

/** The same by their number in LIR. */
export const MACHINE_BUILTINS_BY_NUMBER: ReadonlyMap<number, MachineBuiltin> = new Map(
  Object.entries<MachineBuiltin>(MACHINE_BUILTINS).map(([name, builtin]) => [
    BUILTINS[name as MachineBuiltinName].number,
    builtin,
  ]),
);

function taskArg(name: string, args: readonly Value[]): Task {
  const value = arg(args, 0);
  if (value instanceof Opaque && value.target instanceof Task) return value.target;
  throw wrongKind(name, "Future", value);
}

function channelArg(name: string, end: "Sender" | "Receiver", args: readonly Value[]): Channel {
  const value = arg(args, 0);
  if (value instanceof Opaque && value.kind === end && value.target instanceof Channel) {
    return value.target;
  }
  throw wrongKind(name, end, value);
}

/** ok of the value, or err of the message. Waits, and never faults but for its own cancellation. */
function outcomeOf(fiber: Fiber, task: Task): Value | undefined {
  stopIfCancelled(fiber);
  if (task.end === null) {
    watch(fiber, [task]);
    return undefined;
  }
  return task.end.kind === "completed" ? makeOk(task.end.value) : makeErr(task.end.fault.message);
}

/**
 * The index of what was first there: a task that ended, or a receiver that has something. Ties, one
 * thing that stands there twice, go to the first position.
 */
function awaitAny(fiber: Fiber, things: Value): number | undefined {
  stopIfCancelled(fiber);
  const watched: Watched[] = [];
  let first: { readonly index: number; readonly order: number } | null = null;
  for (const [index, value] of (isList(things) ? listItems(things) : []).entries()) {
    const target = value instanceof Opaque ? value.target : null;
    let order: number | null;
    if (target instanceof Task) order = target.end?.order ?? null;
    else if (target instanceof Channel) order = target.readySince;
    else throw wrongKind("await_any", "Future or Receiver", value);
    watched.push(target);
    if (order !== null && (first === null || order < first.order)) first = { index, order };
  }
  if (first !== null) return first.index;
  if (watched.length === 0) throw runtimeTrap("there is nothing to wait for");
  watch(fiber, watched);
  return undefined;
}

/** Sender and receiver of a new channel; a capacity below 0 is none. */
function makeChannel(core: Core, capacity: Value): Value {
  if (!isInt(capacity)) throw wrongKind("channel", "Int", capacity);
  const channel = new Channel(capacity < 0 ? null : Number(capacity));
  core.memory.charge(channel.ownBytes());
  return new Tuple([
    new Opaque("Sender", "<sender>", channel),
    new Opaque("Receiver", "<receiver>", channel),
  ]);
}
