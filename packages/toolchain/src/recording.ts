// Where and how a run is recorded: run id, header, clock, tracers, the program file beside the
// trace.

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { GenesisRecord } from "@lumen/core/commit";
import type { Failure } from "@lumen/core/diagnostic";
import { equalBytes, toHex } from "@lumen/core/hash";
import { ok, type Result } from "@lumen/core/result";
import type { TraceHeader, TraceIo } from "@lumen/core/trace";
import {
  deterministicRunId,
  FanOutTracer,
  nullTracer,
  RunRecorder,
  type TraceClock,
  type Tracer,
} from "@lumen/raster";
import { readBytes, writeFileWhole } from "./files.ts";
import { PRODUCER } from "./producer.ts";
import type { ProgramFile } from "./program-file.ts";
import type { Project } from "./project.ts";
import { targetOf } from "./target.ts";
import { createLinesFile, createTraceFile } from "./trace-file.ts";
import { lockTrace, type TraceLock } from "./trace-lock.ts";

/** How the user wants a run recorded. */
export interface RecordingOptions {
  /** Null: no trace. */
  readonly folder: string | null;
  readonly format: "binary" | "json";
  readonly io: TraceIo;
  readonly durable: boolean;
  readonly deterministic: boolean;
  /** Gets every event, behind the file. */
  readonly beside: Tracer | null;
}

/** A run's trace, once it is open. */
export interface Recording {
  readonly recorder: RunRecorder;
  /** Null when nothing is written. */
  readonly tracePath: string | null;
  readonly runId: string;
  /** Lets others write the trace; whoever opened the recording calls it at the end. */
  readonly release: () => void;
}

/**
 * Opens the recording of a run whose Genesis record is known; the program file is written first.
 */
export function openRecording(args: {
  readonly project: Project;
  readonly program: ProgramFile;
  readonly genesis: GenesisRecord;
  readonly options: RecordingOptions;
}): Result<Recording, Failure> {
  const { genesis, options, program, project } = args;
  const started = process.hrtime.bigint();
  const clock: TraceClock = options.deterministic
    ? { kind: "logical" }
    : { kind: "monotonic", now: () => Number(process.hrtime.bigint() - started) };
  const timestamp = options.deterministic ? 0n : BigInt(Date.now()) * 1_000_000n;
  const runId = options.deterministic ? deterministicRunId(genesis) : newRunId(timestamp);
  const header: TraceHeader = {
    runId,
    timestamp,
    project: project.name,
    programId: program.programId,
    schemaHash: genesis.schemaHash,
    entry: genesis.entry,
    mode: "Native",
    io: options.io,
    deterministic: options.deterministic,
    producer: PRODUCER,
  };
  const open = (tracer: Tracer, tracePath: string | null, lock: TraceLock): Recording => ({
    recorder: new RunRecorder({ tracer: withBeside(tracer, options), io: options.io, clock }),
    tracePath,
    runId,
    release: () => {
      // A run that was stopped has no last event: what waits to be written is written now.
      tracer.finalize();
      lock.release();
    },
  });
  if (options.folder === null) return ok(open(nullTracer, null, { release: () => undefined }));
  const stored = storeProgram(project, options.folder, program);
  if (!stored.ok) return stored;
  const existing = options.deterministic ? "replace" : "refuse";
  const isLines = options.format === "json";
  const path = join(options.folder, `${runId}${isLines ? ".jsonl" : ".rtrace"}`);
  const lock = lockTrace(path);
  if (!lock.ok) return lock;
  const create = isLines ? createLinesFile : createTraceFile;
  const file = create(path, header, { durable: options.durable, existing });
  if (file.ok) return ok(open(file.value, path, lock.value));
  lock.value.release();
  return file;
}

function withBeside(tracer: Tracer, { beside }: RecordingOptions): Tracer {
  if (beside === null) return tracer;
  const members = [tracer, beside].map((each) => ({ tracer: each, optional: false }));
  return new FanOutTracer(members);
}

/** `<unix seconds>-<nanoseconds>-<8 hex digits>` (formats 1.2). */
export function newRunId(timestamp: bigint): string {
  const seconds = String(timestamp / 1_000_000_000n).padStart(10, "0");
  const fraction = String(timestamp % 1_000_000_000n).padStart(9, "0");
  return `${seconds}-${fraction}-${toHex(new Uint8Array(randomBytes(4)))}`;
}

/** Writes the program file, unless it is there already with the same content. */
function storeProgram(
  project: Project,
  traces: string,
  program: ProgramFile,
): Result<null, Failure> {
  const name = `${toHex(program.programId)}.rbundle`;
  const own = targetOf(project).traces === traces;
  const path = own ? join(targetOf(project).programs, name) : join(traces, "..", "programs", name);
  if (existsSync(path)) {
    const there = readBytes(path, "trace");
    if (!there.ok) return there;
    if (equalBytes(there.value, program.bytes)) return ok(null);
  }
  return writeFileWhole(path, program.bytes, "trace");
}
