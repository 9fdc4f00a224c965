// lumen run

import type { Failure } from "@lumen/core/diagnostic";
import { toHex } from "@lumen/core/hash";
import {
  DEFAULT_BACKEND,
  DEFAULT_TIER,
  type FingerprintRequest,
  openTiers,
  type ResumeReport,
  type RunReport,
  type RunRequest,
  resumeRun,
  runProgram,
  TIER_NAMES,
} from "@lumen/toolchain";
import { type Command, EXIT, type Invocation, type Terminal } from "../command.ts";
import { fingerprintJson, showFingerprint } from "../render/fingerprint.ts";
import { paintFor } from "../render/paint.ts";
import { countOf } from "../render/table.ts";
import { showTiers } from "../render/tiers.ts";
import { visible } from "../render/visible.ts";
import {
  BACKEND_OPTIONS,
  fromWorkingDirectory,
  INPUT_OPTIONS,
  inputSource,
  noteTo,
  objectsOf,
  PROJECT_OPTIONS,
  projectOptionsOf,
  targetOf,
  traceArgument,
} from "./inputs.ts";
import { conclude, showDiagnostics, usageError } from "./outcome.ts";
import { showRunFailure } from "./run-output.ts";

/** Runs a program and records it. */
export const runCommand: Command = {
  name: "run",
  group: "run",
  summary: "run a program; in a project, leave a trace",
  positionals: "[FILE|DIR] [-- ARGS]",
  positionalsMax: 1,
  options: {
    ...INPUT_OPTIONS,
    ...PROJECT_OPTIONS,
    sequence: { value: "ID", help: "the entry sequence (default: main)" },
    cell: { value: "NAME", help: "run this cell" },
    ...BACKEND_OPTIONS,
    trace: { help: "record even without a project" },
    "no-trace": { help: "do not record" },
    "trace-dir": { value: "DIR", help: "where the trace goes" },
    "trace-format": {
      value: "F",
      choices: ["binary", "json"],
      help: "binary (default) or json lines",
    },
    "trace-io": {
      value: "M",
      choices: ["inline", "digest"],
      help: "keep the bytes of values (inline, default) or digests only",
    },
    durable: { help: "sync every frame of the trace to disk" },
    deterministic: { help: "logical clock, seeded random numbers, the same trace every time" },
    resume: { value: "RUN", help: "go on with a run that was killed, or from a snapshot" },
    commit: { value: "FILE", help: "write the fingerprint of the run" },
    audit: {
      value: "FILE",
      help: "compare the run with a fingerprint; exit status 3 if it differs",
    },
    "bits-per-item": { value: "B", help: "with --commit: bits of each leaf, 1 to 64 (default 16)" },
    "fraud-proof-window-size": {
      value: "W",
      help: "with --commit: as many bits that W leaves have 128; a power of two, 2 to 1024",
    },
    tier: {
      value: "T",
      choices: TIER_NAMES,
      help: "what is compiled: auto (default, or LUMEN_TIER), t0 nothing, t1 to t3 all that can be",
    },
    "explain-tiers": { help: "say on stderr what ran where, and why" },
    "output-bytes": { help: "print the result as wire bytes in hexadecimal" },
  },
  run: async (invocation) => {
    const { options, flags, terminal } = invocation;
    if (options.resume !== undefined) return resume(invocation, options.resume);
    const fingerprint = fingerprintOption(invocation);
    if (typeof fingerprint === "string") return usageError(invocation, "run", fingerprint);
    const tier = options.tier ?? (terminal.environment.LUMEN_TIER || DEFAULT_TIER);
    if (!TIER_NAMES.includes(tier))
      return usageError(
        invocation,
        "run",
        `LUMEN_TIER: expected ${TIER_NAMES.join(", ")}, found ${tier}`,
      );
    const tiers = await openTiers(tier, objectsOf(invocation));
    const traceDir = options["trace-dir"];
    const report = await runProgram({
      target: targetOf(invocation),
      options: projectOptionsOf(invocation),
      sequence: options.sequence,
      cell: options.cell,
      backend: options.backend ?? DEFAULT_BACKEND,
      note: noteTo(invocation),
      tiers,
      input: inputSource(invocation),
      trace: flags.has("no-trace") ? false : flags.has("trace") ? true : undefined,
      traceDir: traceDir === undefined ? undefined : fromWorkingDirectory(invocation, traceDir),
      traceFormat: options["trace-format"] === "json" ? "json" : "binary",
      traceIo: options["trace-io"] === "digest" ? "Digest" : "Inline",
      durable: flags.has("durable"),
      deterministic: flags.has("deterministic"),
      args: invocation.rest,
      console: consoleOf(terminal),
      ...(fingerprint === null ? {} : { fingerprint }),
    });
    return conclude(invocation, report, (done) => {
      const status = show(invocation, done);
      if (flags.has("explain-tiers")) showTiers(invocation, tiers);
      return status;
    });
  },
};

function consoleOf({ stdout, stderr, stdin }: Terminal): RunRequest["console"] {
  return { stdout, stderr, ...inputReader(stdin) };
}

/** What `--resume` takes from the run that goes on. */
const OF_THE_RUN: readonly string[] = [
  "input",
  "input-bytes",
  "sequence",
  "cell",
  "backend",
  "trace",
  "no-trace",
  "trace-dir",
  "trace-format",
  "trace-io",
  "deterministic",
  "tier",
  "explain-tiers",
];

/** What a run that goes on cannot do: its first steps are not made again before a fingerprint. */
const NOT_RESUMED: readonly string[] = ["commit", "audit"];

async function resume(invocation: Invocation, run: string): Promise<number> {
  const { options, flags, terminal, positionals } = invocation;
  const odd = NOT_RESUMED.find((name) => options[name] !== undefined);
  if (odd !== undefined)
    return usageError(invocation, "run", `--${odd} takes a whole run: leave it out with --resume`);
  const twice = OF_THE_RUN.find((name) => options[name] !== undefined || flags.has(name));
  if (twice !== undefined || positionals.length > 0) {
    const what = twice === undefined ? "the program" : `--${twice}`;
    return usageError(invocation, "run", `${what} is that of the run: leave it out with --resume`);
  }
  const report = await resumeRun({
    run: traceArgument(invocation, run) ?? run,
    projectFolder: invocation.project,
    durable: flags.has("durable"),
    args: invocation.rest,
    console: consoleOf(terminal),
  });
  return conclude(invocation, report, (done) => showResumed(invocation, done));
}

/** A run that had ended is not run again: this says how it ended, and ends like it. */
function showResumed(invocation: Invocation, resumed: ResumeReport): number {
  const { terminal, format, flags } = invocation;
  if (resumed.kind === "finished") {
    const { path, status } = resumed;
    if (format === "json")
      terminal.stdout(`${JSON.stringify({ type: "finished", path, status })}\n`);
    else terminal.stderr(`the run has finished (${status}): there is nothing to go on with\n`);
    return status === "Ok" ? EXIT.ok : EXIT.failed;
  }
  const { records, askedAgain, warnings } = resumed;
  for (const text of warnings) terminal.stderr(`warning: ${visible(text)}\n`);
  if (flags.has("verbose") && format !== "json")
    terminal.stderr(
      `resumed behind ${records} records; ${askedAgain} open requests were asked again\n`,
    );
  return show(invocation, resumed.report);
}

/** What `--commit` and `--audit` ask for, null for nothing; or what is wrong with them. */
function fingerprintOption(invocation: Invocation): FingerprintRequest | string | null {
  const { options } = invocation;
  const { commit, audit } = options;
  const bits = options["bits-per-item"];
  const window = options["fraud-proof-window-size"];
  if (commit !== undefined && audit !== undefined)
    return "a run is committed to or audited: --commit and --audit exclude each other";
  if (commit === undefined && (bits ?? window) !== undefined)
    return "--bits-per-item and --fraud-proof-window-size belong to --commit FILE";
  if (bits !== undefined && window !== undefined)
    return "--bits-per-item and --fraud-proof-window-size exclude each other";
  const odd = [bits, window].find((text) => text !== undefined && !/^[0-9]{1,9}$/.test(text));
  if (odd !== undefined) return `expected a whole number, found '${odd}'`;
  if (audit !== undefined) return { kind: "audit", path: fromWorkingDirectory(invocation, audit) };
  if (commit === undefined) return null;
  return {
    kind: "commit",
    path: fromWorkingDirectory(invocation, commit),
    bitsPerItem: bits === undefined ? undefined : Number(bits),
    windowSize: window === undefined ? undefined : Number(window),
  };
}

/** Standard input, read on first use: line by line, and what is left. */
function inputReader(
  stdin: Terminal["stdin"],
): Record<"readLine" | "readRest", () => string | Failure> {
  let text: string | Failure | null = null;
  let at = 0;
  const upTo = (end: (whole: string) => number): string | Failure => {
    text ??= stdin();
    if (typeof text !== "string") return text;
    const start = at;
    const stop = end(text);
    at = stop + 1;
    return text.slice(start, stop);
  };
  return {
    readLine: () =>
      upTo((whole) => {
        const stop = whole.indexOf("\n", at);
        return stop < 0 ? whole.length : stop;
      }),
    readRest: () => upTo((whole) => whole.length),
  };
}

/** Shows the result; a run that differs from the one it was audited against ends with 3. */
function show(invocation: Invocation, report: RunReport): number {
  const status = showOutcome(invocation, report);
  const { fingerprint } = report;
  showFingerprint(invocation, fingerprint);
  const differs = fingerprint?.kind === "audited" && fingerprint.failure !== null;
  return differs ? EXIT.rejected : status;
}

function showOutcome(invocation: Invocation, report: RunReport): number {
  const { terminal, flags, format } = invocation;
  const { outcome, evidence } = report;
  const also = fingerprintJson(report.fingerprint);
  if (!flags.has("quiet")) showDiagnostics({ ...invocation, format: "text" }, report.warnings);
  if (outcome.kind === "failed") {
    const more = { evidence, ...also };
    const status = showRunFailure(invocation, outcome.failure, report.project, more);
    banner(invocation, report);
    return status;
  }
  if (outcome.kind === "exited") {
    if (format === "json")
      terminal.stdout(
        `${JSON.stringify({ type: "exit", status: outcome.status, evidence, ...also })}\n`,
      );
    banner(invocation, report);
    return outcome.status;
  }
  const { display, json, bytes, isErr } = outcome.output;
  if (flags.has("output-bytes")) terminal.stdout(`${toHex(bytes ?? new Uint8Array())}\n`);
  else if (format === "json")
    terminal.stdout(
      // The text as it is: JSON.parse would lose digits of large integers.
      `{"output":${json},"display":${JSON.stringify(display)},"evidence":${JSON.stringify(evidence)}${moreJson(also)}}\n`,
    );
  else if (isErr) terminal.stderr(`error: ${display}\n`);
  else if (display !== null) terminal.stdout(`${display}\n`);
  banner(invocation, report);
  return isErr ? EXIT.failed : EXIT.ok;
}

/** Further fields of an object whose text is put together. */
function moreJson(fields: object): string {
  const text = JSON.stringify(fields).slice(1, -1);
  return text === "" ? "" : `,${text}`;
}

/** On a terminal, where the evidence is. */
function banner(invocation: Invocation, { evidence }: RunReport): void {
  const { terminal, flags, format } = invocation;
  const wanted = terminal.interactive || flags.has("verbose");
  if (evidence === null || format === "json" || flags.has("quiet") || !wanted) return;
  const paint = paintFor(terminal);
  terminal.stderr(
    paint.dim(
      `\n${countOf(evidence.steps, "step")} recorded in ${evidence.tracePath}\ncommitment ${evidence.commitment}\n`,
    ),
  );
}
