// `lumen run`: compile, read the input, run the entry, record what happened (formats 11, 13, 15).

import { type Cfs, readCfs, selectEntry } from "@lumen/core/cfs";
import type { GenesisRecord } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { parseDocument } from "@lumen/core/encoding";
import type { CellEntry, SequenceEntry } from "@lumen/core/program";
import { ok, type Result, required } from "@lumen/core/result";
import { type LoadedTile, runSequence } from "@lumen/raster";
import { type RunnableProject, requireCode } from "./compile-project.ts";
import { openFingerprint } from "./fingerprint-file.ts";
import { type InputSource, readInput } from "./input.ts";
import { locateFault, type WatchedTiles, watchTiles } from "./locate-fault.ts";
import { nearest } from "./nearest.ts";
import { openProgram } from "./open-program.ts";
import { cfsText, type ProgramFile, packProgram } from "./program-file.ts";
import { programRules } from "./program-rules.ts";
import { openRecording, type Recording } from "./recording.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { runEntryCell } from "./run-cell.ts";
import {
  evidenceOf,
  outputOf,
  type RunFailure,
  type RunReport,
  type RunRequest,
  recordingOptions,
} from "./run-report.ts";
import { runTiles } from "./run-tiles.ts";
import { projectScrub } from "./secret-guard.ts";

/**
 * Runs a program. A failure of the program is an outcome; a refusal means that nothing ran to an
 * end.
 */
export async function runProgram(request: RunRequest): Promise<UseCase<RunReport>> {
  if (request.fingerprint === undefined) return runRecorded(request);
  const fingerprint = openFingerprint(request.fingerprint);
  if (!fingerprint.ok) return refuse(fingerprint.error);
  const ran = await runRecorded({ ...request, tracer: fingerprint.value.tracer });
  if (!ran.ok) return ran;
  const settled = fingerprint.value.settle();
  return settled.ok ? ok({ ...ran.value, fingerprint: settled.value }) : refuse(settled.error);
}

async function runRecorded(request: RunRequest): Promise<UseCase<RunReport>> {
  const opened = await openProgram(request.target, request.options);
  if (!opened.ok) return opened;
  const project = opened.value;
  const coded = requireCode(project);
  if (!coded.ok) return refuse(coded.error);
  const entry = selectRunEntry(project, request);
  if (!entry.ok) return entry;
  const packed = packProgram(project);
  if (!packed.ok) return refuse(packed.error);
  return entry.value.kind === "sequence"
    ? runEntrySequence(project, entry.value.sequence, packed.value, request)
    : runEntryCell(project, entry.value.cell, packed.value, request);
}

type Entry =
  | { readonly kind: "sequence"; readonly sequence: SequenceEntry }
  | { readonly kind: "cell"; readonly cell: CellEntry };

/** `--cell`, else the sequence of rule 11.1, else the ordinary cell `main`. */
function selectRunEntry(project: RunnableProject, request: RunRequest): UseCase<Entry> {
  const { program } = project;
  const cellName = request.cell ?? "main";
  const cell = program.cells.find((c) => c.name === cellName);
  const isSequence = program.sequences.some((s) => s.id === (request.sequence ?? "main"));
  if (
    request.cell !== undefined ||
    (request.sequence === undefined && !isSequence && cell !== undefined)
  ) {
    if (cell !== undefined) return ok({ kind: "cell", cell });
    return refuse(noCell(project, cellName));
  }
  const selected = selectSequence(project, request.sequence);
  if (selected.ok) return ok({ kind: "sequence", sequence: selected.value });
  if (request.sequence !== undefined) return refuse(selected.error);
  const message = "there is neither a sequence nor a cell 'main' to run";
  return refuse(nothingToRun(project, selected.error.code, message));
}

/** The sequence of rule 11.1: E_NO_ENTRY, E_ENTRY_AMBIGUOUS. */
export function selectSequence(
  { program }: RunnableProject,
  wanted: string | undefined,
): Result<SequenceEntry, Failure> {
  const text = parseDocument(cfsText(program), { subject: "cfs.json" });
  if (!text.ok) return text;
  const cfs = readCfs(text.value);
  if (!cfs.ok) return cfs;
  const selected = selectEntry(cfs.value, wanted);
  if (!selected.ok) return selected;
  const sequence = program.sequences.find((s) => s.id === selected.value);
  return ok(required(sequence, "the schema lists the program's sequences"));
}

/** The cell that is meant is one that can be run. */
function noCell(project: RunnableProject, name: string): Failure {
  const names = project.program.cells.map((c) => c.name);
  const near = nearest(name, names);
  const meant = near === null ? "" : `; did you mean '${near}'?`;
  return nothingToRun(project, "E_NO_CELL", `there is no cell '${name}' to run${meant}`);
}

/** A refusal that names everything that could be run instead. */
function nothingToRun(project: RunnableProject, code: Failure["code"], message: string): Failure {
  const { cells, sequences } = project.program;
  const parts = [
    ["--cell", cells.map((c) => c.name)] as const,
    ["--sequence", sequences.map((s) => s.id)] as const,
  ];
  const there = parts.filter(([, names]) => names.length > 0);
  const hint =
    there.length === 0
      ? "The document declares no ordinary cell and no sequence."
      : `Choose with ${there.map(([option, names]) => `${option} (${names.join(", ")})`).join(" or ")}.`;
  return failure(code, "load", message, { subject: project.project.entryPath, hint });
}

async function runEntrySequence(
  project: RunnableProject,
  entry: SequenceEntry,
  packed: ProgramFile,
  request: RunRequest,
): Promise<UseCase<RunReport>> {
  const ready = openSequence(project, entry, request.input);
  if (!ready.ok) return refuse(ready.error);
  const tiles = await runTiles(project, request);
  if (!tiles.ok) return refuse(tiles.error);
  const options = recordingOptions(project, request);
  return driveSequence({
    project,
    entry,
    ...ready.value,
    programId: packed.programId,
    tiles: tiles.value,
    record: (genesis) =>
      openRecording({ project: project.project, program: packed, genesis, options }),
  });
}

/** Schema and input of a sequence: what it takes to run it, tiles apart. */
export function openSequence(
  { program, project }: RunnableProject,
  entry: SequenceEntry,
  source: InputSource,
): Result<Pick<SequenceJob, "cfs" | "inputs">, Failure> {
  const rules = programRules(program);
  if (!rules.ok) return rules;
  const guarded = { ...source, scrub: projectScrub(project) };
  const input = readInput(entry.params, guarded, rules.value);
  if (!input.ok) return input;
  const document = parseDocument(cfsText(program), { subject: "cfs.json" });
  if (!document.ok) return document;
  const cfs = readCfs(document.value, { entry: entry.id });
  return cfs.ok ? ok({ cfs: cfs.value, inputs: input.value.slots }) : cfs;
}

/** A sequence that is ready to run, or to go on. */
export interface SequenceJob {
  readonly project: RunnableProject;
  readonly entry: SequenceEntry;
  readonly cfs: Cfs;
  readonly inputs: readonly Uint8Array[];
  readonly programId: Uint8Array;
  readonly tiles: ReadonlyMap<string, LoadedTile>;
  /** Called once, when the first record is known; released at the end. */
  readonly record: (genesis: GenesisRecord) => Result<Recording, Failure>;
}

/** Runs the sequence to its end, and its recording. */
export async function driveSequence(job: SequenceJob): Promise<UseCase<RunReport>> {
  const { project, entry, programId } = job;
  const watched = watchTiles(job.tiles);
  const opened: Recording[] = [];
  const run = await runSequence({
    cfs: job.cfs,
    entry: entry.id,
    inputs: job.inputs,
    programId,
    tiles: watched.tile,
    startRecorder: (genesis) => {
      const recording = job.record(genesis);
      if (!recording.ok) return recording;
      opened.push(recording.value);
      return ok(recording.value.recorder);
    },
  }).finally(() => {
    for (const recording of opened) recording.release();
  });
  if (!run.ok) return refuse(run.error);
  const ended = run.value.outcome;
  const outcome: RunReport["outcome"] =
    ended.kind === "failed"
      ? { kind: "failed", failure: await located(ended, project, watched) }
      : outputOf(entry.output, ended.output);
  return ok({
    kind: "sequence",
    entry: entry.id,
    outcome,
    evidence: evidenceOf(opened[0] ?? null, run.value, programId),
    fingerprint: null,
    warnings: project.diagnostics,
    project,
  });
}

/** The failure with source positions, where the tile that failed is known. */
async function located(
  failed: RunFailure,
  project: RunnableProject,
  watched: WatchedTiles,
): Promise<RunFailure> {
  const last = watched.last();
  // A bound is found between two executions: the tile that ran last is the one that recurs.
  if (failed.code === "E_RECUR_LIMIT" && last !== null)
    return { ...failed, message: `${failed.message} in tile '${last.tileId}'` };
  if (failed.tileId === null || last === null || last.tileId !== failed.tileId) return failed;
  const stack = await locateFault(project, { ...last, code: failed.code });
  return stack.length === 0 ? failed : { ...failed, stack };
}
