// How fibers wait, and how they are told to stop (language 13.1, 13.3).

import type { Fiber, Watched } from "../machine/fiber.ts";
import type { Nursery, Task } from "../machine/tasks.ts";
import { CancelTrap } from "../trap.ts";
import type { Core } from "./core.ts";

/** The fiber waits until one of these changes; its instruction is then executed again. */
export function watch(fiber: Fiber, watched: readonly Watched[]): void {
  for (const { watchers } of watched) watchers.add(fiber);
  fiber.waiting = { kind: "change", watched };
}

/** Everyone who watches goes on, in the order in which they came. */
export function wakeAll(core: Core, watchers: Set<Fiber>): void {
  for (const fiber of [...watchers]) core.wake(fiber);
}

/** A place where cancellation takes effect: stops the task if it was told to stop. */
export function stopIfCancelled(fiber: Fiber): void {
  if (fiber.task?.cancelled !== true || fiber.stopped) return;
  fiber.stopped = true;
  throw new CancelTrap();
}

/**
 * Tells a task to stop. Where it waits it stops at once, unless it is on its way out already; else
 * it stops at its next wait.
 */
export function cancelTask(core: Core, task: Task): void {
  if (task.end !== null || task.cancelled) return;
  task.cancelled = true;
  const { fiber } = task;
  if (fiber.waiting === null || fiber.exiting) return;
  fiber.stopped = true;
  core.wake(fiber, new CancelTrap());
}

/** Tells all tasks of a nursery to stop; no more can be started. */
export function cancelNursery(core: Core, nursery: Nursery): void {
  nursery.cancelled = true;
  for (const task of [...nursery.pending]) cancelTask(core, task);
}
