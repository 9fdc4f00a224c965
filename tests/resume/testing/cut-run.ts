// For tests: a run recorded once, and the same run killed at any byte of its trace and taken up
// again. What kill -9 leaves is the beginning of the file.

import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { readWholeTrace, type TraceEvent } from "@lumen/core/trace";
import type { ProviderKinds } from "@lumen/runtime";
import { type ResumeReport, resumeRun, runProgram } from "@lumen/toolchain";
import { bytesOf, onlyTrace, project } from "../../cli/testing/lumen.ts";

const MANIFEST = `[package]
name = "crash"
version = "0.1.0"
[providers]
"work.do" = "fake"
`;

/** A run from its beginning to its end. */
export interface WholeRun {
  readonly folder: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Where frames begin, and the end of the last one; the header stands before the first. */
  readonly offsets: readonly number[];
  readonly events: readonly TraceEvent[];
  readonly stdout: string;
  readonly result: string | null;
  readonly commitment: string;
}

/** A run that was taken up. */
export interface Resumed {
  readonly report: ResumeReport;
  readonly stdout: string;
  readonly result: string | null;
  readonly commitment: string;
  readonly path: string;
}

interface HowToRun {
  readonly providers: ProviderKinds;
  readonly deterministic?: boolean;
  readonly traceFormat?: "binary" | "json";
}

/** Runs the program of a new project, which the host stops, and gives its trace. */
export async function stoppedRun(source: string, how: HowToRun): Promise<string> {
  const folder = project({ "main.lm": source, "lumen.toml": MANIFEST });
  const report = await runIn(folder, how, () => undefined);
  if (report.ok) throw new Error(`the run was not stopped: ${outcomeText(report.value.outcome)}`);
  return onlyTrace(folder);
}

/** Runs the program of a new project and reads its trace. */
export async function wholeRun(source: string, how: HowToRun): Promise<WholeRun> {
  const folder = project({ "main.lm": source, "lumen.toml": MANIFEST });
  let stdout = "";
  const report = await runIn(folder, how, (text) => {
    stdout += text;
  });

  if (!report.ok) throw new Error(report.error.failure.message);
  const { evidence, outcome } = report.value;
  if (evidence?.tracePath == null) throw new Error("the run left no trace");
  const bytes = bytesOf(evidence.tracePath);
  const placed = how.traceFormat === "json" ? [] : eventsOf(bytes, evidence.tracePath);
  return {
    folder,
    path: evidence.tracePath,
    bytes,
    offsets: [...placed.map(({ offset }) => offset), bytes.length],
    events: placed.map(({ event }) => event),
    stdout,
    result: outcomeText(outcome),
    commitment: evidence.commitment,
  };
}

function runIn(folder: string, how: HowToRun, write: (text: string) => void) {
  return runProgram({
    target: folder,
    sequence: undefined,
    cell: undefined,
    backend: "native",
    note: () => undefined,
    input: { json: undefined, bytesHex: undefined, stdin: () => "" },
    trace: true,
    traceDir: undefined,
    traceFormat: how.traceFormat ?? "binary",
    traceIo: "Inline",
    durable: false,
    deterministic: how.deterministic ?? true,
    args: [],
    console: consoleInto(write),
    providers: how.providers,
    options: { allowUnstable: true },
  });
}

/** Puts the first `length` bytes of a trace into a project of their own and goes on with them. */
export async function resumeCut(
  run: WholeRun,
  length: number,
  providers: ProviderKinds,
): Promise<Resumed> {
  const path = cutCopy(run, length);
  try {
    return await resumeAt(path, providers);
  } finally {
    rmSync(join(dirname(path), ".."), { recursive: true });
  }
}

let copies = 0;

/** A folder with the program file and the first `length` bytes of the trace; the trace. */
export function cutCopy(run: WholeRun, length: number): string {
  copies += 1;
  const target = join(run.folder, `cut-${copies}`);
  mkdirSync(join(target, "programs"), { recursive: true });
  mkdirSync(join(target, "traces"));
  const programs = join(dirname(run.path), "..", "programs");
  for (const name of readdirSync(programs))
    copyFileSync(join(programs, name), join(target, "programs", name));
  const checkpoints = join(dirname(run.path), "..", "checkpoints");
  if (existsSync(checkpoints))
    cpSync(checkpoints, join(target, "checkpoints"), { recursive: true });
  const end = run.path.slice(run.path.lastIndexOf("."));
  const path = join(target, "traces", `cut${end}`);
  writeFileSync(path, run.bytes.subarray(0, length));
  return path;
}

/** Goes on with a run; a refusal is an error. */
export async function resumeAt(path: string, providers: ProviderKinds): Promise<Resumed> {
  let stdout = "";
  const report = await resumeRun({
    run: path,
    projectFolder: dirname(path),
    durable: false,
    args: [],
    console: consoleInto((text) => {
      stdout += text;
    }),
    providers,
  });
  if (!report.ok) throw new Error(JSON.stringify(report.error.failure));
  const ran = report.value.kind === "resumed" ? report.value.report : null;
  return {
    report: report.value,
    stdout,
    result: ran === null ? null : outcomeText(ran.outcome),
    commitment: ran?.evidence?.commitment ?? "",
    path,
  };
}

/** The events of a trace file, without the marks of resumptions. */
export function eventsBut(path: string): readonly TraceEvent[] {
  return eventsOf(new Uint8Array(readFileSync(path)), path)
    .map(({ event }) => event)
    .filter(({ kind }) => kind !== "Recovered");
}

function eventsOf(bytes: Uint8Array, subject: string) {
  const read = readWholeTrace(bytes, { subject });
  if (!read.ok) throw new Error(read.error.message);
  return read.value.events;
}

function outcomeText(outcome: object): string {
  return JSON.stringify(outcome, (key, value) => (key === "bytes" ? undefined : value));
}

function consoleInto(stdout: (text: string) => void) {
  return { stdout, stderr: () => undefined, readLine: () => "", readRest: () => "" };
}
