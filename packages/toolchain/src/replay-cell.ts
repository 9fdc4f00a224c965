// Replays a run entered by a cell: the program file's cell with the recorded answers (formats 15.4,
// 19.3).

import { encodeRecord, type Outcome, type StepRecord } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { equalBytes, toHex, utf8Decode } from "@lumen/core/hash";
import type { CellEntry } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { CellRecorder, MemoryTracer, type OpenRequest, RunRecorder } from "@lumen/raster";
import {
  budgetLayer,
  makeHost,
  policyLayer,
  recordingLayer,
  replayJournal,
  runCell,
  secretLayers,
  secretsOf,
  toolPolicyLayer,
} from "@lumen/runtime";
import { linkProgram } from "@lumen/vm";
import type { ReadProgram } from "./program-file.ts";
import type { TraceWithProgram } from "./program-of-trace.ts";
import { type Permissions, settingsOf } from "./project.ts";
import {
  type RecordedInputs,
  type RecordedRun,
  RunReader,
  recordedInputs,
} from "./recorded-run.ts";
import { callOf, endingOf, recordTask, runRecordedTile } from "./run-cell.ts";
import { readEvents } from "./trace-read.ts";

/** How the two runs compare. */
export type CellReplay =
  | { readonly kind: "identical"; readonly steps: number }
  | {
      readonly kind: "diverged";
      readonly leafIndex: number;
      readonly expected: string;
      readonly found: string;
      readonly message: string;
    };

/** Runs the cell again; every record must come out as it stands in the trace. */
export async function replayCellTrace(
  trace: TraceWithProgram,
): Promise<Result<CellReplay, Failure>> {
  const recorded = recordedRun(trace.path);
  if (!recorded.ok) return recorded;
  const { program } = trace;
  const genesis = recorded.value.records[0];
  if (program === null || genesis?.kind !== "Genesis") {
    return err(
      failure("E_ARTIFACT_MISSING", "replay", "the trace does not name its program", {
        subject: trace.path,
      }),
    );
  }
  const entry = program.program.cells.find((c) => c.name === genesis.entry);
  if (entry === undefined) {
    const message = `the program file has no cell '${genesis.entry}'`;
    return err(failure("E_NO_CELL", "replay", message, { subject: trace.path }));
  }
  const inputs = recordedInputs(entry, recorded.value.input);
  if (!inputs.ok) return inputs;
  const again = await runAgain(trace, entry, inputs.value, recorded.value);
  return again.ok ? ok(compare(recorded.value.records, again.value)) : again;
}

/** Stops a replay at the end of an unfinished recording; never shown. */
const END_OF_RECORDING: Failure = failure("E_TRACE_TORN", "replay", "the recording ends here");

/** What is there of a run, which may have been cut off or aborted. */
interface Recorded extends RecordedRun {
  /** Its records are the first ones of a whole run. */
  readonly unfinished: boolean;
}

function recordedRun(path: string): Result<Recorded, Failure> {
  const reader = new RunReader();
  const read = readEvents(path, ({ event }) => reader.take(event));
  if (!read.ok) return read;
  const run = reader.end();
  const whole = run.records.at(-1)?.kind === "Final";
  return ok({ ...run, unfinished: !whole && (run.status === null || run.status === "Aborted") });
}

async function runAgain(
  trace: TraceWithProgram,
  entry: CellEntry,
  inputs: RecordedInputs,
  recorded: Recorded,
): Promise<Result<readonly StepRecord[], Failure>> {
  const { program, header } = trace;
  if (program === null) return err(failure("E_ARTIFACT_MISSING", "replay", "no program"));
  const linked = linkProgram(program.program.modules);
  if (!linked.ok) return linked;
  const permissions = recordedPermissions(program);
  if (!permissions.ok) return permissions;
  const tracer = new MemoryTracer();
  const run = new RunRecorder({ tracer, io: header.io, clock: { kind: "logical" } });
  const recorder = new CellRecorder(run, {
    entry: entry.name,
    programId: program.bundle.index.programId,
    schemaHash: program.bundle.cfs.schemaHash,
    inputs: inputs.slots,
  });
  const records = (): readonly StepRecord[] =>
    tracer.events.flatMap((e) => (e.kind === "TileStep" ? [e.record] : []));
  const stepsMax = recorded.unfinished ? recorded.records.filter(isStep).length : null;
  // Where the recording ends: what comes after it may not even end.
  const isOver = (): boolean => stepsMax !== null && run.steps >= stepsMax;
  if (isOver()) return ok(records());
  const open = new Map<number, OpenRequest>();
  const journal = recordingLayer({
    open: (asked) => {
      const request = recorder.openRequest(
        callOf(asked, () => ""),
        asked.task,
      );
      open.set(request.span, request);
      return request.span;
    },
    close: (handle, answer) => {
      const request = typeof handle === "number" ? open.get(handle) : undefined;
      if (request === undefined) return ok(null);
      const answered = recorder.answerRequest(request, answer);
      return answered.ok && isOver() ? err(END_OF_RECORDING) : answered;
    },
  });
  const replay = replayJournal(recorded.journal);
  const { budgets, tools } = program.program.policy;
  const { capabilities, secrets } = permissions.value;
  const { questions } = secretLayers(secretsOf(secrets, process.env));
  const policies = [questions, policyLayer(capabilities), toolPolicyLayer(), budgetLayer(budgets)];
  const layers = [...policies, journal, replay.layer];
  recorder.enterCell(entry.name);
  const outcome = await runCell({
    program: linked.value,
    entry: entry.cell,
    args: inputs.values,
    host: makeHost(layers, {}, tools),
    onTask: (move) => recordTask(recorder, move),
    waiting: replay.waiting,
    runTile: async (tile) => {
      const ran = await runRecordedTile(tile, program.program, trace.tiles, recorder);
      return isOver() ? { kind: "stopped", failure: END_OF_RECORDING } : ran;
    },
  });
  if (outcome.kind === "stopped")
    return outcome.failure === END_OF_RECORDING ? ok(records()) : err(outcome.failure);
  recorder.leaveCell();
  const finished = recorder.finish(endingOf(entry, outcome).ending);
  if (!finished.ok) return finished;
  return ok(records());
}

/** Those of the recorded run: of its package manifest; a lone file may do anything. */
function recordedPermissions(program: ReadProgram): Result<Permissions, Failure> {
  const manifest = program.bundle.files.get("lumen.toml");
  const text = manifest === undefined ? null : utf8Decode(manifest);
  return settingsOf(text, "lumen.toml of the program file");
}

function compare(recorded: readonly StepRecord[], again: readonly StepRecord[]): CellReplay {
  const length = Math.max(recorded.length, again.length);
  for (let i = 0; i < length; i++) {
    const a = recorded[i];
    const b = again[i];
    if (a !== undefined && b !== undefined && equalBytes(encodeRecord(a), encodeRecord(b)))
      continue;
    const expected = b === undefined ? "the end of the run" : describe(b);
    const found = a === undefined ? "the end of the trace" : describe(a);
    const message = `record ${i} of the trace is not what the program gives: expected ${expected}, found ${found}`;
    return { kind: "diverged", leafIndex: i, expected, found, message };
  }
  return { kind: "identical", steps: recorded.filter(isStep).length };
}

function isStep(record: StepRecord): boolean {
  return record.kind === "Tile" || record.kind === "Request";
}

/** A record in a few words: what ran, and how it ended. */
export function describe(record: StepRecord): string {
  switch (record.kind) {
    case "Tile":
      return `tile ${record.tileId} -> ${outcomeText(record.outcome)}`;
    case "Request":
      return `request ${record.operation} -> ${outcomeText(record.outcome)}`;
    case "Final":
      return `Final after ${record.steps} steps -> ${outcomeText(record.outcome)}`;
    case "Genesis":
      return `Genesis of ${record.entry}`;
  }
}

function outcomeText(outcome: Outcome): string {
  return outcome.kind === "Ok" ? `ok ${toHex(outcome.outputDigest)}` : outcome.code;
}
