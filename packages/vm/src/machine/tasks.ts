// Futures, nurseries and channels as a machine holds them (language 13).

import type { Fault } from "@lumen/core/diagnostic";
import { Opaque, type Value } from "@lumen/core/value";
import { Fiber, type FirstCall } from "./fiber.ts";
import { HeapObject } from "./heap-object.ts";
import { Queue } from "./queue.ts";

/** Weight of a task with its fiber and its future, without frames. */
export const TASK_BYTES: number = 768;
/** Weight of a nursery or channel without what is in it. */
const HUB_BYTES = 640;
/** Weight of a value that waits in a channel. */
export const SENT_BYTES: number = 64;

/** How a task ended. `order` counts the ends of a machine, from 0. */
export type TaskEnd =
  | { readonly kind: "completed"; readonly value: Value; readonly order: number }
  | {
      readonly kind: "failed";
      readonly fault: Fault;
      readonly cancelled: boolean;
      readonly order: number;
    };

/** A task and its future, which are one thing. `end` is null while it is pending. */
export class Task extends HeapObject {
  /** From 1, in the order of spawning. */
  readonly id: number;
  readonly nursery: Nursery | null;
  readonly fiber: Fiber;
  /** The one reference to it. */
  readonly future: Opaque;
  end: TaskEnd | null = null;
  /** It is to stop at its next wait (language 13.3). */
  cancelled = false;
  /** Fibers to go on when it ends. */
  readonly watchers: Set<Fiber> = new Set();

  constructor(id: number, first: FirstCall | null, nursery: Nursery | null) {
    super();
    this.id = id;
    this.nursery = nursery;
    this.fiber = new Fiber(this, first);
    this.future = new Opaque("Future", futureText(id, null), this);
  }

  /** The task has ended; its watchers are for the caller to wake. */
  finish(end: TaskEnd): void {
    this.end = end;
    this.future.display = futureText(this.id, end);
  }

  override ownBytes(): number {
    return TASK_BYTES;
  }

  override *reachable(): Iterable<Value> {
    if (this.end?.kind === "completed") yield this.end.value;
  }
}

/** How a future is displayed. */
export function futureText(id: number, end: TaskEnd | null): string {
  const ended = end?.kind === "completed" ? "completed" : "error";
  return `<future:${id}:${end === null ? "pending" : ended}>`;
}

/** The tasks of a nursery block. */
export class Nursery extends HeapObject {
  /** Those that have not ended. */
  readonly pending: Set<Task> = new Set();
  /** The first error of a task that nobody cancelled. */
  failure: Fault | null = null;
  closed = false;
  cancelled = false;
  readonly watchers: Set<Fiber> = new Set();

  override ownBytes(): number {
    return HUB_BYTES;
  }

  override *reachable(): Iterable<Value> {
    for (const task of this.pending) yield task.future;
  }
}

/** A value in a channel. `order` says when it came, in the count of {@link TaskEnd}. */
export interface Sent {
  readonly value: Value;
  readonly order: number;
}

/** A channel; sender and receiver refer to it. */
export class Channel extends HeapObject {
  /** Null: unbounded. */
  readonly capacity: number | null;
  readonly queue: Queue<Sent> = new Queue();
  /** Senders that wait for room, with what they send. */
  readonly senders: Queue<{ readonly fiber: Fiber; readonly sent: Sent }> = new Queue();
  /** Receivers that wait for a value. */
  readonly receivers: Queue<Fiber> = new Queue();
  /** When it was closed. */
  closed: { readonly order: number } | null = null;
  /** Fibers that wait for it to have something, without taking it. */
  readonly watchers: Set<Fiber> = new Set();

  constructor(capacity: number | null) {
    super();
    this.capacity = capacity;
  }

  /** Since when a receiver would not wait, or null while it would. */
  get readySince(): number | null {
    const first = this.queue.first ?? this.senders.first?.sent ?? this.closed;
    return first?.order ?? null;
  }

  /** The fiber waits no longer. */
  forget(fiber: Fiber): void {
    this.senders.remove((sender) => sender.fiber === fiber);
    this.receivers.remove((receiver) => receiver === fiber);
  }

  override ownBytes(): number {
    return HUB_BYTES + SENT_BYTES * (this.queue.length + this.senders.length);
  }

  override *reachable(): Iterable<Value> {
    for (const sent of this.queue) yield sent.value;
    for (const sender of this.senders) yield sender.sent.value;
  }
}
