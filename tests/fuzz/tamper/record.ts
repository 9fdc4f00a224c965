// Runs of generated programs, and traces put together again from their steps: frame chain, spans,
// indices and RunEnd fit whatever the steps say, so that only their checks can find what is wrong.

import { readCfs, writeCfs } from "@lumen/core/cfs";
import {
  type FinalRecord,
  type GenesisRecord,
  leafOf,
  MerkleLog,
  type Outcome,
  type TileRecord,
} from "@lumen/core/commit";
import { concatBytes } from "@lumen/core/hash";
import { ok, type Result } from "@lumen/core/result";
import type { TraceEvent, TraceEventOf, TraceHeader } from "@lumen/core/trace";
import {
  binaryTracer,
  type LoadedTile,
  MemoryTracer,
  RunRecorder,
  runSequence,
} from "@lumen/raster";
import type { TamperProgram } from "./programs.ts";
import { tileOf } from "./tiles.ts";

/** A step with what the trace stores beside its record. */
export interface Step {
  readonly record: TileRecord;
  readonly input: Uint8Array;
  readonly output: Uint8Array | null;
}

/** A whole run. */
export interface TamperRun {
  readonly document: unknown;
  readonly genesis: GenesisRecord;
  readonly inputs: readonly Uint8Array[];
  readonly steps: readonly Step[];
  readonly final: FinalRecord;
  /** Bytes of the value of the run; null for one that failed. */
  readonly output: Uint8Array | null;
}

/** A program id that is not zero: the code is bound. */
export const PROGRAM_ID: Uint8Array = new Uint8Array(32).fill(9);

/** Code bytes by tile id are those of tiles.ts; `tiles` may run others. */
export async function recordRun(
  program: TamperProgram,
  tiles: (id: string) => LoadedTile | undefined = tileOf,
): Promise<{ readonly run: TamperRun; readonly trace: Uint8Array }> {
  const document: unknown = JSON.parse(writeCfs(program.cfs));
  const cfs = expectValue(readCfs(document, { entry: "main" }));
  const memory = new MemoryTracer();
  const ran = await runSequence({
    cfs,
    entry: "main",
    inputs: program.inputs,
    programId: PROGRAM_ID,
    tiles,
    startRecorder: () => ok(recorderOf(memory)),
  });
  const { outcome } = expectValue(ran);
  const { events } = memory;
  const run = runOf(document, events, program.inputs);
  const output = outcome.kind === "ok" ? outcome.output : null;
  return { run: { ...run, output }, trace: fileOf(run.genesis, events) };
}

function recorderOf(tracer: MemoryTracer): RunRecorder {
  return new RunRecorder({ tracer, io: "Inline", clock: { kind: "logical" } });
}

function runOf(
  document: unknown,
  events: readonly TraceEvent[],
  inputs: readonly Uint8Array[],
): TamperRun {
  const steps: Step[] = [];
  const framing: { genesis?: GenesisRecord; final?: FinalRecord } = {};
  for (const event of events) {
    if (event.kind !== "TileStep") continue;
    const { record } = event;
    if (record.kind === "Genesis") framing.genesis = record;
    if (record.kind === "Final") framing.final = record;
    if (record.kind === "Tile") steps.push(stepOf(event, record));
  }
  const { genesis, final } = framing;
  if (genesis === undefined || final === undefined) throw new Error("a run has its framing");
  return { document, genesis, inputs, steps, final, output: null };
}

function stepOf({ input, output }: TraceEventOf<"TileStep">, record: TileRecord): Step {
  if (input === null) throw new Error("the run was recorded with its bytes");
  return { record, input, output };
}

/** The trace of these steps, as one flat sequence of them. */
export function traceOf(run: TamperRun): Uint8Array {
  const memory = new MemoryTracer();
  const recorder = recorderOf(memory);
  recorder.begin(run.genesis, run.inputs);
  recorder.startSequence(run.genesis.entry, []);
  for (const step of run.steps) writeStep(recorder, step);
  const { outcome } = run.final;
  if (outcome.kind === "Ok") recorder.endSequence();
  else recorder.failSequence(errorOf(outcome));
  expectValue(recorder.finish(outcome, run.output));
  return fileOf(
    run.genesis,
    memory.events.map((event) => withFinal(event, run.final)),
  );
}

/** The recorder counts the steps of Final itself; a forger writes what he likes. */
function withFinal(event: TraceEvent, final: FinalRecord): TraceEvent {
  return event.kind === "TileStep" && event.record.kind === "Final"
    ? { ...event, record: final }
    : event;
}

function writeStep(recorder: RunRecorder, { record, input, output }: Step): void {
  const { tileId, iteration, path, outcome } = record;
  const tile = tileOf(tileId);
  recorder.startTile({ tileId, iteration, path });
  recorder.recordTile({
    record,
    backend: "native",
    methodId: tile?.methodId ?? PROGRAM_ID,
    input,
    output,
    proof: null,
  });
  if (outcome.kind === "Ok") recorder.endTile(null);
  else recorder.failTile(errorOf(outcome));
}

function errorOf({ code }: Outcome & { readonly kind: "Err" }): {
  readonly code: string;
  readonly message: string;
  readonly domain: "Verifiable";
  readonly details: null;
} {
  return { code, message: "failed", domain: "Verifiable", details: null };
}

function fileOf(genesis: GenesisRecord, events: readonly TraceEvent[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  const header: TraceHeader = {
    runId: "tampered",
    timestamp: 0n,
    project: "tampered",
    programId: genesis.programId,
    schemaHash: genesis.schemaHash,
    entry: genesis.entry,
    mode: "Native",
    io: "Inline",
    deterministic: true,
    producer: "test",
  };
  const tracer = binaryTracer(header, (bytes) => {
    chunks.push(bytes);
    return ok(null);
  });
  for (const event of recommitted(events)) expectValue(tracer.recordEvent(event));
  return concatBytes(...chunks);
}

/** RunEnd states the tree of the records that are there. */
function recommitted(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const log = new MerkleLog();
  for (const event of events) if (event.kind === "TileStep") log.push(leafOf(event.record));
  const { size } = log;
  return events.map((event) =>
    event.kind === "RunEnd" ? { ...event, steps: size - 2, size, root: log.root() } : event,
  );
}

function expectValue<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`expected a value: ${JSON.stringify(result.error)}`);
  return result.value;
}
