// What is asked of a run and what it answers; shared by runs of sequences and of cells.

import { resolve } from "node:path";
import type { Diagnostic, FaultFrame } from "@lumen/core/diagnostic";
import { decodeValue, valueToJsonText } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import type { TraceIo } from "@lumen/core/trace";
import { displayValue, type TypeDescriptor } from "@lumen/core/value";
import type { RunnableProject } from "./compile-project.ts";
import type { InputSource } from "./input.ts";
import type { ProgramFile } from "./program-file.ts";
import type { RecordingOptions } from "./recording.ts";
import { targetOf } from "./target.ts";

/** What is to be run, and how it is recorded. */
export interface RunRequest {
  /** A Lumen file or a project folder. */
  readonly target: string;
  readonly sequence: string | undefined;
  readonly cell: string | undefined;
  readonly input: InputSource;
  /** undefined: record inside a project, not for a lone file. */
  readonly trace: boolean | undefined;
  readonly traceDir: string | undefined;
  readonly traceFormat: "binary" | "json";
  readonly traceIo: TraceIo;
  readonly durable: boolean;
  readonly deterministic: boolean;
  /** Program arguments, for `args()`. */
  readonly args: readonly string[];
  readonly console: RunConsole;
}

/** Where the program prints, and what it reads. */
export interface RunConsole {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly readLine: () => string;
}

/** Why a run failed. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly tileId: string | null;
  readonly path: string | null;
  readonly stack: readonly FaultFrame[];
  /** Wire bytes of the error value; empty for a fault, which has none. */
  readonly error: Uint8Array;
}

/** How a run ended. */
export interface RunReport {
  readonly kind: "sequence" | "cell";
  readonly entry: string;
  readonly outcome:
    | { readonly kind: "ok"; readonly output: RunOutput }
    | { readonly kind: "failed"; readonly failure: RunFailure };
  /** Null when nothing was recorded. */
  readonly evidence: Evidence | null;
  readonly warnings: readonly Diagnostic[];
  readonly project: RunnableProject;
}

/** The value of a run in the forms in which it is shown. `display` null: the value is null. */
export interface RunOutput {
  readonly display: string | null;
  readonly json: string | null;
  readonly bytes: Uint8Array | null;
  /** True for `err(e)`: the run has a value, and the program says that it failed. */
  readonly isErr: boolean;
}

/** What a recorded run committed to. */
export interface Evidence {
  readonly runId: string;
  readonly tracePath: string | null;
  readonly steps: number;
  readonly root: string;
  readonly commitment: string;
  readonly programId: string;
}

/** Where the trace goes: `--trace-dir`, the project's folder, or nowhere. */
export function recordingOptions(project: RunnableProject, request: RunRequest): RecordingOptions {
  const wanted = request.trace ?? (request.traceDir !== undefined || project.project.isProject);
  const folder =
    request.traceDir === undefined ? targetOf(project.project).traces : resolve(request.traceDir);
  return {
    folder: wanted ? folder : null,
    format: request.traceFormat,
    io: request.traceIo,
    durable: request.durable,
    deterministic: request.deterministic,
  };
}

/** What is shown of a recorded run; null without a trace. */
export function evidenceOf(
  trace: { readonly runId: string; readonly tracePath: string | null } | null,
  run: { readonly steps: number; readonly root: Uint8Array; readonly commitment: Uint8Array },
  packed: ProgramFile,
): Evidence | null {
  if (trace === null || trace.tracePath === null) return null;
  return {
    runId: trace.runId,
    tracePath: trace.tracePath,
    steps: run.steps,
    root: toHex(run.root),
    commitment: toHex(run.commitment),
    programId: toHex(packed.programId),
  };
}

/** Decodes the bytes of a run's value for showing. */
export function outputOf(type: TypeDescriptor, bytes: Uint8Array): RunOutput {
  const decoded = decodeValue(type, bytes);
  const value = decoded.ok ? decoded.value : null;
  const json = valueToJsonText(type, value);
  return {
    display: type === "unit" ? null : displayValue(value),
    json: json.ok ? json.value : null,
    bytes,
    isErr: false,
  };
}
