// Runs a recorded cell again: the program file's code, the recorded inputs and answers, nothing of
// the world (formats 19.3). Who asks for a replay compares what comes out; who travels in time
// looks at the machine on the way.

import { type Failure, type FaultFrame, failure } from "@lumen/core/diagnostic";
import { utf8Decode } from "@lumen/core/hash";
import type { CellEntry } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";
import { CellRecorder, type OpenRequest, RunRecorder, type Tracer } from "@lumen/raster";
import {
  budgetLayer,
  type CellOutcome,
  type JournalRequest,
  type JournalSink,
  type Layer,
  makeHost,
  makeScrub,
  policyLayer,
  recordingLayer,
  replayJournal,
  runCell,
  type Scrub,
  secretLayers,
  type TaskMove,
  toolPolicyLayer,
  type WaitingMachine,
} from "@lumen/runtime";
import { linkProgram } from "@lumen/vm";
import type { ReadProgram } from "./program-file.ts";
import type { TraceWithProgram } from "./program-of-trace.ts";
import { type Permissions, settingsOf } from "./project.ts";
import type { RecordedInputs, RecordedRun } from "./recorded-run.ts";
import { journalFrom, startAt, type UsableSnapshot } from "./resume/from-snapshot.ts";
import { callOf, endingOf, recordTask, runRecordedTile } from "./run-cell.ts";
import { projectSecrets } from "./secret-guard.ts";

/** A recorded run that is to be made again. */
export interface Recording extends RecordedRun {
  readonly events: readonly TraceEvent[];
  /** Its records are the first ones of a whole run. */
  readonly unfinished: boolean;
}

/** An event of the run made again, and where the program stood; null where it stood nowhere. */
export interface RerunEvent {
  readonly event: TraceEvent;
  readonly at: FaultFrame | null;
}

/** Looks at a run while it is made again. */
export interface RerunWatch {
  /** The machine waits and `steps` steps have entered. A failure ends the run there. */
  readonly onWait?: (steps: number, waiting: WaitingMachine) => Failure | null;
  /** A task or a process moved; where `keepStates` is set, with the state. */
  readonly onMove?: (move: TaskMove) => void;
  readonly keepStates?: boolean;
  /** Go on behind the last step of an unfinished recording, up to the wait that it ended in. */
  readonly toLastWait?: boolean;
  /** Begin at this snapshot; only what comes after it is made again. */
  readonly from?: UsableSnapshot;
}

/**
 * What came out. `stopped`: the failure that ended it, a divergence from the journal mostly; null
 * where it ended by itself, or where an unfinished recording ends.
 */
export interface Rerun {
  readonly events: readonly RerunEvent[];
  readonly outcome: CellOutcome | null;
  readonly stopped: Failure | null;
}

/** Stops a replay at the end of an unfinished recording; never shown. */
const END_OF_RECORDING: Failure = failure("E_TRACE_TORN", "replay", "the recording ends here");

/** Makes the run again. A failure: it could not begin, or a result could not be written down. */
export async function rerunCell(
  trace: TraceWithProgram & { readonly program: ReadProgram },
  entry: CellEntry,
  inputs: RecordedInputs,
  recorded: Recording,
  watch: RerunWatch = {},
): Promise<Result<Rerun, Failure>> {
  const { program, header } = trace;
  const linked = linkProgram(program.program.modules);
  if (!linked.ok) return linked;
  const tracer = new PlacedTracer();
  const run = new RunRecorder({ tracer, io: header.io, clock: { kind: "logical" } });
  const { programId } = program.bundle.index;
  const { from } = watch;
  const start =
    from === undefined ? null : startAt(from, recorded.events, { recorder: run, programId });
  const guard = guardOf(program, start?.before ?? []);
  if (!guard.ok) return guard;
  const { schemaHash } = program.bundle.cfs;
  const began = { entry: entry.name, programId, schemaHash, inputs: inputs.slots };
  const recorder = new CellRecorder(run, start === null ? began : null);
  const isCut = recorded.unfinished && watch.toLastWait !== true;
  const stepsMax = isCut ? stepsOf(recorded) : null;
  // Where the recording ends: what comes after it may not even end.
  const isOver = (): boolean => stepsMax !== null && run.steps >= stepsMax;
  const { events } = tracer;
  if (isOver()) return ok({ events, outcome: null, stopped: null });
  const replay = replayJournal(
    start === null || from === undefined
      ? recorded.journal
      : journalFrom(start, from, recorded.events),
  );
  const reopened = start?.open.map(({ request }) => request) ?? [];
  const sink = sinkOf(recorder, { tracer, isOver, reopened });
  if (start === null) recorder.enterCell(entry.name);
  const outcome = await runCell({
    program: linked.value,
    entry: entry.cell,
    args: inputs.values,
    host: makeHost(
      [...guard.value.layers, recordingLayer(sink), replay.layer],
      {},
      program.program.policy.tools,
    ),
    ...(start === null ? {} : { machine: start.machine }),
    keepStates: watch.keepStates ?? false,
    scrub: guard.value.scrub,
    onTask: (move) => {
      tracer.at = move.kind === "ended" ? null : move.at;
      recordTask(recorder, move);
      watch.onMove?.(move);
    },
    onWait: (waiting) => watch.onWait?.(run.steps, waiting) ?? null,
    waiting: replay.waiting,
    runTile: async (tile) => {
      tracer.at = tile.at;
      const ran = await runRecordedTile(tile, program.program, trace.tiles, recorder);
      return isOver() ? { kind: "stopped", failure: END_OF_RECORDING } : ran;
    },
  });
  tracer.at = null;
  if (outcome.kind === "stopped") {
    const stopped = outcome.failure === END_OF_RECORDING ? null : outcome.failure;
    return ok({ events, outcome: null, stopped });
  }
  recorder.leaveCell();
  const finished = recorder.finish(endingOf(entry, outcome).ending);
  return finished.ok ? ok({ events, outcome, stopped: null }) : finished;
}

/** Keeps the events with the place that was told last. */
class PlacedTracer implements Tracer {
  readonly events: RerunEvent[] = [];
  at: FaultFrame | null = null;

  recordEvent(event: TraceEvent): Result<null, Failure> {
    this.events.push({ event, at: this.at });
    return ok(null);
  }

  finalize(): Result<null, Failure> {
    return ok(null);
  }
}

function sinkOf(
  recorder: CellRecorder,
  run: {
    readonly tracer: PlacedTracer;
    readonly isOver: () => boolean;
    /** Requests that are open already and are asked first. */
    readonly reopened: readonly OpenRequest[];
  },
): JournalSink {
  const { tracer, isOver } = run;
  const again = [...run.reopened];
  interface Asked {
    readonly request: OpenRequest;
    readonly at: FaultFrame | null;
  }
  const open = new Map<number, Asked>();
  return {
    open: (asked) => {
      tracer.at = asked.at ?? null;
      const call = callOf(asked, () => "");
      const request = again.shift() ?? recorder.openRequest(call, asked.task);
      open.set(request.span, { request, at: tracer.at });
      return request.span;
    },
    close: (handle, answer) => {
      const asked = typeof handle === "number" ? open.get(handle) : undefined;
      if (asked === undefined) return ok(null);
      open.delete(asked.request.span);
      tracer.at = asked.at;
      const answered = recorder.answerRequest(asked.request, answer);
      return answered.ok && isOver() ? err(END_OF_RECORDING) : answered;
    },
  };
}

/** Number of Tile and Request records. */
export function stepsOf({ records }: Recording): number {
  return records.filter((r) => r.kind === "Tile" || r.kind === "Request").length;
}

/** What refuses requests and takes secrets out: that of the recorded run, so that it does so. */
function guardOf(
  program: ReadProgram,
  before: readonly JournalRequest[],
): Result<{ readonly layers: readonly Layer[]; readonly scrub: Scrub | null }, Failure> {
  const permissions = recordedPermissions(program);
  if (!permissions.ok) return permissions;
  const secrets = projectSecrets(permissions.value);
  const { questions } = secretLayers(secrets);
  const { budgets } = program.program.policy;
  const layers = [
    questions,
    policyLayer(permissions.value.capabilities),
    toolPolicyLayer(),
    budgetLayer(budgets, before),
  ];
  return ok({ layers, scrub: makeScrub(secrets) });
}

/** Those of its package manifest. */
function recordedPermissions(program: ReadProgram): Result<Permissions, Failure> {
  const manifest = program.bundle.files.get("lumen.toml");
  const text = manifest === undefined ? null : utf8Decode(manifest);
  return settingsOf(text, "lumen.toml of the program file");
}
