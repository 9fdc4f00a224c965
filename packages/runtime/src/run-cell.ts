// Drives a machine whose entry is an ordinary cell: requests to the host, tiles to whoever records
// them.

import { type Failure, type Fault, type FaultFrame, failure } from "@lumen/core/diagnostic";
import { required } from "@lumen/core/result";
import type { Value } from "@lumen/core/value";
import {
  createMachine,
  type LinkedProgram,
  type Machine,
  type MachineOptions,
  type Request,
  type RunOptions,
  type TaskEvent,
  type TaskView,
} from "@lumen/vm";
import { type DoorAnswer, type DoorRequest, operationName, TOOL_EFFECT } from "./door.ts";
import type { Host } from "./host.ts";
import { HostStop } from "./journal.ts";
import { scrubbedOutcome, scrubbing } from "./scrub-run.ts";
import type { Scrub } from "./secrets.ts";

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
  /** The future whose task calls, 0 for the entry. */
  readonly task: number;
  readonly at: FaultFrame;
}

/** The beginning or the end of a task, or a move of a process. */
export type TaskMove = Exclude<TaskEvent, { kind: "asked" }>;

/** A machine that waits, for those who look at it. */
export interface WaitingMachine {
  readonly tasks: () => readonly TaskView[];
  readonly requests: readonly Request[];
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
  /** As in machines: what is compiled, which changes no result. */
  readonly compile?: RunOptions["compile"];
  /** Told when tasks begin and end and processes move, in order with what they ask. */
  readonly onTask?: (event: TaskMove) => void;
  /** Moves of processes tell the state that they make. */
  readonly keepStates?: boolean;
  /** Told each time when the machine waits, before the next thing enters; a failure stops it. */
  readonly onWait?: (waiting: WaitingMachine) => Failure | null;
  /** Lets somebody end the run; without it a computation runs on until it asks for something. */
  readonly interrupt?: AbortSignal;
  /** Called when no answer is there and the run has to wait for one; `HostStop` ends it. */
  readonly waiting?: () => void;
  /** Called when the machine has suspended and all that it asks was asked. */
  readonly onSuspended?: (machine: Machine) => void;
  /**
   * Makes the machine, where it does not begin at the entry; a new one when absent. What a machine
   * waits for that was restored is asked first.
   */
  readonly machine?: (program: LinkedProgram, options: MachineOptions) => Machine;
  /** Takes secrets out of what is told other than through the host; null where there are none. */
  readonly scrub?: Scrub | null;
}

/** How the run ended. `stopped`: the host could not go on; the program has no say in it. */
export type CellOutcome =
  | { readonly kind: "finished"; readonly value: Value; readonly cycles: number }
  | { readonly kind: "faulted"; readonly fault: Fault; readonly cycles: number }
  /** The program called `exit`; its defers do not run. */
  | { readonly kind: "exited"; readonly status: number; readonly cycles: number }
  | { readonly kind: "stopped"; readonly failure: Failure };

/**
 * Runs a cell to its end. What enters the machine enters alone, and the machine runs on before the
 * next thing enters: first the tile asked longest ago, which is run now; then answers that no
 * journal holds, by request; then answers in the order in which they arrive. So a replay that
 * repeats the journalled answers in their order repeats the run.
 */
export async function runCell(options: CellRunOptions): Promise<CellOutcome> {
  const { scrub = null } = options;
  return scrub === null
    ? drive(options)
    : scrubbedOutcome(await drive(scrubbing(options, scrub)), scrub);
}

async function drive(options: CellRunOptions): Promise<CellOutcome> {
  const moves: TaskEvent[] = [];
  let asked = false;
  // What follows a request is told after it; the rest at once, since a long run has many moves.
  const observe = (event: TaskEvent): void => {
    asked ||= event.kind === "asked";
    if (asked) moves.push(event);
    else if (event.kind !== "asked") options.onTask?.(event);
  };
  const machine = (options.machine ?? createMachine)(options.program, {
    entry: options.entry,
    args: options.args,
    tiles: options.runTile === null ? "inline" : "suspend",
    door: true,
    ...(options.fuel === undefined ? {} : { fuel: options.fuel }),
    ...(options.compile === undefined ? {} : { compile: options.compile }),
    observe,
    keepStates: options.keepStates ?? false,
  });
  const arrivals = new Arrivals(options.host);
  const { interrupt } = options;
  const stop = (): void => arrivals.end(new HostStop(INTERRUPTED));
  if (interrupt?.aborted === true) stop();
  interrupt?.addEventListener("abort", stop);
  /** Number of the next request that was not asked yet. */
  let unasked = 0;
  const ask = (request: Request): void => {
    unasked = request.id + 1;
    arrivals.ask(request);
  };
  try {
    for (;;) {
      const state = interrupt === undefined ? machine.run() : machine.runSlice(SLICE_CYCLES);
      // What was asked meanwhile is asked when the machine waits, as without slices.
      if (state.kind === "paused") {
        await new Promise((resolve) => setImmediate(resolve));
        if (interrupt?.aborted === true) return { kind: "stopped", failure: INTERRUPTED };
        continue;
      }
      asked = false;
      for (const move of moves.splice(0)) {
        if (move.kind !== "asked") options.onTask?.(move);
        // What is asked when the program ends, nobody hears any more.
        else if (state.kind === "suspended") ask(move.request);
      }
      if (state.kind === "finished")
        return { kind: "finished", value: state.value, cycles: machine.cycles };
      if (state.kind === "faulted")
        return { kind: "faulted", fault: state.fault, cycles: machine.cycles };
      for (const request of state.requests) if (request.id >= unasked) ask(request);
      arrivals.forget(state.requests);
      const stop = options.onWait?.({ tasks: () => machine.inspect(), requests: state.requests });
      if (stop) return { kind: "stopped", failure: stop };
      options.onSuspended?.(machine);
      const tile = state.requests.find((request) => request.kind === "tile");
      if (tile !== undefined) enter(machine, tile.id, await tileAnswer(tile, options));
      else {
        const { request, answer } = await arrivals.next(state.requests.length, options.waiting);
        enter(machine, request.id, answer);
        const status = answer.ok ? exitStatus(request) : null;
        if (status !== null) return { kind: "exited", status, cycles: machine.cycles };
      }
    }
  } catch (error) {
    if (error instanceof HostStop) return { kind: "stopped", failure: error.failure };
    throw error;
  } finally {
    interrupt?.removeEventListener("abort", stop);
  }
}

function enter(machine: Machine, id: number, answer: DoorAnswer): void {
  answer.enter?.();
  if (answer.ok) machine.answer(id, { ok: true, value: answer.value });
  else {
    const { code, message } = answer;
    machine.answer(id, { ok: false, code, message, error: message });
  }
}

/** Cycles between two looks at whether the run was interrupted: some milliseconds. */
const SLICE_CYCLES = 500_000;

const INTERRUPTED: Failure = failure("E_IO", "execute", "interrupted");

/** The status of `exit`, null for any other request. */
function exitStatus(request: OutsideRequest): number | null {
  const isExit = request.kind === "door" && operationName(request) === "process.exit";
  return isExit ? Number(request.args[0]) : null;
}

type OutsideRequest = Exclude<Request, { kind: "tile" }>;

interface Arrival {
  readonly request: OutsideRequest;
  readonly answer: DoorAnswer;
}

/** Requests that are under way, and answers that have arrived, in the order of their arrival. */
class Arrivals {
  private readonly host: Host;
  /** Requests that are wanted; the answer of another is dropped. */
  private wanted: ReadonlySet<number> = new Set();
  private arrived: Arrival[] = [];
  private stop: { readonly error: unknown } | null = null;
  /** Wakes who waits for the next arrival. */
  private notify: (() => void) | null = null;

  constructor(host: Host) {
    this.host = host;
  }

  /** Asks the host. A request of a task that was stopped at once is made all the same. */
  ask(request: Request): void {
    if (request.kind === "tile") return;
    const isWanted = (): boolean => this.wanted.has(request.id);
    this.host({ ...questionOf(request), isWanted }).then(
      (answer) =>
        this.arrive(() => {
          if (this.wanted.has(request.id)) this.arrived.push({ request, answer });
        }),
      (error: unknown) => this.end(error),
    );
  }

  /** Who waits for an answer gets this error, now or later. */
  end(error: unknown): void {
    this.arrive(() => {
      this.stop ??= { error };
    });
  }

  /** Nobody waits for any other request than these. */
  forget(pending: readonly Request[]): void {
    this.wanted = new Set(pending.map((request) => request.id));
    this.arrived = this.arrived.filter((arrival) => this.wanted.has(arrival.request.id));
  }

  /** The next answer of `pendingCount` that are pending; `waiting` is called if none is there. */
  async next(pendingCount: number, waiting: (() => void) | undefined): Promise<Arrival> {
    // Answers without a journal come at once, where they come: one turn later all of them are
    // there.
    const several = pendingCount > 1 || waiting !== undefined;
    if (several) await new Promise((resolve) => setImmediate(resolve));
    if (this.arrived.length === 0 && this.stop === null) waiting?.();
    while (this.arrived.length === 0 && this.stop === null) {
      await new Promise<void>((resolve) => {
        this.notify = resolve;
      });
    }
    if (this.stop !== null) throw this.stop.error;
    const unwritten = this.arrived.filter(({ answer }) => answer.enter === undefined);
    const first = unwritten.reduce<Arrival | undefined>(
      (least, arrival) =>
        least === undefined || arrival.request.id < least.request.id ? arrival : least,
      undefined,
    );
    const at = first === undefined ? 0 : this.arrived.indexOf(first);
    const [next] = this.arrived.splice(at, 1);
    return required(next, "an answer has arrived");
  }

  private arrive(put: () => void): void {
    put();
    this.notify?.();
    this.notify = null;
  }
}

function questionOf(request: OutsideRequest): DoorRequest {
  const { task, at } = request;
  if (request.kind === "tool") {
    return { effect: TOOL_EFFECT, operation: request.tool, args: [request.input], task, at };
  }
  const { effect, operation, args } = request;
  return { effect, operation, args, task, at };
}

async function tileAnswer(
  request: Request & { kind: "tile" },
  options: CellRunOptions,
): Promise<DoorAnswer> {
  if (options.runTile === null)
    return { ok: false, code: "E_TILE_NOT_FOUND", message: "tiles run in place" };
  const { module, name, args, recur, task, at } = request;
  const iteration = recur?.iteration ?? null;
  const found = await options.runTile({ module, name, args, iteration, task, at });
  if (found.kind === "stopped") throw new HostStop(found.failure);
  if (found.kind === "faulted") return { ok: false, code: found.code, message: found.message };
  return { ok: true, value: found.value };
}
