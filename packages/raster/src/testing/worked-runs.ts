// For tests: the worked programs of spec/formats.md 23 with their tiles as JavaScript functions,
// and recording into memory.

import { readFileSync } from "node:fs";
import { type Cfs, readCfs } from "@lumen/core/cfs";
import { type GenesisRecord, methodId } from "@lumen/core/commit";
import type { Failure } from "@lumen/core/diagnostic";
import { encodeWith, wire } from "@lumen/core/encoding";
import { concatBytes, fromHex, utf8Encode } from "@lumen/core/hash";
import { ok, type Result, required } from "@lumen/core/result";
import type { TraceHeader, TraceIo } from "@lumen/core/trace";
import type { LoadedTile, TileErrorCode, TileResult } from "../backend.ts";
import { RunRecorder, type TraceClock } from "../recorder.ts";
import { runSequence, type SequenceRun } from "../runner.ts";
import { binaryTracer } from "../tracers.ts";

interface Worked {
  readonly schema_hash: readonly { readonly cfs: unknown }[];
  readonly commitment: {
    readonly records: readonly { readonly postcard: string }[];
    readonly root: string;
    readonly size: number;
    readonly trace_commitment: string;
  };
  readonly trace_file: { readonly file: string };
  readonly fingerprint: readonly { readonly file: string }[];
  readonly recur: RunVector & { readonly cfs: unknown; readonly code: string };
  readonly control: RunVector & {
    readonly cfs: unknown;
    readonly codes: { readonly [tile: string]: string };
  };
  readonly control_limit: RunVector;
  readonly cell_run: {
    readonly records: readonly { readonly postcard: string }[];
    readonly root: string;
    readonly trace_commitment: string;
    readonly file: string;
  };
  readonly program_bundle: { readonly program_id: string };
}

interface RunVector {
  readonly records: readonly string[];
  readonly root: string;
}

/** The vectors. */
export const worked: Worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);

/** Bytes of a hex text that is known to be one. */
export function hex(text: string): Uint8Array {
  return required(fromHex(text), "the text is hex");
}

/** The value of a result that is known to be one. */
export function unwrap<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`expected a value: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** A schema from its document. */
export function cfsOf(document: unknown): Cfs {
  return unwrap(readCfs(document));
}

/** A tile that a function on wire bytes implements. */
export function functionTile(
  id: string,
  code: Uint8Array,
  run: (input: Uint8Array) => Uint8Array | TileResult,
): LoadedTile {
  return {
    id,
    code,
    backend: "native",
    methodId: methodId("native", utf8Encode(`guest:${id}`)),
    execute: (input) => {
      const result = run(input);
      if (!(result instanceof Uint8Array)) return ok(result);
      return ok({ kind: "finished", output: result, cycles: null, proof: null });
    },
  };
}

/** A tile that fails with an error value. */
export function failedWith(code: TileErrorCode, error: Uint8Array): TileResult {
  return {
    kind: "failed",
    failure: { code, error, message: `failed with ${code}`, stack: [] },
    cycles: null,
  };
}

/** Tiles by id, as the runner wants them. */
export function tileTable(tiles: readonly LoadedTile[]): (id: string) => LoadedTile | undefined {
  return (id) => tiles.find((tile) => tile.id === id);
}

function i64(value: number): Uint8Array {
  return encodeWith(wire.i64, value);
}

function readI64(bytes: Uint8Array, at = 0): number {
  // Test values fit one varint byte.
  const raw = bytes[at] ?? 0;
  return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
}

/** Tiles of 23.1. */
export const HELLO_TILES: readonly LoadedTile[] = [
  functionTile(
    "greet",
    hex("b2dcf9e73b3a2431ba51b38218445a9f924b1574d419cda5703b6661047fb467"),
    (name) => encodeWith(wire.string, `Hello, ${new TextDecoder().decode(name.subarray(1))}`),
  ),
  functionTile(
    "exclaim",
    hex("7456ff9be93b307d30a0341e8c0f6c3e686abe991982e039cb3f368f33284295"),
    (text) => encodeWith(wire.string, `${new TextDecoder().decode(text.subarray(1))}!`),
  ),
];

const counter = wire.record<{ readonly count: number; readonly goal: number }>({
  count: wire.safeU64,
  goal: wire.safeU64,
});

/** One step of `count_to` (7.2), for any goal. */
export function countTo(input: Uint8Array): Uint8Array {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = input[at] ?? 0;
      at += 1;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  };
  const [count, goal] = [next(), next()];
  const after = Math.min(count + 1, goal);
  const done = count >= goal;
  return concatBytes(Uint8Array.of(done ? 1 : 0), encodeWith(counter, { count: after, goal }));
}

/** Tiles of 23.6. */
export const COUNT_TILES: readonly LoadedTile[] = [
  functionTile("count_to", hex(worked.recur.code), countTo),
];

function controlTile(id: string, run: (input: Uint8Array) => Uint8Array): LoadedTile {
  return functionTile(id, hex(worked.control.codes[id] ?? ""), run);
}

/** Tiles of 23.7. */
export const CONTROL_TILES: readonly LoadedTile[] = [
  controlTile("nonzero", (x) => Uint8Array.of(readI64(x) === 0 ? 0 : 1)),
  controlTile("dec", (x) => i64(readI64(x) - 1)),
  controlTile("is_zero", (x) => Uint8Array.of(readI64(x) === 0 ? 1 : 0)),
  controlTile("plus10", (x) => i64(readI64(x) + 10)),
  controlTile("add", (x) => i64(readI64(x) + readI64(x, 1))),
];

/** Schema documents of the worked programs. */
export const HELLO_CFS: unknown = worked.schema_hash[0]?.cfs;
export const COUNT_CFS: unknown = worked.recur.cfs;
export const CONTROL_CFS: unknown = worked.control.cfs;

/** A clock that gives these times and then the last one. */
export function scriptedClock(times: readonly number[]): TraceClock {
  let asked = 0;
  return {
    kind: "monotonic",
    now: () => {
      const time = times[Math.min(asked, times.length - 1)] ?? 0;
      asked += 1;
      return time;
    },
  };
}

/** How a run is recorded into memory. */
export interface RecordingOptions {
  readonly cfs: unknown;
  readonly tiles: readonly LoadedTile[];
  readonly inputs: readonly Uint8Array[];
  readonly entry?: string;
  readonly programId?: Uint8Array;
  readonly io?: TraceIo;
  readonly clock?: TraceClock;
  readonly header?: Partial<TraceHeader>;
}

/** Header of a recorded run. */
export function headerOf(genesis: GenesisRecord, more: Partial<TraceHeader> = {}): TraceHeader {
  return {
    runId: "run-1",
    timestamp: 0n,
    project: "hello-tiles",
    programId: genesis.programId,
    schemaHash: genesis.schemaHash,
    entry: genesis.entry,
    mode: "Native",
    io: "Inline",
    deterministic: true,
    producer: "raster 0.1.0",
    ...more,
  };
}

/** Runs a sequence and gives its result and the bytes of its trace file. */
export async function recordRun(options: RecordingOptions): Promise<{
  readonly run: Result<SequenceRun, Failure>;
  readonly trace: Uint8Array;
}> {
  const chunks: Uint8Array[] = [];
  const io = options.io ?? "Inline";
  const run = await runSequence({
    cfs: cfsOf(options.cfs),
    ...(options.entry === undefined ? {} : { entry: options.entry }),
    inputs: options.inputs,
    programId: options.programId ?? new Uint8Array(32),
    tiles: tileTable(options.tiles),
    startRecorder: (genesis) => {
      const tracer = binaryTracer(headerOf(genesis, { io, ...options.header }), (bytes) => {
        chunks.push(bytes);
        return ok(null);
      });
      return ok(new RunRecorder({ tracer, io, clock: options.clock ?? { kind: "logical" } }));
    },
  });
  return { run, trace: concatBytes(...chunks) };
}
