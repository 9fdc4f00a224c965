// Compiled code as the interpreter sees it: how it is entered, and how it is left in the middle.
// A function that cannot go on notes its frame and returns `undefined`, and so does each function
// below it: the interpreter goes on from exactly there. (Exceptions would do the same, but engines
// optimise functions that catch them badly.)

import { Float, type Value } from "@lumen/core/value";
import type { LinkedCell } from "../link/program.ts";
import { Memory } from "../machine/allocation.ts";
import { frameBytes } from "../memory.ts";
import type { Rep } from "./reps.ts";
import type { NumericEngine } from "./wasm/engine.ts";

/** Calls that nest in compiled code, on the engine's own stack: the sum of their weights. */
export const DEPTH_MAX = 200;

/** Registers that make a call weigh one more. */
const REGISTERS_PER_WEIGHT = 32;

/** How many calls the call of a cell counts as: engines take room for each register. */
export function callWeight({ lir }: LinkedCell): number {
  return 1 + Math.floor(lir.registers.length / REGISTERS_PER_WEIGHT);
}

/**
 * Compiled code goes on while so much of the memory budget is left. It is more than the frames of
 * all calls that can nest in it weigh, which it need not count then.
 */
export const RESERVE_BYTES: number = DEPTH_MAX * frameBytes(REGISTERS_PER_WEIGHT - 1) + 2 ** 14;

/** When T2 is used: never, where it should pay, or wherever it can be. */
export type NumericSetting = "never" | "chosen" | "always";

/** How code of numbers is made. */
export interface NumericPlan {
  readonly numeric: NumericSetting;
  /** Where such code is made, the engine that is tried before WebAssembly: that is tier T3. */
  readonly native?: NumericEngine | undefined;
}

/** `limited` code stops at the end of the fuel, `fast` code only counts. */
export type Tier = "fast" | "limited";

/** What is compiled, and for which runs. */
export interface CodePlace {
  readonly cell: LinkedCell;
  readonly tier: Tier;
  /** The head of a loop; null: the whole cell. */
  readonly head: number | null;
}

/** A cell as compiled code, for runs with or without a limit of cycles. */
export interface FastCode {
  /**
   * Arguments in their representations, then how many calls may nest, this one included. The
   * result in its representation, or `undefined` where it was left, or did not begin.
   */
  readonly run: (...args: unknown[]) => unknown;
  readonly layout: Layout;
  /** Goes on where other code of T2 has noted the frame of this loop; null where nothing can. */
  readonly resume: ((depth: number) => unknown) | null;
  /** JavaScript is tier T1, WebAssembly T2, LLVM T3. */
  readonly engine: "js" | NumericEngine["name"];
  /** Why it is not of a higher tier; null where nobody asked, or there is none. */
  readonly reason: string | null;
  /** How often the interpreter called it. */
  entries: number;
  /** How often it was left for an instruction that only the interpreter knows. */
  exits: number;
  /** Cycles of all entries. */
  cycles: number;
}

/** Code that is left again and again before it has done much. */
export function isUseless({ entries, exits, cycles }: FastCode): boolean {
  return exits > 100 && cycles < 500 * entries;
}

/** A cell and how compiled code holds its registers. */
export interface Layout {
  readonly cell: LinkedCell;
  readonly reps: readonly Rep[];
  readonly result: Rep;
  /** What the call weighs that is not counted while its code runs; 0 for a loop of a frame. */
  readonly frameBytes: number;
}

/** Where a function was left. */
export interface LeftFrame {
  readonly layout: Layout;
  /** The next instruction; `~index` where its block is still to be charged. */
  readonly at: number;
  /** Registers that are still read, and what they hold. */
  readonly live: readonly number[];
  readonly values: readonly unknown[];
}

/** What compiled code shares with the machine that runs it; one machine runs at a time. */
export interface Context {
  cycles: number;
  fuel: number;
  memory: Memory;
  /** Whether code of tiers T2 and T3 is made. */
  numeric: NumericPlan;
  /** Calls of tiles are the interpreter's, which has somebody outside run them. */
  suspendTiles: boolean;
  /** Why code was left: an {@link Exit}, or what went wrong. */
  reason: unknown;
  /** Frames that were left, the innermost first. */
  left: LeftFrame[];
}

/** No code of numbers. */
export const NEVER_NUMERIC: NumericPlan = { numeric: "never" };

/** The context. */
export const CONTEXT: Context = {
  cycles: 0,
  fuel: Number.POSITIVE_INFINITY,
  memory: new Memory(0, () => ({ frames: [], bytes: 0 })),
  numeric: NEVER_NUMERIC,
  suspendTiles: false,
  reason: null,
  left: [],
};

/** A value in the representation of a register. */
export function unboxed(value: Value, rep: Rep): unknown {
  return rep === "float" && value instanceof Float ? value.value : value;
}

/** The value of a representation. */
export function boxed(raw: unknown, rep: Rep): Value {
  // Decoder: what compiled code holds in any other register is a value.
  return rep === "float" ? new Float(Number(raw)) : (raw as Value);
}
