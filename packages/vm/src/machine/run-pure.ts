// Runs a pure cell to its end: how tiles are executed.

import type { Fault } from "@lumen/core/diagnostic";
import { assert } from "@lumen/core/result";
import type { Value } from "@lumen/core/value";
import type { LinkedProgram } from "../link/program.ts";
import { createMachine } from "./machine.ts";

/** How a pure run ended; `cycles` were charged until then. */
export type PureOutcome =
  | { readonly ok: true; readonly value: Value; readonly cycles: number }
  | { readonly ok: false; readonly fault: Fault; readonly cycles: number };

/** Limits of a pure run. */
export interface PureLimits {
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
  const machine = createMachine(program, { entry, args, ...limits, tiles: "inline", door: false });
  const state = machine.run();
  const { cycles } = machine;
  assert(state.kind !== "suspended", "a machine without door and outside tiles does not suspend");
  if (state.kind === "faulted") return { ok: false, fault: state.fault, cycles };
  return { ok: true, value: state.value, cycles };
}
