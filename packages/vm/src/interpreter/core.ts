// What the interpreter needs of the machine around it.

import type { BuiltinName } from "@lumen/core/builtins";
import type { Value } from "@lumen/core/value";
import type { LinkedCell } from "../link/program.ts";
import type { Memory } from "../machine/allocation.ts";
import type { Fiber, Recur, ResultCheck } from "../machine/fiber.ts";

/** The machine as seen from inside. */
export interface Core {
  /** Cycles charged so far (lir.md 7). */
  cycles: number;
  /** Infinite where there is no limit. */
  readonly fuel: number;
  readonly memory: Memory;
  /** Calls of tiles leave the machine. */
  readonly suspendTiles: boolean;
  /** Makes the fiber wait for the door. */
  requestDoor(fiber: Fiber, builtin: BuiltinName, args: readonly Value[]): void;
  /** Makes the fiber wait for a run of a tile. */
  requestTile(fiber: Fiber, call: TileCall): void;
}

/** A call of a tile that leaves the machine. */
export interface TileCall {
  readonly cell: LinkedCell;
  readonly args: readonly Value[];
  readonly recur: Recur | null;
  readonly resultCheck: ResultCheck | null;
}
