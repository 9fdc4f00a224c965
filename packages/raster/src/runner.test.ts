// The runner on the worked examples of spec/formats.md 23, on failures, and on what it must reject
// (11.3).

import { decodeRecord, encodeRecord } from "@lumen/core/commit";
import { failure } from "@lumen/core/diagnostic";
import { toHex } from "@lumen/core/hash";
import { err, ok } from "@lumen/core/result";
import { NestingChecker, readWholeTrace, type TraceEvent } from "@lumen/core/trace";
import { describe, expect, it } from "vitest";
import type { LoadedTile } from "./backend.ts";
import { RunRecorder } from "./recorder.ts";
import { runSequence, type SequenceRun } from "./runner.ts";
import {
  CONTROL_CFS,
  CONTROL_TILES,
  COUNT_CFS,
  COUNT_TILES,
  cfsOf,
  failedWith,
  functionTile,
  HELLO_CFS,
  HELLO_TILES,
  hex,
  type RecordingOptions,
  recordRun,
  scriptedClock,
  tileTable,
  unwrap,
  worked,
} from "./testing/worked-runs.ts";
import { MemoryTracer } from "./tracers.ts";

const HELLO: RecordingOptions = {
  cfs: HELLO_CFS,
  tiles: HELLO_TILES,
  inputs: [hex("06526173746572")],
};

function eventsOf(trace: Uint8Array): readonly TraceEvent[] {
  return unwrap(readWholeTrace(trace, { subject: "run" })).events.map((placed) => placed.event);
}

function recordsOf(trace: Uint8Array): readonly string[] {
  return eventsOf(trace).flatMap((event) =>
    event.kind === "TileStep" ? [toHex(encodeRecord(event.record))] : [],
  );
}

/** The first nesting violation of a whole trace, null if there is none. */
function nestingOf(trace: Uint8Array): string | null {
  const checker = new NestingChecker("run");
  for (const placed of unwrap(readWholeTrace(trace, { subject: "run" })).events) {
    const violation = checker.check(placed);
    if (violation !== null) return violation.message;
  }
  return null;
}

async function recorded(
  options: RecordingOptions,
): Promise<{ readonly run: SequenceRun; readonly trace: Uint8Array }> {
  const { run, trace } = await recordRun(options);
  return { run: unwrap(run), trace };
}

describe("worked examples", () => {
  it("writes the trace file of 23.5 byte for byte", async () => {
    const clock = scriptedClock([0, 10, 110, 120, 220, 230, 240]);
    const { run, trace } = await recorded({ ...HELLO, clock, header: { deterministic: true } });
    expect(toHex(trace)).toBe(worked.trace_file.file);
    expect(run.outcome).toEqual({ kind: "ok", output: hex("0e48656c6c6f2c2052617374657221") });
    expect(toHex(run.root)).toBe(worked.commitment.root);
    expect(toHex(run.commitment)).toBe(worked.commitment.trace_commitment);
    expect([run.steps, run.size]).toEqual([2, 4]);
  });

  it("iterates a recursive call (23.6)", async () => {
    const options = { cfs: COUNT_CFS, tiles: COUNT_TILES, inputs: [hex("0003")] };
    const { run, trace } = await recorded(options);
    expect(recordsOf(trace)).toEqual(worked.recur.records);
    expect(toHex(run.root)).toBe(worked.recur.root);
  });

  it("drives loops and branches (23.7) and marks their iterations", async () => {
    const options = { cfs: CONTROL_CFS, tiles: CONTROL_TILES, inputs: [hex("04")] };
    const { run, trace } = await recorded(options);
    expect(recordsOf(trace)).toEqual(worked.control.records);
    expect(run.outcome).toEqual({ kind: "ok", output: hex("1a02161a") });
    const marks = eventsOf(trace).flatMap((event) =>
      event.kind === "LoopIteration" ? [`${event.itemId} ${event.iteration}`] : [],
    );
    expect(marks).toEqual(["l0 0", "l0 1", "l1 0", "l1 1"]);
    expect(nestingOf(trace)).toBeNull();
  });

  it("ends in a limit (23.7)", async () => {
    const options = { cfs: CONTROL_CFS, tiles: CONTROL_TILES, inputs: [hex("16")] };
    const { run, trace } = await recorded(options);
    expect(recordsOf(trace)).toEqual(worked.control_limit.records);
    expect(run.outcome).toMatchObject({ kind: "failed", code: "E_LOOP_LIMIT", tileId: null });
    const kinds = eventsOf(trace).map((event) => event.kind);
    expect(kinds.slice(-3)).toEqual(["SequenceFailure", "TileStep", "RunEnd"]);
    expect(nestingOf(trace)).toBeNull();
  });
});

const bindingOf = (source: object): object => ({ source });
const seqInput = bindingOf({ type: "seq_input", input_index: 0 });
const itemOutput = (index: number): object =>
  bindingOf({ type: "item_output", item_index: index, output_index: 0 });

/** main(x) = wrap(id(x)) where wrap(x) = bump(x); a nested sequence. */
const NESTED = {
  version: "1.0",
  project: "nested",
  encoding: "postcard",
  tiles: [
    { id: "bump", type: "iter", inputs: 1, outputs: 1 },
    { id: "id", type: "iter", inputs: 1, outputs: 1 },
  ],
  sequences: [
    {
      id: "main",
      input_sources: [bindingOf({ type: "external" })],
      items: [
        { item_type: "tile", item_id: "id", input_sources: [seqInput] },
        { item_type: "sequence", item_id: "wrap", input_sources: [itemOutput(0)] },
        { item_type: "sequence", item_id: "wrap", input_sources: [itemOutput(1)] },
      ],
      outputs: 1,
      output: itemOutput(2),
    },
    {
      id: "wrap",
      input_sources: [bindingOf({ type: "external" })],
      items: [{ item_type: "tile", item_id: "bump", input_sources: [seqInput] }],
      outputs: 1,
      output: itemOutput(0),
    },
  ],
};

const code = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const identity = functionTile("id", code(1), (x) => x);
const bump = functionTile("bump", code(2), (x) => Uint8Array.of((x[0] ?? 0) + 2));

describe("events", () => {
  it("places nested sequences by path, parent and depth", async () => {
    const options = { cfs: NESTED, tiles: [identity, bump], inputs: [hex("02")] };
    const { run, trace } = await recorded(options);
    expect(run.outcome).toEqual({ kind: "ok", output: hex("06") });
    expect(nestingOf(trace)).toBeNull();
    const starts = eventsOf(trace).flatMap((event) =>
      event.kind === "SequenceStart"
        ? [{ name: event.name, parent: event.parent, depth: event.depth, path: event.path }]
        : [],
    );
    expect(starts).toEqual([
      { name: "main", parent: 0, depth: 0, path: [] },
      { name: "wrap", parent: 1, depth: 1, path: [{ kind: "Item", index: 1 }] },
      { name: "wrap", parent: 1, depth: 1, path: [{ kind: "Item", index: 2 }] },
    ]);
  });

  it("places a nested sequence in which no tile runs", async () => {
    const [main, wrap] = NESTED.sequences;
    const pass = { ...wrap, id: "pass", items: [], output: seqInput };
    const call = { item_type: "sequence", item_id: "pass", input_sources: [itemOutput(0)] };
    const bumped = { item_type: "tile", item_id: "bump", input_sources: [itemOutput(1)] };
    const items = [main?.items[0], call, bumped];
    const cfs = { ...NESTED, sequences: [{ ...main, items }, pass] };
    const options = { cfs, tiles: [identity, bump], inputs: [hex("02")] };
    const { run, trace } = await recorded(options);
    expect(run.outcome).toEqual({ kind: "ok", output: hex("04") });
    const started = eventsOf(trace).find(
      (event) => event.kind === "SequenceStart" && event.name === "pass",
    );
    expect(started).toMatchObject({ path: [{ kind: "Item", index: 1 }], depth: 1 });
    expect(nestingOf(trace)).toBeNull();
  });

  it("records a failed tile and ends the sequences around it, innermost first", async () => {
    const bad = functionTile("bump", code(2), () => failedWith("E_TILE_FAILED", hex("0178")));
    const options = { cfs: NESTED, tiles: [identity, bad], inputs: [hex("02")] };
    const { run, trace } = await recorded(options);
    expect(run.outcome).toMatchObject({
      kind: "failed",
      code: "E_TILE_FAILED",
      tileId: "bump",
      path: "1/0",
      error: hex("0178"),
    });
    expect(run.steps).toBe(2);
    const events = eventsOf(trace).slice(-6);
    expect(events.map((event) => event.kind)).toEqual([
      "TileStep",
      "TileFailure",
      "SequenceFailure",
      "SequenceFailure",
      "TileStep",
      "RunEnd",
    ]);
    expect(events[1]).toMatchObject({ error: { domain: "Verifiable", details: hex("0178") } });
    expect(nestingOf(trace)).toBeNull();
  });

  it("keeps digests only where values are not stored", async () => {
    const { run, trace } = await recorded({ ...HELLO, io: "Digest" });
    expect(toHex(run.root)).toBe(worked.commitment.root);
    const steps = eventsOf(trace).flatMap((event) => (event.kind === "TileStep" ? [event] : []));
    expect(steps.map(({ input, output }) => [input, output])).toEqual(
      steps.map(() => [null, null]),
    );
  });
});

describe("host failures", () => {
  it("aborts the trace when a back end cannot run a tile", async () => {
    const broken: LoadedTile = {
      ...bump,
      execute: () => err(failure("E_VERIFY_HOST", "execute", "no worker")),
    };
    const options = { cfs: NESTED, tiles: [identity, broken], inputs: [hex("02")] };
    const { run, trace } = await recordRun(options);
    expect(run).toMatchObject({ ok: false, error: { code: "E_VERIFY_HOST" } });
    expect(eventsOf(trace).at(-1)).toMatchObject({ kind: "RunEnd", status: "Aborted", steps: 1 });
    expect(nestingOf(trace)).toBeNull();
  });

  it("stops when a tracer fails", async () => {
    let executed = 0;
    const counted = functionTile("id", code(1), (x) => {
      executed += 1;
      return x;
    });
    let events = 0;
    const run = await runSequence({
      cfs: cfsOf(NESTED),
      inputs: [hex("02")],
      programId: new Uint8Array(32),
      tiles: tileTable([counted, bump]),
      startRecorder: () => {
        const tracer = {
          recordEvent: () => {
            events += 1;
            return events < 4 ? ok(null) : err(failure("E_IO", "trace", "disk full"));
          },
          finalize: () => ok(null),
        };
        return ok(new RunRecorder({ tracer, io: "Inline", clock: { kind: "logical" } }));
      },
    });
    expect(run).toMatchObject({ ok: false, error: { code: "E_IO" } });
    expect(executed).toBe(1);
  });
});

describe("rejections (11.3)", () => {
  const cases: readonly {
    readonly what: string;
    readonly options: Partial<RecordingOptions>;
    readonly code: string;
  }[] = [
    { what: "a missing entry", options: { entry: "nothing" }, code: "E_NO_ENTRY" },
    { what: "too few inputs", options: { inputs: [] }, code: "E_ARITY" },
    {
      what: "a tile that the back end has not",
      options: { tiles: HELLO_TILES.slice(0, 1) },
      code: "E_TILE_NOT_FOUND",
    },
    {
      what: "code that the schema pins otherwise",
      options: { cfs: pinned({ code: "00".repeat(32) }) },
      code: "E_ARTIFACT_CORRUPT",
    },
    {
      what: "a method id that the schema pins otherwise",
      options: { cfs: pinned({ method_ids: { native: "00".repeat(32) } }) },
      code: "E_ARTIFACT_CORRUPT",
    },
    {
      what: "input bytes that are not of the type",
      options: { cfs: typed(), inputs: [hex("0652617374657200")] },
      code: "E_DECODE",
    },
  ];

  it.each(cases)("refuses $what with $code, before anything is recorded", async ({
    options,
    code,
  }) => {
    const { run, trace } = await recordRun({ ...HELLO, ...options });
    expect(run).toMatchObject({ ok: false, error: { code } });
    expect(trace.length).toBe(0);
  });
});

function pinned(fields: object): unknown {
  const cfs = structuredClone(HELLO_CFS) as { tiles: object[] };
  Object.assign(cfs.tiles[1] ?? {}, fields);
  return cfs;
}

function typed(): unknown {
  const cfs = structuredClone(HELLO_CFS) as { sequences: object[] };
  Object.assign(cfs.sequences[0] ?? {}, { input_types: ["string"] });
  return cfs;
}

describe("recording", () => {
  it("gives equal records on different back ends", async () => {
    const other = HELLO_TILES.map((tile) => ({ ...tile, backend: "isolate" }));
    const { run } = await recorded({ ...HELLO, tiles: other });
    expect(toHex(run.root)).toBe(worked.commitment.root);
  });

  it("hands decoded records to tracers", async () => {
    const tracer = new MemoryTracer();
    await runSequence({
      cfs: cfsOf(HELLO_CFS),
      inputs: HELLO.inputs,
      programId: new Uint8Array(32),
      tiles: tileTable(HELLO_TILES),
      startRecorder: () =>
        ok(new RunRecorder({ tracer, io: "Inline", clock: { kind: "logical" } })),
    });
    const first = tracer.events[0];
    expect(first?.kind === "TileStep" ? first.record : null).toEqual(
      unwrap(decodeRecord(hex(worked.commitment.records[0]?.postcard ?? ""))),
    );
    const times = tracer.events.flatMap((event, i) =>
      "timestamp" in event ? [[i, event.timestamp]] : [],
    );
    expect(times.every(([index, time]) => index === time)).toBe(true);
  });
});
