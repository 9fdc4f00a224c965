// What is asked of a run and what it answers; shared by runs of sequences and of cells.

import { resolve } from "node:path";
import type { Diagnostic, Failure, Fault, FaultFrame } from "@lumen/core/diagnostic";
import { decodeValue, valueToJsonText } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import type { TraceIo } from "@lumen/core/trace";
import { displayFault, displayValue, type TypeDescriptor, type Value } from "@lumen/core/value";
import type { Tracer } from "@lumen/raster";
import type { ProviderKinds } from "@lumen/runtime";
import type { ProjectOptions, RunnableProject } from "./compile-project.ts";
import type { FingerprintReport, FingerprintRequest } from "./fingerprint-file.ts";
import type { InputSource } from "./input.ts";
import type { RecordingOptions } from "./recording.ts";
import type { BackendRequest } from "./run-tiles.ts";
import { targetOf } from "./target.ts";

/** What is to be run, and how it is recorded. */
export interface RunRequest extends BackendRequest {
  /** A Lumen file or a project folder. */
  readonly target: string;
  readonly options?: ProjectOptions;
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
  /** The kinds of providers that there are; those of this version when absent. */
  readonly providers?: ProviderKinds;
  /** The fingerprint to make of the run, or to compare it with. */
  readonly fingerprint?: FingerprintRequest;
  /** Gets every event of the run, besides the trace. */
  readonly tracer?: Tracer;
}

/** Where the program prints, and what it reads. */
export interface RunConsole {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly readLine: () => string | Failure;
  readonly readRest: () => string | Failure;
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
    /** The program called `exit`. */
    | { readonly kind: "exited"; readonly status: number }
    | { readonly kind: "failed"; readonly failure: RunFailure };
  /** Null when nothing was recorded. */
  readonly evidence: Evidence | null;
  /** What `--commit` wrote or `--audit` found; null without them. */
  readonly fingerprint: FingerprintReport | null;
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
    beside: request.tracer ?? null,
  };
}

/** What is shown of a recorded run; null without a trace. */
export function evidenceOf(
  trace: { readonly runId: string; readonly tracePath: string | null } | null,
  run: { readonly steps: number; readonly root: Uint8Array; readonly commitment: Uint8Array },
  programId: Uint8Array,
): Evidence | null {
  if (trace === null || trace.tracePath === null) return null;
  return {
    runId: trace.runId,
    tracePath: trace.tracePath,
    steps: run.steps,
    root: toHex(run.root),
    commitment: toHex(run.commitment),
    programId: toHex(programId),
  };
}

/** Decodes the bytes of a run's value for showing. */
export function outputOf(type: TypeDescriptor, bytes: Uint8Array): RunReport["outcome"] {
  const decoded = decodeValue(type, bytes);
  const value = decoded.ok ? decoded.value : null;
  const shown = tryDisplay(value);
  if (shown.kind === "fault") return { kind: "failed", failure: faultFailure(shown.fault) };
  const json = valueToJsonText(type, value);
  const display = type === "unit" ? null : shown.text;
  const output = { display, json: json.ok ? json.value : null, bytes, isErr: false };
  return { kind: "ok", output };
}

/** The display form of a value, or the fault of one that has none: too deep, or too large. */
export function tryDisplay(
  value: Value,
):
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "fault"; readonly fault: Fault } {
  try {
    return { kind: "text", text: displayValue(value) };
  } catch (error) {
    const fault = displayFault(error);
    if (fault === null) throw error;
    return { kind: "fault", fault: { ...fault, stack: [] } };
  }
}

/** A fault as the failure of a run; it has no error value. */
export function faultFailure({ code, message, stack }: Fault): RunFailure {
  return { code, message, tileId: null, path: null, stack, error: new Uint8Array() };
}
