// Runs an ordinary cell as entry: requests through the door, tiles as recorded steps (formats
// 15.4).

import { schemaHash } from "@lumen/core/cfs";
import { type Failure, type Fault, failure } from "@lumen/core/diagnostic";
import { decodeValue, encodeValue, parseDocument, valueToJsonText } from "@lumen/core/encoding";
import type { CellEntry, Program, TileEntry } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import {
  makeErr,
  makeOk,
  Tuple,
  type TypeDescriptor,
  type Value,
  VariantValue,
  variantPart,
} from "@lumen/core/value";
import {
  CellRecorder,
  type CellRun,
  cellGenesis,
  type LoadedTile,
  type OpenRequest,
  type RequestCall,
} from "@lumen/raster";
import {
  type CellOutcome,
  type Checkpoints,
  type Host,
  HostStop,
  type JournalRequest,
  type JournalSink,
  makeCheckpoints,
  makeNetwork,
  type Network,
  type Resumption,
  recordingLayer,
  runCell,
  type TaskMove,
  type TileAnswer,
  type TileRequest,
} from "@lumen/runtime";
import { type LinkedProgram, linkProgram, type RunOptions } from "@lumen/vm";
import { checkpointStore } from "./checkpoint-store.ts";
import type { RunnableProject } from "./compile-project.ts";
import { type InputParam, readInput } from "./input.ts";
import { makeLocalHost } from "./local-host.ts";
import { cfsText, type ProgramFile } from "./program-file.ts";
import { programRules } from "./program-rules.ts";
import { openRecording, type Recording } from "./recording.ts";
import { refuse, type UseCase } from "./refusal.ts";
import type { SnapshotStart } from "./resume/from-snapshot.ts";
import {
  evidenceOf,
  faultFailure,
  type RunOutput,
  type RunReport,
  type RunRequest,
  recordingOptions,
  tryDisplay,
} from "./run-report.ts";
import { runTiles } from "./run-tiles.ts";
import { projectScrub } from "./secret-guard.ts";
import { LOCAL_KINDS, openTools, type RunTools } from "./tools.ts";

/** Runs the cell and records it. */
export async function runEntryCell(
  project: RunnableProject,
  entry: CellEntry,
  packed: ProgramFile,
  request: RunRequest,
): Promise<UseCase<RunReport>> {
  const { program } = project;
  const input = await cellInput(project, entry, request);
  if (!input.ok) return refuse(input.error);
  const linked = linkProgram(program.modules);
  if (!linked.ok) return refuse(linked.error);
  request.tiers?.add(linked.value, null);
  const tiles = await runTiles(project, request);
  if (!tiles.ok) return refuse(tiles.error);
  const document = parseDocument(cfsText(program), { subject: "cfs.json" });
  if (!document.ok) return refuse(document.error);
  const run: CellRun = {
    entry: entry.name,
    programId: packed.programId,
    schemaHash: schemaHash(document.value),
    inputs: input.value.slots,
  };
  const opened = openTools(project, {
    kinds: request.providers ?? LOCAL_KINDS,
    deterministic: request.deterministic,
  });
  if (!opened.ok) return refuse(opened.error);
  const tools = opened.value;
  const options = recordingOptions(project, request);
  const recording = openRecording({
    project: project.project,
    program: packed,
    genesis: cellGenesis(run),
    options,
  });
  if (!recording.ok) return refuse(recording.error);
  const { console, deterministic, args } = request;
  return driveCell({
    project,
    entry,
    run,
    values: input.value.values,
    linked: linked.value,
    tiles: tiles.value,
    tools,
    recording: recording.value,
    resumption: null,
    start: null,
    console,
    deterministic,
    args,
    ...(request.tiers === undefined ? {} : { compile: request.tiers.compile }),
  });
}

/** A cell that is ready to run, or to go on. */
export interface CellJob extends Pick<RunRequest, "console" | "deterministic" | "args"> {
  readonly project: RunnableProject;
  readonly entry: CellEntry;
  readonly run: CellRun;
  /** The inputs, one per parameter. */
  readonly values: readonly Value[];
  readonly linked: LinkedProgram;
  readonly tiles: ReadonlyMap<string, LoadedTile>;
  /** Closed at the end. */
  readonly tools: RunTools;
  /** Released at the end. */
  readonly recording: Recording;
  /** Of a run that goes on: what knows the recorded answers. */
  readonly resumption: Resumption | null;
  /** Of a run that goes on from a snapshot; null begins at the entry. */
  readonly start: SnapshotStart | null;
  /** The number of the first socket; lower ones are those of sockets that are gone. */
  readonly firstHandle?: number;
  /** The number of the first snapshot that is made; 1 when absent. */
  readonly firstSnapshot?: number;
  /** What is compiled, as in machines. */
  readonly compile?: RunOptions["compile"];
}

/** Runs the cell to its end, and its recording. */
export async function driveCell(job: CellJob): Promise<UseCase<RunReport>> {
  const { project, entry, recording, tools, resumption, start } = job;
  const { program } = project;
  const network = makeNetwork(job.firstHandle);
  try {
    const recorder = new CellRecorder(recording.recorder, start === null ? job.run : null);
    if (start === null) recorder.enterCell(entry.name);
    const checkpoints = checkpointsOf(job, recorder, network);
    const outcome = await runCell({
      program: job.linked,
      entry: entry.cell,
      args: job.values,
      host: hostOf(job, { recorder, network, checkpoints }),
      ...(job.compile === undefined ? {} : { compile: job.compile }),
      runTile: (tile) => runRecordedTile(tile, program, job.tiles, recorder),
      onTask: (move) => recordTask(recorder, move),
      scrub: projectScrub(project.project),
      ...(checkpoints === null ? {} : { onSuspended: checkpoints.suspended }),
      ...(start === null ? {} : { machine: start.machine }),
      ...(resumption === null ? {} : { waiting: resumption.waiting }),
    });
    return finishRun(job, outcome, recorder);
  } finally {
    recording.release();
    network.close();
    await tools.close();
  }
}

/** Snapshots stand beside the trace; without one there are none. */
function checkpointsOf(
  { project, recording, run, firstSnapshot = 1 }: CellJob,
  recorder: CellRecorder,
  network: Network,
): Checkpoints | null {
  const { tracePath, runId } = recording;
  if (tracePath === null) return null;
  const { programId } = run;
  const scrub = projectScrub(project.project);
  const store = { tracePath, runId, programId, recorder, network, scrub, first: firstSnapshot };
  return makeCheckpoints(checkpointStore(store));
}

interface HostParts {
  readonly recorder: CellRecorder;
  readonly network: Network;
  readonly checkpoints: Checkpoints | null;
}

function hostOf(job: CellJob, { recorder, network, checkpoints }: HostParts): Host {
  const { project, console, deterministic, args, tools, resumption, start } = job;
  const { runId } = job.recording;
  const open = start?.open ?? [];
  const sink = sinkOf(
    recorder,
    tools.providerOf,
    open.map(({ request }) => request),
  );
  const journal = recordingLayer(sink, {
    // The id of a deterministic run is that of every run like it, so it names no request.
    runId: deterministic ? null : runId,
    open: open.map(({ number }) => number),
    count: start?.count ?? 0,
  });
  return makeLocalHost(project, {
    console,
    deterministic,
    args,
    runId,
    network,
    journal: resumption === null ? [journal] : [journal, resumption.layer],
    tools,
    checkpoints,
    ...(start === null ? {} : { before: start.before }),
    snapshots: null,
  });
}

async function cellInput(
  project: RunnableProject,
  entry: CellEntry,
  request: RunRequest,
): Promise<
  Result<{ readonly values: readonly Value[]; readonly slots: readonly Uint8Array[] }, Failure>
> {
  const params: InputParam[] = [];
  for (const param of entry.params) {
    if (param.type === null) {
      const message = `parameter '${param.name}' of '${entry.name}' has a type that cannot come from outside`;
      return err(failure("E_NOT_SERIALIZABLE", "load", message, { subject: entry.name }));
    }
    params.push({ name: param.name, type: param.type });
  }
  const rules = programRules(project.program);
  if (!rules.ok) return rules;
  return readInput(params, { ...request.input, scrub: projectScrub(project.project) }, rules.value);
}

/**
 * The journal is the trace: requests and answers go to the recorder. `reopened` are in it already;
 * they are asked first, in their order.
 */
function sinkOf(
  recorder: CellRecorder,
  providerOf: RunTools["providerOf"],
  reopened: readonly OpenRequest[],
): JournalSink {
  const open = new Map<number, OpenRequest>();
  const again = [...reopened];
  return {
    open: (asked) => {
      const request = again.shift() ?? recorder.openRequest(callOf(asked, providerOf), asked.task);
      open.set(request.span, request);
      // What could not be written down does not leave.
      if (recorder.failure !== null) throw new HostStop(recorder.failure);
      return request.span;
    },
    close: (handle, answer) => {
      const request = typeof handle === "number" ? open.get(handle) : undefined;
      if (request === undefined) return ok(null);
      open.delete(request.span);
      return recorder.answerRequest(request, answer);
    },
  };
}

/** A request as traces tell it: tools by their id, `policy` the reference in policy.json. */
export function callOf(
  { effect, operation, args, tool }: JournalRequest,
  providerOf: RunTools["providerOf"],
): RequestCall {
  if (tool === undefined) return { kind: "effect", effect, operation, args };
  const { id, version, alias, ref } = tool;
  const provider = providerOf(tool);
  return { kind: "tool", tool: id, version, alias, provider, policy: ref, args };
}

/**
 * The beginning or end of a task, or a move of a process; what they give, a replay gives again.
 */
export function recordTask(recorder: CellRecorder, move: TaskMove): void {
  switch (move.kind) {
    case "spawned":
      recorder.startFuture(move);
      return;
    case "moved":
      recorder.moveState({ ...move, given: stateBytes(move.given) });
      return;
    case "ended": {
      const { future, state, message } = move;
      const encoded = state === "Ok" ? null : encodeValue("json", message);
      const result = encoded?.ok === true ? encoded.value : new Uint8Array();
      recorder.endFuture({ future, state, result });
    }
  }
}

/** Wire bytes as `json`; of what has no such form, the text that people read (formats 13.4). */
export function stateBytes(value: Value): Uint8Array {
  const encoded = encodeValue("json", value);
  if (encoded.ok) return encoded.value;
  const shown = tryDisplay(value);
  const text = encodeValue("json", shown.kind === "text" ? shown.text : "nested too deeply");
  return text.ok ? text.value : new Uint8Array();
}

/** A tile that the cell calls runs on its own, from bytes to bytes, and is a step of the record. */
export async function runRecordedTile(
  request: TileRequest,
  program: Program,
  tiles: ReadonlyMap<string, LoadedTile>,
  recorder: Pick<CellRecorder, "runTile">,
): Promise<TileAnswer> {
  const entry = program.tiles.find(
    ({ guest }) =>
      guest.kind === "lir" &&
      guest.cell.module === request.module &&
      guest.cell.name === request.name,
  );
  const tile = tiles.get(request.name);
  if (entry === undefined || tile === undefined) {
    return {
      kind: "stopped",
      failure: failure("E_TILE_NOT_FOUND", "execute", `there is no tile '${request.name}'`),
    };
  }
  const input = encodeInput(entry, request.args);
  if (!input.ok) return { kind: "stopped", failure: input.error };
  const { iteration, task } = request;
  const ran = await recorder.runTile(tile, { iteration, input: input.value, task });
  if (!ran.ok) return { kind: "stopped", failure: ran.error };
  if (ran.value.kind === "finished") return tileValue(entry, ran.value.output);
  const { code, message, error } = ran.value.failure;
  if (code !== "E_TILE_FAILED" || entry.error === null) return { kind: "faulted", code, message };
  const decoded = decodeValue(entry.error, error);
  return decoded.ok
    ? { kind: "value", value: makeErr(decoded.value) }
    : { kind: "stopped", failure: decoded.error };
}

function tileValue(entry: TileEntry, output: Uint8Array): TileAnswer {
  const decoded = decodeValue(entry.output, output);
  if (!decoded.ok) return { kind: "stopped", failure: decoded.error };
  return { kind: "value", value: entry.error === null ? decoded.value : makeOk(decoded.value) };
}

function encodeInput(entry: TileEntry, args: readonly Value[]): Result<Uint8Array, Failure> {
  const [only, second] = entry.params;
  if (only === undefined) return ok(new Uint8Array());
  if (second === undefined) return encodeValue(only.type, args[0] ?? null);
  return encodeValue({ tuple: entry.params.map((p) => p.type) }, new Tuple([...args]));
}

function finishRun(
  { project, entry, recording, resumption, run }: CellJob,
  outcome: CellOutcome,
  recorder: CellRecorder,
): UseCase<RunReport> {
  if (outcome.kind === "stopped") {
    // A run that could not go on may be taken up once more: its trace stays without an end.
    if (resumption === null) {
      recorder.leaveCell();
      recorder.abort();
    }
    return refuse(outcome.failure);
  }
  recorder.leaveCell();
  const ended = endingOf(entry, outcome);
  const summary = recorder.finish(ended.ending);
  if (!summary.ok) return refuse(summary.error);
  return ok({
    kind: "cell",
    entry: entry.name,
    outcome: ended.outcome,
    evidence: evidenceOf(recording, summary.value, run.programId),
    fingerprint: null,
    warnings: project.diagnostics,
    project,
  });
}

type Ending = Parameters<CellRecorder["finish"]>[0];

/** The ending of a cell run: its value by the declared type, or the fault. */
export function endingOf(
  entry: CellEntry,
  outcome: Exclude<CellOutcome, { kind: "stopped" }>,
): { readonly ending: Ending; readonly outcome: RunReport["outcome"] } {
  if (outcome.kind === "faulted") return faultEnding(outcome.fault);
  if (outcome.kind === "exited") {
    // The status stands in the record of the request; the run ends as one that halted.
    const ending: Ending = { kind: "Err", code: "E_TRAP_HALT", error: new Uint8Array() };
    return { ending, outcome: { kind: "exited", status: outcome.status } };
  }
  const type: TypeDescriptor = entry.output ?? "unit";
  const encoded = encodeValue(type, entry.output === null ? null : outcome.value);
  const output = encoded.ok ? encoded.value : new Uint8Array();
  const shown = cellOutput(entry.output, outcome.value, output);
  if (!shown.ok) return faultEnding(shown.error);
  return {
    ending: { kind: "Ok", output },
    outcome: { kind: "ok", output: shown.value },
  };
}

function faultEnding(fault: Fault): {
  readonly ending: Ending;
  readonly outcome: RunReport["outcome"];
} {
  return {
    ending: { kind: "Err", code: fault.code, error: new Uint8Array() },
    outcome: { kind: "failed", failure: faultFailure(fault) },
  };
}

/** `type` null: the result has no wire form, so it has no JSON form either. */
function cellOutput(
  type: TypeDescriptor | null,
  value: Value,
  bytes: Uint8Array,
): Result<RunOutput, Fault> {
  const json = type === null ? null : valueToJsonText(type, value);
  const isResult = value instanceof VariantValue && value.variant.shape.name === "result";
  const isErr = isResult && value.variant.tag === 1;
  const shown = tryDisplay(isErr ? variantPart(value, 0) : value);
  if (shown.kind === "fault") return err(shown.fault);
  return ok({
    display: value === null ? null : shown.text,
    json: json?.ok ? json.value : null,
    bytes,
    isErr,
  });
}
