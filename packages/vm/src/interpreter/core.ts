// What the interpreter needs of the machine around it.

import type { Value } from "@lumen/core/value";
import type { LinkedCell } from "../link/program.ts";
import type { Memory } from "../machine/allocation.ts";
import type { Arrival, Fiber, FirstCall, Recur, ResultCheck } from "../machine/fiber.ts";
import type { Nursery, Task } from "../machine/tasks.ts";
import type { NumericPlan } from "../tiers/fast.ts";
import type { Trap } from "../trap.ts";

/** The machine as seen from inside. */
export interface Core {
  /** Cycles charged so far (lir.md 7). */
  cycles: number;
  /** Infinite where there is no limit. */
  readonly fuel: number;
  readonly memory: Memory;
  /** When code is compiled; null: never. */
  readonly compile: CompileSetting | null;
  /** What compiled code failed with, until the interpreter has noticed. */
  failure: { readonly error: unknown } | null;
  /** Calls of tiles leave the machine. */
  readonly suspendTiles: boolean;
  /** Makes the fiber wait for the door. */
  askDoor(fiber: Fiber, question: Question): void;
  /** Makes the fiber wait for a run of a tile. */
  requestTile(fiber: Fiber, call: TileCall): void;
  /** A new task at the end of the queue. */
  startTask(spawner: Fiber, first: FirstCall, nursery: Nursery | null): Task;
  /**
   * The fiber's wait is over: it joins the end of the queue. Then a trap is raised in it, or its
   * instruction is done with a value, or, without either, executed again.
   */
  wake(fiber: Fiber, event?: Trap | Arrival): void;
  /** The state of a process instance is another one now; `given` is what made it so. */
  stateMoved(
    fiber: Fiber,
    instance: Value,
    how: { readonly move: string; readonly given: Value },
  ): void;
  /** The number of the next end of a task or arrival in a channel. */
  nextOrder(): number;
}

/** What is compiled: cells after so many calls, loops after so many turns. */
export interface CompileSetting extends NumericPlan {
  readonly hotCalls: number;
  /** Of all loops, in one stretch of interpretation. */
  readonly hotTurns: number;
}

/** What a fiber wants to know from outside. Tools take one argument, their input. */
export interface Question {
  readonly target: /** Of a builtin: the compiler keeps it away from machines that have no door. */
    | { readonly kind: "builtin"; readonly effect: string; readonly operation: string }
    /** Of an effect that the program declares: without a door it is not handled. */
    | { readonly kind: "operation"; readonly effect: string; readonly operation: string }
    | { readonly kind: "tool"; readonly tool: string };
  readonly args: readonly Value[];
  /** A value that is the result whatever the answer holds. */
  readonly result: { readonly value: Value } | null;
}

/** A call of a tile that leaves the machine. */
export interface TileCall {
  readonly cell: LinkedCell;
  readonly args: readonly Value[];
  readonly recur: Recur | null;
  readonly resultCheck: ResultCheck | null;
}
