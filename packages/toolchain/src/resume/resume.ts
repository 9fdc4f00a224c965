// `lumen run --resume`: goes on with a run that was killed (formats 14.4). The program is the one
// that ran, from its program file; what it was told is told again, then the world is asked.

import { readCfs } from "@lumen/core/cfs";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { parseDocument } from "@lumen/core/encoding";
import { ok } from "@lumen/core/result";
import type { RunEndStatus } from "@lumen/core/trace";
import { RunRecorder } from "@lumen/raster";
import { type Journal, resumeJournal } from "@lumen/runtime";
import { type LinkedProgram, linkProgram } from "@lumen/vm";
import { nextNumber } from "../checkpoint-store.ts";
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
import { lockTrace } from "../trace-lock.ts";
import { findTrace } from "../trace-store.ts";
import { forkRun, type NamedSnapshot, namedSnapshot, writeFork } from "./fork.ts";
import { journalFrom, newestSnapshot, type SnapshotStart, startAt } from "./from-snapshot.ts";
import { continueWriting, type OpenRun, openRun } from "./open-run.ts";
import { Prefix, ResumedTracer, resumedClock } from "./prefix.ts";
import { recordedTiles } from "./recorded-tiles.ts";

/** Which run is to go on. The rest is that of the run: program, input, mode, form of the trace. */
export interface ResumeRequest
  extends Pick<RunRequest, "args" | "console" | "durable" | "providers"> {
  /** A run id, the beginning of one, a trace file, or the id of a snapshot. */
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
      /** What could not be used, for people. */
      readonly warnings: readonly string[];
    };

/**
 * Goes on with a run, in its own trace; from a snapshot, in a new one. E_RUN_BUSY where another
 * process writes it; E_DIVERGENCE where what is recorded does not come out again; E_MISSING_VALUE
 * for a trace of digests.
 */
export async function resumeRun(request: ResumeRequest): Promise<UseCase<ResumeReport>> {
  const named = namedSnapshot(request.run, request.projectFolder);
  if (named !== null) return forkAt(named, request);
  const path = findTrace(request.run, request.projectFolder);
  if (!path.ok) return refuse(path.error);
  const lock = lockTrace(path.value);
  if (!lock.ok) return refuse(lock.error);
  try {
    return await resumeAt(path.value, request);
  } finally {
    lock.value.release();
  }
}

async function resumeAt(path: string, request: ResumeRequest): Promise<UseCase<ResumeReport>> {
  const open = openRun(path);
  if (!open.ok) return refuse(open.error);
  const { ended } = open.value;
  if (ended !== null) return ok({ kind: "finished", path, status: ended });
  const trace = await openTraceAt(path, { ...request, program: undefined });
  if (!trace.ok) return refuse(trace.error);
  return resumeOpen(open.value, trace.value, request, (timestamp) =>
    continueWriting(open.value, { durable: request.durable, timestamp }),
  );
}

/**
 * Goes on from a snapshot as another run, whose trace begins with what is recorded up to there:
 * what came after it stays what it was.
 */
async function forkAt(
  { path, number }: NamedSnapshot,
  request: ResumeRequest,
): Promise<UseCase<ResumeReport>> {
  const read = openRun(path);
  if (!read.ok) return refuse(read.error);
  const forked = forkRun(read.value, number);
  if (!forked.ok) return refuse(forked.error);
  const open = forked.value;
  const trace = await openTraceAt(path, { ...request, program: undefined });
  if (!trace.ok) return refuse(trace.error);
  const lock = lockTrace(open.path);
  if (!lock.ok) return refuse(lock.error);
  return resumeOpen(open, trace.value, request, (timestamp) =>
    writeFork(open, { durable: request.durable, timestamp }),
  ).finally(lock.value.release);
}

/** Goes on with a run whose trace was read; `write` is called for the first new event. */
async function resumeOpen(
  open: OpenRun,
  trace: RecordedProgram,
  request: ResumeRequest,
  write: OpenTracer,
): Promise<UseCase<ResumeReport>> {
  const { program } = trace;
  if (program === null) return refuse(noProgram(open.path));
  const { entry } = open.header;
  const warnings: string[] = [];
  const going = { open, trace: { ...trace, program }, request, write, warnings };
  const isCell = program.program.cells.some((cell) => cell.name === entry);
  const report = await (isCell ? goOnCell(going) : goOnSequence(going));
  if (!report.ok) return report;
  const run = readRun(open);
  return ok({
    kind: "resumed",
    path: open.path,
    report: report.value,
    records: run.records.length,
    askedAgain: run.journal.requests.length - run.journal.answers.length,
    warnings,
  });
}

function readRun({ events }: OpenRun): ReturnType<RunReader["end"]> {
  const reader = new RunReader();
  for (const event of events) reader.take(event);
  return reader.end();
}

function noProgram(path: string): Failure {
  const message = "the trace does not bind its code, so there is nothing to go on with";
  return failure("E_ARTIFACT_MISSING", "load", message, { subject: path });
}

/** A recording that repeats the events of the trace from a position, and then writes. */
function recordingOf(open: OpenRun, from: number, write: OpenTracer): Recording {
  const { header, path } = open;
  const prefix = new Prefix(open.events, from);
  const tracer = new ResumedTracer(prefix, write);
  const clock = resumedClock(prefix, header.deterministic);
  return {
    recorder: new RunRecorder({ tracer, io: header.io, clock }),
    tracePath: path,
    runId: header.runId,
    release: () => {
      tracer.finalize();
    },
  };
}

type OpenTracer = ConstructorParameters<typeof ResumedTracer>[1];

/** A run that goes on. */
interface Going {
  readonly open: OpenRun;
  readonly trace: RecordedProgram & { readonly program: ReadProgram };
  readonly request: ResumeRequest;
  readonly write: OpenTracer;
  /** Told to people. */
  readonly warnings: string[];
}

async function goOnCell(going: Going): Promise<UseCase<RunReport>> {
  const { open, trace, request } = going;
  const { header, path, events } = open;
  const { program: file, tiles } = trace;
  const project = projectOfBundle(file, projectOf(path, request.projectFolder));
  if (!project.ok) return refuse(project.error);
  const entry = file.program.cells.find((cell) => cell.name === header.entry);
  if (entry === undefined) return refuse(noProgram(path));
  const inputs = recordedInputs(entry, readRun(open).input);
  if (!inputs.ok) return refuse(inputs.error);
  const linked = linkProgram(file.program.modules);
  if (!linked.ok) return refuse(linked.error);
  const { deterministic } = header;
  const kinds = request.providers ?? LOCAL_KINDS;
  const tools = openTools(project.value, { kinds, deterministic });
  if (!tools.ok) return refuse(tools.error);
  const { from, recording, start, journal } = beginning(going, linked.value);
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
    tiles: recordedTiles(tiles, events.slice(from)),
    tools: tools.value,
    recording,
    resumption: resumeJournal(journal, { deterministic }),
    start,
    firstHandle: journal.requests.length + (start?.count ?? 0) + 1,
    firstSnapshot: nextNumber(header.runId, events),
    console: request.console,
    deterministic,
    args: request.args,
  });
}

interface Beginning {
  /** Events before this position are not made again. */
  readonly from: number;
  readonly recording: Recording;
  readonly start: SnapshotStart | null;
  readonly journal: Journal;
}

/** The newest snapshot that can be used and the journal from there on, else the whole journal. */
function beginning({ open, trace, write, warnings }: Going, program: LinkedProgram): Beginning {
  const { path: tracePath, events } = open;
  const { programId } = trace.program.bundle.index;
  const snapshot = newestSnapshot({ tracePath, events, program, programId }, (text) =>
    warnings.push(text),
  );
  if (snapshot === null) {
    const { journal } = readRun(open);
    return { from: 0, recording: recordingOf(open, 0, write), start: null, journal };
  }
  const from = snapshot.at + 1;
  const recording = recordingOf(open, from, write);
  const start = startAt(snapshot, events, { recorder: recording.recorder, programId });
  return { from, recording, start, journal: journalFrom(start, snapshot, events) };
}

async function goOnSequence({ open, trace, request, write }: Going): Promise<UseCase<RunReport>> {
  const { header, path, events } = open;
  const { program: file, tiles } = trace;
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
    record: () => ok(recordingOf(open, 0, write)),
  });
}

function schemaOf(file: ReadProgram, entry: string): ReturnType<typeof readCfs> {
  const document = parseDocument(cfsText(file.program), { subject: "cfs.json" });
  return document.ok ? readCfs(document.value, { entry }) : document;
}
