// Recorded runs of the benchmark: an honest one, as `lumen run` records it, and one whose tile lies
// once and goes on from there.

import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { readCfs, writeCfs } from "@lumen/core/cfs";
import { encodeWith, wire } from "@lumen/core/encoding";
import { concatBytes, fromHex } from "@lumen/core/hash";
import { type TileEntry, tileCode } from "@lumen/core/program";
import { ok, type Result } from "@lumen/core/result";
import type { TraceHeader } from "@lumen/core/trace";
import {
  type Backend,
  binaryTracer,
  ESTIMATE,
  type LoadedTile,
  loadTile,
  metadataOf,
  RunRecorder,
  runSequence,
  type TileResult,
} from "@lumen/raster";
import { lirEngine, NativeBackend } from "@lumen/raster/backends";
import { openProgram, runProgram } from "@lumen/toolchain";

/** The document that is run. */
export const PROGRAM = "bench/verify/count.lm.md";

/** A recorded run. */
export interface BenchRun {
  readonly trace: string;
  readonly programId: string;
  readonly ms: number;
}

/** The value of a result; throws where there is none. */
export function need<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** Runs as many steps and records them below the folder. */
export async function recordHonest(folder: string, steps: number): Promise<BenchRun> {
  const before = performance.now();
  const silent = (): string => "";
  const report = need(
    await runProgram({
      target: PROGRAM,
      sequence: undefined,
      cell: undefined,
      backend: "native",
      note: () => undefined,
      input: { json: `[0, ${steps}, 0]`, bytesHex: undefined, stdin: silent },
      trace: true,
      traceDir: join(folder, "traces"),
      traceFormat: "binary",
      traceIo: "Inline",
      durable: false,
      deterministic: true,
      args: [],
      console: { stdout: silent, stderr: silent, readLine: silent, readRest: silent },
    }),
  );
  const { evidence } = report;
  if (evidence === null || evidence.tracePath === null || evidence.steps !== steps)
    throw new Error(`expected ${steps} recorded steps`);
  const { tracePath: trace, programId } = evidence;
  return { trace, programId, ms: performance.now() - before };
}

/** The same run with one output changed by its tile, and everything that follows from that. */
export async function recordLiar(
  folder: string,
  run: { readonly steps: number; readonly lieAt: number; readonly programId: string },
): Promise<string> {
  const { program } = need(await openProgram(PROGRAM));
  const cfs = need(readCfs(JSON.parse(writeCfs(program.cfs)), { entry: "main" }));
  const backend = new NativeBackend({ engines: [lirEngine()] });
  const tiles = new Map<string, LoadedTile>();
  for (const entry of program.tiles) {
    const tile = await loaded(backend, entry, need(tileCode(program.modules, entry)));
    tiles.set(tile.id, lying(tile, run.lieAt));
  }
  mkdirSync(join(folder, "liar"), { recursive: true });
  const path = join(folder, "liar", "liar.rtrace");
  const fd = openSync(path, "w");
  const inputs = [0, run.steps, 0].map((n) => encodeWith(wire.i64, n));
  const ran = await runSequence({
    cfs,
    inputs,
    programId: fromHex(run.programId) ?? new Uint8Array(32),
    tiles: (id) => tiles.get(id),
    startRecorder: (genesis) => {
      const header: TraceHeader = {
        runId: "liar",
        timestamp: 0n,
        project: program.project,
        programId: genesis.programId,
        schemaHash: genesis.schemaHash,
        entry: genesis.entry,
        mode: "Native",
        io: "Inline",
        deterministic: true,
        producer: "bench",
      };
      const tracer = binaryTracer(header, (bytes) => {
        writeSync(fd, bytes);
        return ok(null);
      });
      return ok(new RunRecorder({ tracer, io: "Inline", clock: { kind: "logical" } }));
    },
  });
  closeSync(fd);
  need(ran);
  return path;
}

async function loaded(backend: Backend, entry: TileEntry, code: Uint8Array): Promise<LoadedTile> {
  const compiled = need(await backend.compileTile(metadataOf(entry), code));
  return loadTile(backend, compiled, ESTIMATE);
}

/** The tile, which at one of its executions says another sum. */
function lying(tile: LoadedTile, lieAt: number): LoadedTile {
  let executions = 0;
  return {
    ...tile,
    execute: async (input) => {
      const result = await tile.execute(input);
      executions += 1;
      return result.ok && executions - 1 === lieAt ? ok(lie(result.value)) : result;
    },
  };
}

/** The sum is the last part of the output: its last byte, below 64, stays one byte. */
function lie(result: TileResult): TileResult {
  if (result.kind !== "finished") return result;
  const { output } = result;
  const last = (output.at(-1) ?? 0) ^ 2;
  return { ...result, output: concatBytes(output.subarray(0, -1), Uint8Array.of(last)) };
}
