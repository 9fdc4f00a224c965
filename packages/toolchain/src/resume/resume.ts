// `lumen run --resume`: goes on with a run that was killed (formats 14.4). The program is the one
// that ran, from its program file; what it was told is told again, then the world is asked.

import { readCfs } from "@lumen/core/cfs";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { parseDocument } from "@lumen/core/encoding";
import { ok } from "@lumen/core/result";
import type { RunEndStatus } from "@lumen/core/trace";
import { RunRecorder } from "@lumen/raster";
import { resumeJournal } from "@lumen/runtime";
import { linkProgram } from "@lumen/vm";
import { cfsText, type ReadProgram } from "../program-file.ts";
import { openTraceAt, projectOf, type RecordedProgram } from "../program-of-trace.ts";
import { projectOfBundle } from "../project-of-bundle.ts";
import { RunReader, recordedInputs, recordedSlots } from "../recorded-run.ts";
import type { Recording } from "../recording.ts";
import { refuse, type UseCase } from "../refusal.ts";
import { driveSequence } from "../run.ts";
import { driveCell } from "../run-cell.ts";
import type { RunReport, RunRequest } from "../run-report.ts";
import { LOCAL_KINDS, openTools } from "../tools.ts";
import { lockTrace, type TraceLock } from "../trace-lock.ts";
import { findTrace } from "../trace-store.ts";
import { continueWriting, type OpenRun, openRun } from "./open-run.ts";
import { Prefix, ResumedTracer, resumedClock } from "./prefix.ts";
import { recordedTiles } from "./recorded-tiles.ts";

/** Which run is to go on. The rest is that of the run: program, input, mode, form of the trace. */
export interface ResumeRequest
  extends Pick<RunRequest, "args" | "console" | "durable" | "providers"> {
  /** A run id, the beginning of one, or a trace file. */
  readonly run: string;
  readonly projectFolder: string;
}

/** What became of it. */
export type ResumeReport =
  /** It had ended before; nothing was done. */
  | { readonly kind: "finished"; readonly path: string; readonly status: RunEndStatus }
  | {
      readonly kind: "resumed";
      readonly path: string;
      readonly report: RunReport;
      /** Records of the trace that were there already. */
      readonly records: number;
      /** Requests that had left and were not answered. */
      readonly askedAgain: number;
    };

/**
 * Goes on with a run, in its own trace. E_RUN_BUSY where another process writes it; E_DIVERGENCE
 * where what is recorded does not come out again; E_MISSING_VALUE for a trace of digests.
 */
export async function resumeRun(request: ResumeRequest): Promise<UseCase<ResumeReport>> {
  const path = findTrace(request.run, request.projectFolder);
  if (!path.ok) return refuse(path.error);
  const lock = lockTrace(path.value);
  if (!lock.ok) return refuse(lock.error);
  try {
    return await resumeLocked(path.value, request, lock.value);
  } finally {
    lock.value.release();
  }
}

async function resumeLocked(
  path: string,
  request: ResumeRequest,
  lock: TraceLock,
): Promise<UseCase<ResumeReport>> {
  const open = openRun(path);
  if (!open.ok) return refuse(open.error);
  const { ended } = open.value;
  if (ended !== null) return ok({ kind: "finished", path, status: ended });
  const trace = await openTraceAt(path, { ...request, program: undefined });
  if (!trace.ok) return refuse(trace.error);
  const report = await goOn(open.value, trace.value, request, lock);
  if (!report.ok) return report;
  const run = readRun(open.value);
  return ok({
    kind: "resumed",
    path,
    report: report.value,
    records: run.records.length,
    askedAgain: run.journal.requests.length - run.journal.answers.length,
  });
}

function readRun({ events }: OpenRun): ReturnType<RunReader["end"]> {
  const reader = new RunReader();
  for (const event of events) reader.take(event);
  return reader.end();
}

function goOn(
  open: OpenRun,
  trace: RecordedProgram,
  request: ResumeRequest,
  lock: TraceLock,
): Promise<UseCase<RunReport>> | UseCase<RunReport> {
  const { program } = trace;
  if (program === null) return refuse(noProgram(open.path));
  const recording = recordingOf(open, request, lock);
  const { entry } = open.header;
  return program.program.cells.some((cell) => cell.name === entry)
    ? goOnCell(open, { ...trace, program }, request, recording)
    : goOnSequence(open, { ...trace, program }, request, recording);
}

function noProgram(path: string): Failure {
  const message = "the trace does not bind its code, so there is nothing to go on with";
  return failure("E_ARTIFACT_MISSING", "load", message, { subject: path });
}

/** A recording that repeats the events of the trace, and then writes behind them. */
function recordingOf(open: OpenRun, { durable }: ResumeRequest, lock: TraceLock): Recording {
  const { header, path } = open;
  const prefix = new Prefix(open.events);
  const tracer = new ResumedTracer(prefix, (timestamp) =>
    continueWriting(open, { durable, timestamp }),
  );
  const clock = resumedClock(prefix, header.deterministic);
  return {
    recorder: new RunRecorder({ tracer, io: header.io, clock }),
    tracePath: path,
    runId: header.runId,
    release: () => {
      tracer.finalize();
      lock.release();
    },
  };
}

type Bound = RecordedProgram & { readonly program: ReadProgram };

async function goOnCell(
  open: OpenRun,
  { program: file, tiles }: Bound,
  request: ResumeRequest,
  recording: Recording,
): Promise<UseCase<RunReport>> {
  const { header, path, events } = open;
  const project = projectOfBundle(file, projectOf(path, request.projectFolder));
  if (!project.ok) return refuse(project.error);
  const entry = file.program.cells.find((cell) => cell.name === header.entry);
  if (entry === undefined) return refuse(noProgram(path));
  const recorded = readRun(open);
  const inputs = recordedInputs(entry, recorded.input);
  if (!inputs.ok) return refuse(inputs.error);
  const linked = linkProgram(file.program.modules);
  if (!linked.ok) return refuse(linked.error);
  const { deterministic } = header;
  const kinds = request.providers ?? LOCAL_KINDS;
  const tools = openTools(project.value, { kinds, deterministic });
  if (!tools.ok) return refuse(tools.error);
  return driveCell({
    project: project.value,
    entry,
    run: {
      entry: entry.name,
      programId: file.bundle.index.programId,
      schemaHash: file.bundle.cfs.schemaHash,
      inputs: inputs.value.slots,
    },
    values: inputs.value.values,
    linked: linked.value,
    tiles: recordedTiles(tiles, events),
    tools: tools.value,
    recording,
    resumption: resumeJournal(recorded.journal, { deterministic }),
    console: request.console,
    deterministic,
    args: request.args,
  });
}

async function goOnSequence(
  open: OpenRun,
  { program: file, tiles }: Bound,
  request: ResumeRequest,
  recording: Recording,
): Promise<UseCase<RunReport>> {
  const { header, path, events } = open;
  const project = projectOfBundle(file, projectOf(path, request.projectFolder));
  if (!project.ok) return refuse(project.error);
  const entry = file.program.sequences.find((sequence) => sequence.id === header.entry);
  if (entry === undefined) return refuse(noProgram(path));
  const inputs = recordedSlots(readRun(open).input);
  if (!inputs.ok) return refuse(inputs.error);
  const cfs = schemaOf(file, header.entry);
  if (!cfs.ok) return refuse(cfs.error);
  return driveSequence({
    project: project.value,
    entry,
    cfs: cfs.value,
    inputs: inputs.value,
    programId: file.bundle.index.programId,
    tiles: recordedTiles(tiles, events),
    record: () => ok(recording),
  });
}

function schemaOf(file: ReadProgram, entry: string): ReturnType<typeof readCfs> {
  const document = parseDocument(cfsText(file.program), { subject: "cfs.json" });
  return document.ok ? readCfs(document.value, { entry }) : document;
}
