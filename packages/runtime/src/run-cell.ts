// Drives a machine whose entry is an ordinary cell: requests to the host, tiles to whoever records
// them.

import type { Failure, Fault } from "@lumen/core/diagnostic";
import type { Value } from "@lumen/core/value";
import { createMachine, type LinkedProgram, type Machine, type Request } from "@lumen/vm";
import { type DoorAnswer, operationName, TOOL_EFFECT } from "./door.ts";
import type { Host } from "./host.ts";
import { HostStop } from "./journal.ts";

/** How a tile that the cell called ended. */
export type TileAnswer =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "faulted"; readonly code: string; readonly message: string }
  | { readonly kind: "stopped"; readonly failure: Failure };

/** A call of a tile; `iteration` counts the runs of `tile!(…)`, null for a plain call. */
export interface TileRequest {
  readonly module: string;
  readonly name: string;
  readonly args: readonly Value[];
  readonly iteration: number | null;
}

/** What is run. */
export interface CellRunOptions {
  readonly program: LinkedProgram;
  readonly entry: { readonly module: string; readonly name: string };
  readonly args: readonly Value[];
  readonly host: Host;
  /** Null: tiles run in place and are not seen. */
  readonly runTile: ((tile: TileRequest) => Promise<TileAnswer>) | null;
  readonly fuel?: number;
}

/** How the run ended. `stopped`: the host could not go on; the program has no say in it. */
export type CellOutcome =
  | { readonly kind: "finished"; readonly value: Value; readonly cycles: number }
  | { readonly kind: "faulted"; readonly fault: Fault; readonly cycles: number }
  /** The program called `exit`; its defers do not run. */
  | { readonly kind: "exited"; readonly status: number; readonly cycles: number }
  | { readonly kind: "stopped"; readonly failure: Failure };

/** Runs a cell to its end. Answers enter in the order in which they arrive. */
export async function runCell(options: CellRunOptions): Promise<CellOutcome> {
  const machine = createMachine(options.program, {
    entry: options.entry,
    args: options.args,
    tiles: options.runTile === null ? "inline" : "suspend",
    door: true,
    ...(options.fuel === undefined ? {} : { fuel: options.fuel }),
  });
  const waiting = new Map<number, Promise<{ readonly id: number; readonly answer: DoorAnswer }>>();
  try {
    for (;;) {
      const state = machine.run();
      if (state.kind === "finished")
        return { kind: "finished", value: state.value, cycles: machine.cycles };
      if (state.kind === "faulted")
        return { kind: "faulted", fault: state.fault, cycles: machine.cycles };
      for (const request of state.requests) {
        if (!waiting.has(request.id)) waiting.set(request.id, dispatch(request, options));
      }
      await settleOne(machine, waiting);
    }
  } catch (error) {
    if (error instanceof HostStop) return { kind: "stopped", failure: error.failure };
    if (error instanceof ProgramExit)
      return { kind: "exited", status: error.status, cycles: machine.cycles };
    throw error;
  }
}

/** Raised through the promise chain when `exit` is answered; only `runCell` catches it. */
class ProgramExit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit with status ${status}`);
    this.status = status;
  }
}

/** Waits for the next answer and gives it to the machine. */
async function settleOne(
  machine: Machine,
  waiting: Map<number, Promise<{ readonly id: number; readonly answer: DoorAnswer }>>,
): Promise<void> {
  const { id, answer } = await Promise.race(waiting.values());
  waiting.delete(id);
  if (answer.ok) machine.answer(id, { ok: true, value: answer.value });
  else
    machine.answer(id, {
      ok: false,
      code: answer.code,
      message: answer.message,
      error: answer.message,
    });
}

async function dispatch(
  request: Request,
  options: CellRunOptions,
): Promise<{ readonly id: number; readonly answer: DoorAnswer }> {
  if (request.kind === "door") {
    const { effect, operation, args } = request;
    const answer = await options.host({ effect, operation, args });
    if (answer.ok && operationName(request) === "process.exit")
      throw new ProgramExit(Number(args[0]));
    return { id: request.id, answer };
  }
  if (request.kind === "tool") {
    const { tool: operation, input } = request;
    const answer = await options.host({ effect: TOOL_EFFECT, operation, args: [input] });
    return { id: request.id, answer };
  }
  return { id: request.id, answer: await tileAnswer(request, options) };
}

async function tileAnswer(
  request: Request & { kind: "tile" },
  options: CellRunOptions,
): Promise<DoorAnswer> {
  if (options.runTile === null)
    return { ok: false, code: "E_TILE_NOT_FOUND", message: "tiles run in place" };
  const { module, name, args, recur } = request;
  const found = await options.runTile({ module, name, args, iteration: recur?.iteration ?? null });
  if (found.kind === "stopped") throw new HostStop(found.failure);
  if (found.kind === "faulted") return { ok: false, code: found.code, message: found.message };
  return { ok: true, value: found.value };
}
