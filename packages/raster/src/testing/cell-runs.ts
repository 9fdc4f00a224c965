// For tests: runs entered by a cell, recorded into memory.

import { schemaHash } from "@lumen/core/cfs";
import { concatBytes, ZERO32 } from "@lumen/core/hash";
import { ok, required } from "@lumen/core/result";
import type { TraceIo } from "@lumen/core/trace";
import type { LoadedTile } from "../backend.ts";
import { CellRecorder, type CellRun, cellGenesis } from "../cell-recorder.ts";
import { deterministicRunId, RunRecorder } from "../recorder.ts";
import { binaryTracer } from "../tracers.ts";
import type { ProgramFacts } from "../verify/run-check.ts";
import { PROGRAM_ID, programOf } from "./verify-runs.ts";
import {
  COUNT_CFS,
  COUNT_TILES,
  HELLO_CFS,
  HELLO_TILES,
  headerOf,
  hex,
  unwrap,
  worked,
} from "./worked-runs.ts";

/** The program file of the worked cell run (23.9). */
export function cellProgram(): ProgramFacts {
  const programId = hex(worked.program_bundle.program_id);
  return { ...programOf(HELLO_TILES, ["hello"]), programId };
}

/** The program file of {@link recordCellCount}. */
export function cellCountProgram(): ProgramFacts {
  return programOf(COUNT_TILES, ["counting"]);
}

/** Starts recording a cell in deterministic mode; `bytes` gives the file so far. */
export function startCellRun(
  run: CellRun,
  io: TraceIo = "Inline",
): { readonly cell: CellRecorder; readonly bytes: () => Uint8Array } {
  const chunks: Uint8Array[] = [];
  const genesis = cellGenesis(run);
  const header = headerOf(genesis, { runId: deterministicRunId(genesis), io });
  const tracer = binaryTracer(header, (bytes) => {
    chunks.push(bytes);
    return ok(null);
  });
  const recorder = new RunRecorder({ tracer, io, clock: { kind: "logical" } });
  return { cell: new CellRecorder(recorder, run), bytes: () => concatBytes(...chunks) };
}

function tileOf(tiles: readonly LoadedTile[], id: string): LoadedTile {
  return required(
    tiles.find((tile) => tile.id === id),
    "the tile is known",
  );
}

/** The run of 23.9. */
export async function recordCellHello(io: TraceIo = "Inline"): Promise<Uint8Array> {
  const programId = hex(worked.program_bundle.program_id);
  const run = { entry: "hello", programId, schemaHash: schemaHash(HELLO_CFS), inputs: [] };
  const { cell, bytes } = startCellRun(run, io);
  cell.enterCell("hello");
  const ask = {
    kind: "effect",
    effect: "Ask",
    operation: "name",
    args: new Uint8Array(0),
  } as const;
  const name = hex("06526173746572");
  unwrap(cell.answerRequest(cell.openRequest(ask), { ok: true, result: name }));
  const input = name;
  const greeted = unwrap(
    await cell.runTile(tileOf(HELLO_TILES, "greet"), { iteration: null, input }),
  );
  const mail = cell.openRequest({
    kind: "tool",
    tool: "mail.send",
    version: null,
    alias: "Mail",
    provider: "none",
    policy: null,
    args: hex("06010474657874040d48656c6c6f2c20526173746572"),
  });
  const error = hex(
    "0602046b696e6404084e6f74466f756e64076d65737361676504196e6f2070726f7669646572" +
      "20666f72206d61696c2e73656e64",
  );
  unwrap(cell.answerRequest(mail, { ok: false, code: "NotFound", result: error, attempts: 1 }));
  cell.leaveCell();
  const output = greeted.kind === "finished" ? greeted.output : new Uint8Array(0);
  unwrap(cell.finish({ kind: "Ok", output }));
  return bytes();
}

/** A cell that calls `count_to!(Counter{0, 3})`. */
export async function recordCellCount(io: TraceIo = "Inline"): Promise<Uint8Array> {
  const run = {
    entry: "counting",
    programId: PROGRAM_ID,
    schemaHash: schemaHash(COUNT_CFS),
    inputs: [],
  };
  const { cell, bytes } = startCellRun(run, io);
  cell.enterCell("counting");
  let input = hex("0003");
  for (let iteration = 0; ; iteration += 1) {
    const result = unwrap(
      await cell.runTile(tileOf(COUNT_TILES, "count_to"), { iteration, input }),
    );
    const output = result.kind === "finished" ? result.output : ZERO32;
    input = output.subarray(1);
    if (output[0] === 1) break;
  }
  cell.leaveCell();
  unwrap(cell.finish({ kind: "Ok", output: input }));
  return bytes();
}
