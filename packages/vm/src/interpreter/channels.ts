// Channels (language 13.4). Values are handed from sender to receiver; who waits longest is first.

import { required } from "@lumen/core/result";
import { share, type Value } from "@lumen/core/value";
import type { Fiber } from "../machine/fiber.ts";
import { type Channel, SENT_BYTES, type Sent } from "../machine/tasks.ts";
import { boxBytes } from "../memory.ts";
import { runtimeTrap } from "../trap.ts";
import type { Core } from "./core.ts";
import { endIteration } from "./exits.ts";
import { stopIfCancelled, wakeAll } from "./wait.ts";

/** Opcode number of `iter_next`, which waits for a value like a call of `recv`. */
const ITER_NEXT = 133;

/** What a receiver gets. */
export type Received =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "closed" }
  | { readonly kind: "wait" };

/** The next value; otherwise the fiber waits for it, and gets it where its instruction stands. */
export function receive(core: Core, fiber: Fiber, channel: Channel): Received {
  stopIfCancelled(fiber);
  const received = tryReceive(core, channel);
  if (received.kind !== "wait") return received;
  channel.receivers.push(fiber);
  fiber.waiting = { kind: "channel", channel };
  return received;
}

/** The next value; `wait` where there is none yet. */
export function tryReceive(core: Core, channel: Channel): Received {
  const waiting = channel.senders.shift();
  if (waiting !== undefined) {
    channel.queue.push(waiting.sent);
    core.wake(waiting.fiber, { value: null, check: null });
  }
  const sent = channel.queue.shift();
  if (sent !== undefined) return { kind: "value", value: sent.value };
  return { kind: channel.closed === null ? "wait" : "closed" };
}

/** Sends, or makes the fiber wait for room: false. Faults on a closed channel. */
export function send(core: Core, fiber: Fiber, channel: Channel, value: Value): boolean {
  stopIfCancelled(fiber);
  const sent = trySend(core, channel, value);
  if (sent !== null) {
    channel.senders.push({ fiber, sent });
    fiber.waiting = { kind: "channel", channel };
    wakeAll(core, channel.watchers);
  }
  return sent === null;
}

/** Null: sent. Otherwise there is no room, and this is what to send later. */
export function trySend(core: Core, channel: Channel, value: Value): Sent | null {
  if (channel.closed !== null) throw runtimeTrap("send on closed channel");
  core.memory.charge(SENT_BYTES + (typeof value === "string" ? 0 : boxBytes(value)));
  const sent = { value: share(value), order: core.nextOrder() };
  const receiver = channel.receivers.shift();
  if (receiver !== undefined) {
    core.wake(receiver, { value, check: null });
    return null;
  }
  if (channel.capacity !== null && channel.queue.length >= channel.capacity) return sent;
  channel.queue.push(sent);
  wakeAll(core, channel.watchers);
  return null;
}

/** Closes: who waits to receive gets nothing any more, who waits to send faults. */
export function closeChannel(core: Core, channel: Channel): void {
  if (channel.closed !== null) return;
  channel.closed = { order: core.nextOrder() };
  for (const { fiber } of channel.senders.drain()) {
    core.wake(fiber, runtimeTrap("send on closed channel"));
  }
  for (const fiber of channel.receivers.drain()) {
    const frame = required(fiber.frames.at(-1), "a fiber that receives has a frame");
    if (frame.words[frame.pc] !== ITER_NEXT) core.wake(fiber, { value: null, check: null });
    else {
      endIteration(frame);
      core.wake(fiber);
    }
  }
  wakeAll(core, channel.watchers);
}
