// Runs a file as `lumen run` does, and keeps what it prints.

import type { TraceIo } from "@lumen/core/trace";
import type { ProviderKinds } from "@lumen/runtime";
import { type RunReport, runProgram } from "@lumen/toolchain";

/** What to run. `traceDir` null: no trace is written. */
export interface TargetRequest {
  /** Path of a Lumen file. */
  readonly target: string;
  /** As for `--input`; null for none. */
  readonly input: string | null;
  readonly traceDir: string | null;
  /** True: a seed gives the random numbers, a logical clock the time. */
  readonly deterministic: boolean;
  /** Kinds of providers of tools; those of this version when absent. */
  readonly providers?: ProviderKinds;
  /** What of values the trace keeps; the values themselves when absent. */
  readonly traceIo?: TraceIo;
}

/** What came of it. `report` is null where nothing ran, `failure` where nothing failed. */
export interface TargetRun {
  /** Standard output, and the line for the result. */
  readonly output: string;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly report: RunReport | null;
}

/** Runs the entry of a file. */
export async function runTarget(request: TargetRequest): Promise<TargetRun> {
  const { target, input, traceDir, deterministic, providers, traceIo = "Inline" } = request;
  let printed = "";
  const report = await runProgram({
    target,
    sequence: undefined,
    cell: undefined,
    backend: "native",
    note: () => undefined,
    input: { json: input ?? undefined, bytesHex: undefined, stdin: () => "" },
    trace: traceDir !== null,
    traceDir: traceDir ?? undefined,
    traceFormat: "binary",
    traceIo,
    durable: false,
    deterministic,
    args: [],
    ...(providers === undefined ? {} : { providers }),
    console: {
      stdout: (text) => {
        printed += text;
      },
      stderr: () => undefined,
      readLine: () => "",
      readRest: () => "",
    },
  });
  if (!report.ok) return { output: printed, failure: report.error.failure, report: null };
  const { outcome } = report.value;
  const failure = outcome.kind === "failed" ? outcome.failure : null;
  return { output: printed + resultLine(report.value), failure, report: report.value };
}

/** The last line that `lumen run` prints (language 17.5); that of `err(e)` goes to stderr there. */
function resultLine({ outcome }: RunReport): string {
  if (outcome.kind === "exited") return `exit status ${outcome.status}\n`;
  if (outcome.kind === "failed" || outcome.output.display === null) return "";
  const { display, isErr } = outcome.output;
  return isErr ? `error: ${display}\n` : `${display}\n`;
}
