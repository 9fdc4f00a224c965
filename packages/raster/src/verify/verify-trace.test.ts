// The verifier on traces that are right: levels, assumptions, both file forms, long runs.

import { failure } from "@lumen/core/diagnostic";
import { toHex } from "@lumen/core/hash";
import { err, ok } from "@lumen/core/result";
import { eventLine, headerLine, type TraceEvent } from "@lumen/core/trace";
import { describe, expect, it } from "vitest";
import { RunRecorder } from "../recorder.ts";
import { runSequence } from "../runner.ts";
import { openTrace } from "../testing/forge.ts";
import { executeWith, PROGRAM_ID, programOf } from "../testing/verify-runs.ts";
import {
  CONTROL_CFS,
  CONTROL_TILES,
  COUNT_CFS,
  COUNT_TILES,
  cfsOf,
  HELLO_CFS,
  HELLO_TILES,
  headerOf,
  hex,
  type RecordingOptions,
  recordRun,
  tileTable,
  unwrap,
  worked,
} from "../testing/worked-runs.ts";
import { TraceCheck, type VerifyOptions, verifyTrace } from "./verify-trace.ts";

const RUNS: readonly (RecordingOptions & { readonly name: string; readonly structure: object })[] =
  [
    {
      name: "hello",
      cfs: HELLO_CFS,
      tiles: HELLO_TILES,
      inputs: [hex("06526173746572")],
      structure: { decisions: 0, inputs: 0, controls: 0, states: 0 },
    },
    {
      name: "count",
      cfs: COUNT_CFS,
      tiles: COUNT_TILES,
      inputs: [hex("0003")],
      structure: { decisions: 0, inputs: 0, controls: 4, states: 0 },
    },
    {
      name: "control",
      cfs: CONTROL_CFS,
      tiles: CONTROL_TILES,
      inputs: [hex("04")],
      structure: { decisions: 4, inputs: 3, controls: 0, states: 0 },
    },
    {
      name: "control_limit",
      cfs: CONTROL_CFS,
      tiles: CONTROL_TILES,
      inputs: [hex("16")],
      structure: { decisions: 11, inputs: 0, controls: 0, states: 0 },
    },
  ];

const ZERO = { decisions: 0, inputs: 0, controls: 0, states: 0 };

function optionsOf(run: RecordingOptions, trace: Uint8Array): VerifyOptions {
  return { chunks: [trace], subject: "run", schema: run.cfs, program: null, level: null };
}

describe("levels", () => {
  it.each(RUNS)("$name: accepted at each level", async (run) => {
    const { run: recorded, trace } = await recordRun({ ...run, programId: PROGRAM_ID });
    const { root, commitment, steps } = unwrap(recorded);
    const options = optionsOf(run, trace);
    const common = { kind: "accepted", entry: "main", steps, root, commitment, warnings: [] };
    const bound = { ...common, programId: PROGRAM_ID };
    expect(await verifyTrace({ ...options, level: "structure" })).toMatchObject({
      ...bound,
      level: "structure",
      assumed: run.structure,
    });
    expect(await verifyTrace({ ...options, level: "dataflow" })).toMatchObject({
      ...bound,
      level: "dataflow",
      assumed: ZERO,
    });
    expect(await verifyTrace(options)).toMatchObject({
      ...bound,
      level: "dataflow",
      assumed: ZERO,
    });
    const again = { program: programOf(run.tiles), execute: executeWith(run.tiles) };
    const highest = { ...bound, level: "reexecute", assumed: ZERO };
    expect(await verifyTrace({ ...options, ...again })).toMatchObject(highest);
    expect(await verifyTrace({ ...options, ...again, level: "reexecute" })).toMatchObject(highest);
  });

  it.each(RUNS)("$name: digests only", async (run) => {
    const { trace } = await recordRun({ ...run, io: "Digest" });
    const options = optionsOf(run, trace);
    const linear = run.name === "hello";
    // Nothing in a chain of tiles with one argument depends on bytes.
    expect(await verifyTrace(options)).toMatchObject({
      kind: "accepted",
      level: linear ? "dataflow" : "structure",
      assumed: run.structure,
    });
    expect(await verifyTrace({ ...options, level: "dataflow" })).toMatchObject(
      linear ? { kind: "accepted" } : { kind: "undecided", code: "E_MISSING_VALUE" },
    );
  });

  it("finds missing bytes in a store of values", async () => {
    const run = RUNS[2] as RecordingOptions;
    const { trace: full } = await recordRun(run);
    const bytes = new Map<string, Uint8Array>();
    for (const event of openTrace(full).events) {
      if (event.kind !== "TileStep" || event.record.kind !== "Tile") continue;
      const { inputDigest, outcome } = event.record;
      if (event.input !== null) bytes.set(toHex(inputDigest), event.input);
      if (outcome.kind === "Ok" && event.output !== null) {
        bytes.set(toHex(outcome.outputDigest), event.output);
      }
    }
    const { trace } = await recordRun({ ...run, io: "Digest" });
    const values = { bytesOf: (digest: Uint8Array) => bytes.get(toHex(digest)) };
    const verdict = await verifyTrace({ ...optionsOf(run, trace), values, level: "dataflow" });
    expect(verdict).toMatchObject({ kind: "accepted", level: "dataflow", assumed: ZERO });
  });

  it("says that code is not bound, and re-executes nothing then", async () => {
    const run = RUNS[0] as RecordingOptions;
    const { trace } = await recordRun(run);
    const again = { program: programOf(run.tiles), execute: executeWith(run.tiles) };
    const options = { ...optionsOf(run, trace), ...again };
    expect(await verifyTrace(options)).toMatchObject({
      kind: "accepted",
      level: "dataflow",
      programId: null,
    });
    expect(await verifyTrace({ ...options, level: "reexecute" })).toMatchObject({
      kind: "undecided",
      code: "E_ARTIFACT_MISSING",
    });
  });
});

describe("material", () => {
  const run = RUNS[0] as RecordingOptions;

  it("is undecided where a limit ends a tile that the run did not have", async () => {
    const { trace } = await recordRun({ ...run, programId: PROGRAM_ID });
    const options = { ...optionsOf(run, trace), program: programOf(run.tiles) };
    const execute = () => ok({ kind: "Err", code: "E_TRAP_STACK", error: hex("") } as const);
    const free = await verifyTrace({ ...options, execute });
    expect(free).toMatchObject({ kind: "rejected", check: "re-execution" });
    const confined = await verifyTrace({ ...options, execute, isConfined: () => true });
    expect(confined).toMatchObject({ kind: "undecided", code: "E_VERIFY_HOST" });
  });

  it("cannot re-execute without a program file", async () => {
    const { trace } = await recordRun({ ...run, programId: PROGRAM_ID });
    const verdict = await verifyTrace({ ...optionsOf(run, trace), level: "reexecute" });
    expect(verdict).toMatchObject({ kind: "undecided", code: "E_ARTIFACT_MISSING" });
  });

  it("keeps a tile that cannot be run apart from a wrong one", async () => {
    const { trace } = await recordRun({ ...run, programId: PROGRAM_ID });
    const verdict = await verifyTrace({
      ...optionsOf(run, trace),
      program: programOf(run.tiles),
      execute: () => err(failure("E_TOOLCHAIN_MISSING", "execute", "no such back end")),
    });
    expect(verdict).toMatchObject({
      kind: "undecided",
      code: "E_VERIFY_HOST",
      cause: { cause: { code: "E_TOOLCHAIN_MISSING" } },
    });
  });

  it("cannot re-execute a tile that the program file has not", async () => {
    const { trace } = await recordRun({ ...run, programId: PROGRAM_ID });
    const verdict = await verifyTrace({
      ...optionsOf(run, trace),
      program: { ...programOf(run.tiles), codes: new Map() },
      execute: executeWith(run.tiles),
    });
    expect(verdict).toMatchObject({ kind: "undecided", code: "E_TILE_NOT_FOUND" });
  });

  it("does not decide about traces and schemas of unknown versions", async () => {
    const { trace } = await recordRun(run);
    const newer = trace.slice();
    newer[8] = 2;
    expect(await verifyTrace(optionsOf(run, newer))).toMatchObject({
      kind: "undecided",
      code: "E_UNSUPPORTED_VERSION",
    });
  });
});

describe("files", () => {
  const run = RUNS[0] as RecordingOptions;

  it("accepts the worked trace file in chunks of any size", async () => {
    const file = hex(worked.trace_file.file);
    for (const size of [1, 7, 126, 1000]) {
      const chunks = function* (): Generator<Uint8Array> {
        for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
      };
      const verdict = await verifyTrace({ ...optionsOf(run, file), chunks: chunks() });
      expect(verdict).toMatchObject({ kind: "accepted", level: "dataflow", size: 4 });
      if (verdict.kind === "accepted") {
        expect(toHex(verdict.commitment)).toBe(worked.commitment.trace_commitment);
      }
    }
  });

  it("reads JSON lines, with and without the last line feed", async () => {
    const { header, events } = openTrace(hex(worked.trace_file.file));
    const text = headerLine(header) + events.map(eventLine).join("");
    for (const lines of [text, text.slice(0, -1)]) {
      const bytes = new TextEncoder().encode(lines);
      expect(await verifyTrace(optionsOf(run, bytes))).toMatchObject({ kind: "accepted", size: 4 });
    }
  });

  it("takes a torn tail for the end of the trace", async () => {
    const file = hex(worked.trace_file.file);
    // RunEnd is torn: every record is there.
    expect(await verifyTrace(optionsOf(run, file.subarray(0, 1020)))).toMatchObject({
      kind: "accepted",
      warnings: [{ code: "E_TRACE_TORN" }],
    });
    expect(await verifyTrace(optionsOf(run, file.subarray(0, 976)))).toMatchObject({
      kind: "accepted",
      warnings: [],
    });
    // A record is torn: the run is not whole.
    expect(await verifyTrace(optionsOf(run, file.subarray(0, 574)))).toMatchObject({
      kind: "rejected",
      code: "E_STEP_MISMATCH",
      check: "complete",
      reason: "length",
      leafIndex: 2,
      warnings: [{ code: "E_TRACE_TORN" }],
    });
    expect(await verifyTrace(optionsOf(run, new Uint8Array(0)))).toMatchObject({
      kind: "rejected",
      code: "E_TRACE_CORRUPT",
    });
  });

  it("never throws for a changed byte", async () => {
    const file = hex(worked.trace_file.file);
    for (let at = 0; at < file.length; at += 5) {
      const bytes = file.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 0x41;
      const verdict = await verifyTrace(optionsOf(run, bytes));
      const lastFrame = at >= 976;
      expect([at, verdict.kind]).toEqual([
        at,
        lastFrame ? "accepted" : verdict.kind === "undecided" ? "undecided" : "rejected",
      ]);
    }
  });
});

describe("long runs", () => {
  it("runner, recorder and verifier keep no more for 100 000 steps than for one", async () => {
    const check = new TraceCheck({
      chunks: [],
      subject: "run",
      schema: COUNT_CFS,
      program: programOf(COUNT_TILES),
      level: null,
      execute: executeWith(COUNT_TILES),
    });
    const waiting: TraceEvent[] = [];
    let largest = 0;
    let index = 0;
    let recorder: RunRecorder | null = null;
    let openSpans = 0;
    let header: ReturnType<typeof headerOf> | null = null;
    // The trace is verified while it is recorded: nobody ever holds it.
    const run = runSequence({
      cfs: cfsOf(COUNT_CFS),
      inputs: [hex("00a08d06")],
      programId: PROGRAM_ID,
      tiles: (id) => {
        const tile = tileTable(COUNT_TILES)(id);
        return tile === undefined
          ? undefined
          : {
              ...tile,
              execute: async (input) => {
                await drain();
                return tile.execute(input);
              },
            };
      },
      startRecorder: (genesis) => {
        header = headerOf(genesis);
        const tracer = {
          recordEvent: (event: TraceEvent) => {
            waiting.push(event);
            return ok(null);
          },
          finalize: () => ok(null),
        };
        recorder = new RunRecorder({ tracer, io: "Inline", clock: { kind: "logical" } });
        return ok(recorder);
      },
    });
    async function drain(): Promise<void> {
      openSpans = Math.max(openSpans, recorder?.openSpans ?? 0);
      for (const event of waiting.splice(0)) {
        const found = await check.take({ event, index, offset: index }, header);
        if (found !== null) throw new Error(found.message);
        index += 1;
        largest = Math.max(largest, check.held);
      }
    }
    const { root } = unwrap(await run);
    await drain();
    expect(check.end([])).toMatchObject({
      kind: "accepted",
      level: "reexecute",
      steps: 100_001,
      root,
    });
    expect(openSpans).toBe(2);
    expect(largest).toBeLessThanOrEqual(4);
  });
});
