// Replays a run entered by a cell: the program file's cell with the recorded answers (formats 15.4,
// 19.3).

import { type Failure, failure } from "@lumen/core/diagnostic";
import type { CellEntry } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";
import { compareRuns, type Divergence } from "./compare-runs.ts";
import { type LocatedFrame, locateFrames } from "./located-frames.ts";
import { type ReadProgram, sourcesOf } from "./program-file.ts";
import type { TraceWithProgram } from "./program-of-trace.ts";
import { type RecordedInputs, RunReader, recordedInputs } from "./recorded-run.ts";
import { type Recording, type Rerun, rerunCell, stepsOf } from "./rerun-cell.ts";
import { readEvents } from "./trace-read.ts";

/** How the two runs compare. */
export type CellReplay =
  | { readonly kind: "identical"; readonly steps: number }
  | (Omit<Divergence, "at"> & {
      readonly kind: "diverged";
      /** Where the program stood; null where it is not known. */
      readonly at: LocatedFrame | null;
    });

/** A recorded run of a cell with everything that running it again takes. */
export interface ReplayableCell {
  readonly trace: TraceWithProgram & { readonly program: ReadProgram };
  readonly entry: CellEntry;
  readonly inputs: RecordedInputs;
  readonly recorded: Recording;
}

/** Runs the cell again; every event must come out as it stands in the trace. */
export async function replayCellTrace(
  trace: TraceWithProgram,
): Promise<Result<CellReplay, Failure>> {
  const opened = openCellRun(trace);
  if (!opened.ok) return opened;
  const { entry, inputs, recorded } = opened.value;
  const again = await rerunCell(opened.value.trace, entry, inputs, recorded);
  return again.ok ? replayOf(opened.value, again.value) : again;
}

/** Compares a run made again with its recording. A failure is one that is no divergence. */
export function replayOf(
  { recorded, trace }: Pick<ReplayableCell, "recorded" | "trace">,
  again: Rerun,
): Result<CellReplay, Failure> {
  const divergence = divergenceOf(recorded, again);
  if (!divergence.ok) return divergence;
  if (divergence.value === null) return ok({ kind: "identical", steps: stepsOf(recorded) });
  const { program } = trace;
  const frames = divergence.value.at === null ? [] : [divergence.value.at];
  const [at = null] = locateFrames(frames, {
    program: program.program,
    sources: sourcesOf(program.bundle),
  });
  return ok({ ...divergence.value, kind: "diverged", at });
}

/** Takes the trace apart. E_ARTIFACT_MISSING, E_NO_CELL, E_MISSING_VALUE. */
export function openCellRun(trace: TraceWithProgram): Result<ReplayableCell, Failure> {
  const recorded = recordingOf(trace.path);
  if (!recorded.ok) return recorded;
  const { program } = trace;
  const genesis = recorded.value.records[0];
  if (program === null || genesis?.kind !== "Genesis") {
    const message = "the trace does not name its program";
    return err(failure("E_ARTIFACT_MISSING", "replay", message, { subject: trace.path }));
  }
  const entry = program.program.cells.find((c) => c.name === genesis.entry);
  if (entry === undefined) {
    const message = `the program file has no cell '${genesis.entry}'`;
    return err(failure("E_NO_CELL", "replay", message, { subject: trace.path }));
  }
  const inputs = recordedInputs(entry, recorded.value.input);
  if (!inputs.ok) return inputs;
  return ok({
    trace: { ...trace, program },
    entry,
    inputs: inputs.value,
    recorded: recorded.value,
  });
}

/** What is there of a run, which may have been cut off or aborted. */
function recordingOf(path: string): Result<Recording, Failure> {
  const reader = new RunReader();
  const events: TraceEvent[] = [];
  const read = readEvents(path, ({ event }) => {
    events.push(event);
    reader.take(event);
  });
  if (!read.ok) return read;
  const run = reader.end();
  const whole = run.records.at(-1)?.kind === "Final";
  const unfinished = !whole && (run.status === null || run.status === "Aborted");
  return ok({ ...run, events, unfinished });
}

/** A run that stopped at the journal diverges where its events do, else at its end. */
function divergenceOf(
  recorded: Recording,
  { events, stopped }: Rerun,
): Result<Divergence | null, Failure> {
  if (stopped === null)
    return ok(compareRuns(recorded.events, events, { unfinished: recorded.unfinished }));
  if (stopped.code !== "E_DIVERGENCE") return err(stopped);
  const before = compareRuns(recorded.events.slice(0, events.length), events, { unfinished: true });
  if (before !== null) return ok(before);
  const { expected, found } = stopped.details ?? {};
  return ok({
    leafIndex: events.filter(({ event }) => event.kind === "TileStep").length,
    eventIndex: null,
    // The journal knows the trace as what it expects.
    expected: String(found),
    found: String(expected),
    message: stopped.message,
    at: events.at(-1)?.at ?? null,
  });
}
