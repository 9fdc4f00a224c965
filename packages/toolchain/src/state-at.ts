// Where a recorded run stood after its k-th step: every task with its calls and variables, and what
// the program waits for. Found by making the run again up to there.

import { type Failure, type FaultFrame, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import type { WaitingMachine } from "@lumen/runtime";
import { linkProgram, type WaitView } from "@lumen/vm";
import { type LocatedFrame, locateFrames } from "./located-frames.ts";
import { type ReadProgram, sourcesOf } from "./program-file.ts";
import type { ReplayableCell } from "./replay-cell.ts";
import { rerunCell, stepsOf } from "./rerun-cell.ts";
import { newestSnapshot, type UsableSnapshot } from "./resume/from-snapshot.ts";
import { shownValue } from "./shown-value.ts";

/** A call and the variables that have their values. */
export interface StoppedFrame {
  readonly place: LocatedFrame;
  readonly variables: readonly { readonly name: string; readonly value: string }[];
}

/** A task that has not ended; 0 is the entry. */
export interface StoppedTask {
  readonly task: number;
  readonly cell: string;
  /** `request 3`, `a channel`, `another task`; null for one that can go on. */
  readonly waitsFor: string | null;
  /** Outermost first. */
  readonly frames: readonly StoppedFrame[];
}

/** A request that is not answered. */
export interface PendingRequest {
  readonly request: number;
  readonly task: number;
  /** `emit.print`, `tool search`, `tile double`. */
  readonly what: string;
  readonly args: readonly string[];
  readonly place: LocatedFrame;
}

/** A run at a stop. */
export interface StoppedRun {
  /** Steps that have entered. */
  readonly step: number;
  /** Steps of the recording: the last stop. */
  readonly steps: number;
  /** The step from which the run was made again: that of a snapshot, else 0. */
  readonly from: number;
  readonly tasks: readonly StoppedTask[];
  readonly pending: readonly PendingRequest[];
  /** How the run ended, where it did before it waited again. */
  readonly ended: string | null;
}

/**
 * The state after `k` steps, before anything else enters. E_USAGE where the run has fewer;
 * E_DIVERGENCE where the program does not get there with the recorded answers.
 */
export async function stateAt(
  cell: ReplayableCell,
  k: number,
): Promise<Result<StoppedRun, Failure>> {
  const { trace, entry, inputs, recorded } = cell;
  const steps = stepsOf(recorded);
  if (k > steps) {
    const message = `the trace has no stop ${k}: its stops are 0 to ${steps}`;
    return err(failure("E_USAGE", "load", message, { subject: trace.path }));
  }
  const found: Pick<StoppedRun, "tasks" | "pending">[] = [];
  const snapshot = snapshotBefore(cell, k);
  const from = snapshot?.event.steps ?? 0;
  const again = await rerunCell(trace, entry, inputs, recorded, {
    ...(snapshot === null ? {} : { from: snapshot }),
    toLastWait: true,
    onWait: (entered, waiting) => {
      if (entered !== k) return null;
      found.push(viewOf(waiting, trace.program));
      return STOPPED;
    },
  });
  if (!again.ok) return again;
  const [view] = found;
  if (view !== undefined) return ok({ step: k, steps, from, ...view, ended: null });
  const { outcome, stopped } = again.value;
  if (outcome === null) return err(stopped ?? STOPPED);
  return ok({ step: k, steps, from, tasks: [], pending: [], ended: endOf(outcome) });
}

/** The newest snapshot from before the k-th step that can be used: less has to be made again. */
function snapshotBefore({ trace, recorded }: ReplayableCell, k: number): UsableSnapshot | null {
  const at = recorded.events.findLastIndex((e) => e.kind === "Checkpoint" && e.steps < k);
  const linked = at < 0 ? null : linkProgram(trace.program.program.modules);
  if (linked === null || !linked.ok) return null;
  const { programId } = trace.program.bundle.index;
  const events = recorded.events.slice(0, at + 1);
  const from = { tracePath: trace.path, events, program: linked.value, programId };
  // One that cannot be used is no loss here: the run is made again from further back.
  return newestSnapshot(from, () => undefined);
}

/** Ends the run where it is looked at; never shown. */
const STOPPED: Failure = failure("E_DIVERGENCE", "replay", "the run is stopped here");

function endOf(outcome: NonNullable<RerunOutcome>): string {
  switch (outcome.kind) {
    case "finished":
      return `finished with ${shownValue(outcome.value)}`;
    case "faulted":
      return `failed: ${outcome.fault.code} ${outcome.fault.message}`;
    case "exited":
      return `exited with status ${outcome.status}`;
    case "stopped":
      return `stopped: ${outcome.failure.message}`;
  }
}

type Rerun = Awaited<ReturnType<typeof rerunCell>> & { readonly ok: true };
type RerunOutcome = Rerun["value"]["outcome"];

function viewOf(
  { tasks, requests }: WaitingMachine,
  program: ReadProgram,
): Pick<StoppedRun, "tasks" | "pending"> {
  const place = placer(program);
  return {
    tasks: tasks().map(({ task, cell, waits, frames }) => ({
      task,
      cell,
      waitsFor: waitsFor(waits),
      frames: frames.map(({ at, variables }) => ({
        place: place(at),
        // What the prelude works with is nothing that the program's author has named.
        variables: (at.module === "std.prelude" ? [] : variables).map(({ name, value }) => ({
          name,
          value: shownValue(value),
        })),
      })),
    })),
    pending: requests.map((request) => ({
      request: request.id,
      task: request.task,
      ...askedOf(request),
      place: place(request.at),
    })),
  };
}

function waitsFor(waits: WaitView | null): string | null {
  switch (waits?.kind) {
    case undefined:
      return null;
    case "answer":
      return `request ${waits.request}`;
    case "channel":
      return "a channel";
    case "change":
      return "another task";
  }
}

function askedOf(
  request: WaitingMachine["requests"][number],
): Pick<PendingRequest, "what" | "args"> {
  switch (request.kind) {
    case "door":
      return {
        what: `${request.effect}.${request.operation}`,
        args: request.args.map(shownValue),
      };
    case "tool":
      return { what: `tool ${request.tool}`, args: [shownValue(request.input)] };
    case "tile":
      return { what: `tile ${request.name}`, args: request.args.map(shownValue) };
  }
}

/** Finds places in the sources of the program file. */
export function placer(program: ReadProgram): (frame: FaultFrame) => LocatedFrame {
  const known = { program: program.program, sources: sourcesOf(program.bundle) };
  return (frame) => locateFrames([frame], known)[0] ?? { cell: frame.cell, at: null };
}
