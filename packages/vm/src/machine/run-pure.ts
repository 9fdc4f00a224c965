// Runs a pure cell to its end: how tiles are executed.

import type { Fault } from "@lumen/core/diagnostic";
import { assert } from "@lumen/core/result";
import type { Value } from "@lumen/core/value";
import type { LinkedProgram } from "../link/program.ts";
import { createMachine, type MachineOptions, type RunOptions } from "./machine.ts";

/** What a pure run took. */
interface PureCost {
  /** Charged until its end. */
  readonly cycles: number;
  /** In the weights of `memory.ts`; frames that were left are not in it. */
  readonly allocatedBytes: number;
}

/** How a pure run ended. */
export type PureOutcome = PureCost &
  ({ readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: Fault });

/** Limits of a pure run, and what is compiled in it, which changes no result. */
export interface PureLimits extends Pick<RunOptions, "compile"> {
  readonly fuel?: number;
  readonly memoryBytes?: number;
}

/** Runs a cell without a door, tiles that it calls in place. */
export function runPure(
  program: LinkedProgram,
  entry: { readonly module: string; readonly name: string },
  args: readonly Value[],
  limits: PureLimits = {},
): PureOutcome {
  const options: MachineOptions = { entry, args, ...limits, tiles: "inline", door: false };
  const first = createMachine(program, options);
  const once = first.run();
  // What compiled code holds weighs less than registers that nobody reads any more. Where that
  // could matter, the interpreter says what the outcome is, on every machine.
  const isFinal = !first.wasMeasured || limits.compile === null;
  const machine = isFinal ? first : createMachine(program, { ...options, compile: null });
  const state = isFinal ? once : machine.run();
  const { cycles, allocatedBytes } = machine;
  assert(state.kind !== "suspended", "a machine without door and outside tiles does not suspend");
  if (state.kind === "faulted") return { ok: false, fault: state.fault, cycles, allocatedBytes };
  return { ok: true, value: state.value, cycles, allocatedBytes };
}
