// Trace files on disk and how they are found again.

import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concatBytes, ZERO32 } from "@lumen/core/hash";
import { startTrace, type TraceEvent, type TraceHeader } from "@lumen/core/trace";
import { afterAll, describe, expect, it } from "vitest";
import {
  continueLinesFile,
  createLinesFile,
  createTraceFile,
  fileChunks,
  WAITING_BYTES_MAX,
  WAITING_MS_MAX,
} from "./trace-file.ts";
import { readEvents, readHeader } from "./trace-read.ts";
import { findProgram, findTrace, listTraces } from "./trace-store.ts";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "lumen-store-"));
  folders.push(folder);
  return folder;
}

const HEADER: TraceHeader = {
  runId: "run-1",
  timestamp: 0n,
  project: "p",
  programId: null,
  schemaHash: null,
  entry: "main",
  mode: "Native",
  io: "Inline",
  deterministic: true,
  producer: "test",
};

const EVENTS: readonly TraceEvent[] = [
  { kind: "SequenceStart", span: 1, parent: 0, name: "main", timestamp: 0, depth: 0, path: [] },
  { kind: "SequenceEnd", span: 1, name: "main", timestamp: 5, durationNs: 5 },
];

const ASKED: TraceEvent = {
  kind: "EffectPerform",
  span: 1,
  parent: 0,
  effect: "time",
  operation: "now",
  timestamp: 1,
  args: { kind: "Inline", bytes: new Uint8Array() },
};

function countIn(path: string): number {
  let count = 0;
  readEvents(path, () => {
    count += 1;
  });
  return count;
}

function written(path: string, events: readonly TraceEvent[] = EVENTS): void {
  const file = createTraceFile(path, HEADER, { durable: true, existing: "refuse" });
  if (!file.ok) throw new Error(file.error.message);
  for (const event of events) expect(file.value.recordEvent(event).ok).toBe(true);
  expect(file.value.finalize().ok).toBe(true);
}

const FORMS = [
  ["rtrace", createTraceFile],
  ["jsonl", createLinesFile],
] as const;

describe("createTraceFile and readEvents", () => {
  it("give the events back in order, and how the file ends", () => {
    const path = join(temporary(), "deep", "run-1.rtrace");
    written(path);
    const seen: TraceEvent[] = [];
    const end = readEvents(path, ({ event }) => seen.push(event));
    expect(seen).toEqual(EVENTS);
    const size = readFileSync(path).length;
    const whole = { header: HEADER, finished: false, torn: null, end: size };
    expect(end).toEqual({ ok: true, value: whole });
    expect(readHeader(path)).toEqual({ ok: true, value: HEADER });
    expect(concatBytes(...fileChunks(path))).toEqual(new Uint8Array(readFileSync(path)));
  });

  it("never overwrite a trace", () => {
    const path = join(temporary(), "run-1.rtrace");
    written(path);
    const before = readFileSync(path);
    const again = createTraceFile(path, HEADER, { durable: false, existing: "refuse" });
    expect(again).toMatchObject({ ok: false, error: { code: "E_IO", subject: path } });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("write the trace of a deterministic run again", () => {
    const path = join(temporary(), "run-1.rtrace");
    written(path);
    const again = createTraceFile(path, HEADER, { durable: false, existing: "replace" });
    if (!again.ok) throw new Error(again.error.message);
    for (const event of EVENTS) expect(again.value.recordEvent(event).ok).toBe(true);
    expect(again.value.finalize().ok).toBe(true);
    const seen: TraceEvent[] = [];
    expect(readEvents(path, ({ event }) => seen.push(event)).ok).toBe(true);
    expect(seen).toEqual(EVENTS);
  });

  it.each(FORMS)("have every event on disk at once, if it is to be durable: %s", (end, create) => {
    const path = join(temporary(), `run-1.${end}`);
    const file = create(path, HEADER, { durable: true, existing: "refuse" });
    if (!file.ok) throw new Error(file.error.message);
    for (const [i, event] of EVENTS.entries()) {
      file.value.recordEvent(event);
      expect(countIn(path)).toBe(i + 1);
    }
    file.value.finalize();
  });

  it.each(FORMS)("have a request on disk at once, with the steps before it: %s", (end, create) => {
    const path = join(temporary(), `run-1.${end}`);
    const file = create(path, HEADER, { durable: false, existing: "refuse" });
    if (!file.ok) throw new Error(file.error.message);
    for (let i = 1; i <= 100; i += 1) {
      for (const event of EVENTS) file.value.recordEvent(event);
      file.value.recordEvent(ASKED);
      expect(countIn(path)).toBe(3 * i);
    }
    file.value.finalize();
  });

  it("let steps wait for a few milliseconds and 64 KiB at most", async () => {
    const path = join(temporary(), "run-1.rtrace");
    const file = createTraceFile(path, HEADER, { durable: false, existing: "refuse" });
    if (!file.ok) throw new Error(file.error.message);
    const [event] = EVENTS;
    if (event === undefined) throw new Error("there is an event");
    file.value.recordEvent(event);
    expect(countIn(path)).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 2 * WAITING_MS_MAX));
    file.value.recordEvent(event);
    expect(countIn(path)).toBe(2);
    const before = statSync(path).size;
    for (let bytes = 0; bytes < WAITING_BYTES_MAX; bytes += 16) file.value.recordEvent(event);
    expect(statSync(path).size).toBeGreaterThan(before);
    expect(file.value.finalize().ok).toBe(true);
    expect(file.value.finalize().ok).toBe(true);
    expect(readFileSync(path).length).toBeGreaterThan(before + WAITING_BYTES_MAX);
  });

  it("tell a cut file from a corrupt one", () => {
    const path = join(temporary(), "run-1.rtrace");
    written(path);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 3));
    const cut = readEvents(path, () => {});
    expect(cut).toMatchObject({ ok: true, value: { torn: { code: "E_TRACE_TORN" } } });
    const flipped = Buffer.from(bytes);
    const at = startTrace(HEADER).bytes.length;
    flipped[at + 6] = (flipped[at + 6] ?? 0) ^ 1;
    writeFileSync(path, flipped);
    const corrupt = readEvents(path, () => {});
    expect(corrupt).toMatchObject({ ok: false, error: { code: "E_TRACE_CORRUPT", offset: at } });
  });

  it("refuse what is no trace", () => {
    const path = join(temporary(), "no.rtrace");
    for (const text of ["", "hello, this is no trace at all", "{}\n"]) {
      writeFileSync(path, text);
      expect(readEvents(path, () => {}).ok).toBe(false);
      expect(readHeader(path).ok).toBe(false);
    }
    expect(readHeader(join(temporary(), "gone"))).toMatchObject({ error: { code: "E_IO" } });
  });
});

it("JSON lines go on behind a last line without its end, or where they are cut", () => {
  const path = join(temporary(), "run-1.jsonl");
  const file = createLinesFile(path, HEADER, { durable: false, existing: "refuse" });
  if (!file.ok) throw new Error(file.error.message);
  for (const event of EVENTS) file.value.recordEvent(event);
  file.value.finalize();
  const whole = readFileSync(path);
  for (const [kept, at] of [
    [whole.length - 1, whole.length],
    [whole.length, whole.lastIndexOf(10, whole.length - 2) + 1],
  ] as const) {
    writeFileSync(path, whole.subarray(0, kept));
    const on = continueLinesFile(path, at, { durable: false });
    if (!on.ok) throw new Error(on.error.message);
    on.value.recordEvent(ASKED);
    on.value.finalize();
    const seen: TraceEvent[] = [];
    expect(readEvents(path, ({ event }) => seen.push(event)).ok).toBe(true);
    const before = at === whole.length ? EVENTS : EVENTS.slice(0, -1);
    expect(seen).toEqual([...before, ASKED]);
  }
});

describe("findTrace", () => {
  it("takes a file, else a run id of the project", () => {
    const root = temporary();
    const path = join(root, "target/raster/traces/run-1.rtrace");
    written(path);
    expect(findTrace(path, temporary())).toEqual({ ok: true, value: path });
    expect(findTrace("run-1", root)).toEqual({ ok: true, value: path });
    mkdirSync(join(root, "sub"));
    writeFileSync(join(root, "lumen.toml"), '[package]\nname = "p"\n');
    writeFileSync(join(root, "main.lm"), "");
    expect(findTrace("run-1", join(root, "sub"))).toEqual({ ok: true, value: path });
    const none = findTrace("run-2", root);
    expect(none).toMatchObject({ ok: false, error: { code: "E_IO", subject: "run-2" } });
  });

  it("lists the oldest first, and finds the newest", () => {
    const root = temporary();
    const folder = join(root, "target/raster/traces");
    for (const [i, name] of ["b", "a", "c"].entries()) {
      written(join(folder, `${name}.rtrace`));
      utimesSync(join(folder, `${name}.rtrace`), 1000 + i, 1000 + i);
    }
    writeFileSync(join(folder, "note.txt"), "");
    symlinkSync("nowhere", join(folder, "gone.rtrace"));
    mkdirSync(join(folder, "folder.rtrace"));
    const names = ["b", "a", "c"].map((name) => join(folder, `${name}.rtrace`));
    expect(listTraces(folder)).toEqual(names);
    expect(findTrace(undefined, root)).toEqual({ ok: true, value: names[2] });
    expect(listTraces(join(root, "nothing"))).toEqual([]);
    expect(findTrace(undefined, temporary())).toMatchObject({ ok: false, error: { code: "E_IO" } });
  });
});

describe("findProgram", () => {
  it("names the file that is missing, and refuses one that is none", () => {
    const root = temporary();
    const args = { programId: ZERO32, tracePath: join(root, "t/x.rtrace"), projectFolder: root };
    const missing = findProgram({ ...args, given: undefined });
    if (missing.ok) throw new Error("found");
    expect(missing.error.code).toBe("E_ARTIFACT_MISSING");
    expect(missing.error.message).toContain(`${"00".repeat(32)}.rbundle`);
    const given = join(root, "p.rbundle");
    writeFileSync(given, "no program");
    expect(findProgram({ ...args, given })).toMatchObject({
      error: { code: "E_ARTIFACT_CORRUPT" },
    });
  });
});
