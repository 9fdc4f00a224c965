// `lumen trace step`: travelling in the time of a recorded run, stop by stop (formats 25). Stop k
// is after k steps; stop 0 is before the first.

import { failure } from "@lumen/core/diagnostic";
import { ok } from "@lumen/core/result";
import { openTrace, type TraceRequest } from "./program-of-trace.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { openCellRun } from "./replay-cell.ts";
import { stepsOf } from "./rerun-cell.ts";
import { type StoppedRun, stateAt } from "./state-at.ts";
import { readEvents } from "./trace-read.ts";
import { type ShownStep, showStep } from "./trace-step.ts";

/** A run of a cell as its machine stood; of a sequence the steps around the stop. */
export type TraceStop =
  | ({ readonly kind: "cell" } & StoppedRun)
  | {
      readonly kind: "sequence";
      readonly step: number;
      readonly steps: number;
      /** The step before the stop; null at the beginning. */
      readonly before: ShownStep | null;
      /** The step that the run was about to make; null at its end. */
      readonly next: ShownStep | null;
    };

/** A trace that is opened for travelling. */
export interface Travel {
  readonly path: string;
  readonly entry: string;
  /** Number of the last stop. */
  readonly steps: number;
  /** E_USAGE for a stop that there is not. */
  readonly stopAt: (k: number) => Promise<UseCase<TraceStop>>;
}

/** Opens a trace. E_ARTIFACT_MISSING without its program, E_MISSING_VALUE with digests only. */
export async function travel(request: TraceRequest): Promise<UseCase<Travel>> {
  const opened = await openTrace(request);
  if (!opened.ok) return refuse(opened.error);
  const { path, header, program } = opened.value;
  const isCell = program?.program.cells.some((c) => c.name === header.entry) !== false;
  if (!isCell) return sequenceTravel(request, path, header.entry);
  const cell = openCellRun(opened.value);
  if (!cell.ok) return refuse(cell.error);
  return ok({
    path,
    entry: header.entry,
    steps: stepsOf(cell.value.recorded),
    stopAt: async (k) => {
      const stopped = await stateAt(cell.value, k);
      return stopped.ok ? ok({ kind: "cell", ...stopped.value }) : refuse(stopped.error);
    },
  });
}

/** Tiles are pure: between two of them the run holds nothing but what they took and gave. */
function sequenceTravel(request: TraceRequest, path: string, entry: string): UseCase<Travel> {
  let steps = 0;
  const read = readEvents(path, ({ event }) => {
    if (event.kind === "TileStep" && event.record.kind === "Tile") steps += 1;
  });
  if (!read.ok) return refuse(read.error);
  const stopAt = async (k: number): Promise<UseCase<TraceStop>> => {
    if (k > steps) {
      const message = `the trace has no stop ${k}: its stops are 0 to ${steps}`;
      return refuse(failure("E_USAGE", "load", message, { subject: path }));
    }
    const before = k === 0 ? ok(null) : await showStep({ ...request, step: k - 1 });
    if (!before.ok) return before;
    const next = k === steps ? ok(null) : await showStep({ ...request, step: k });
    if (!next.ok) return next;
    return ok({ kind: "sequence", step: k, steps, before: before.value, next: next.value });
  };
  return ok({ path, entry, steps, stopAt });
}
