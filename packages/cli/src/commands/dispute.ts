// lumen dispute: bisect, prove, check

import type { DisputeDocument } from "@lumen/core/commit";
import type { Failure } from "@lumen/core/diagnostic";
import { fromHex, toHex } from "@lumen/core/hash";
import type { FraudVerdict } from "@lumen/raster/verify";
import {
  type BisectReport,
  bisectTraces,
  type CheckDisputeReport,
  checkDispute,
  type DeclaredInput,
  proveFraud,
  type ReplayedLeaf,
} from "@lumen/toolchain";
import { COMMON_OPTIONS, type Command, EXIT, type Invocation } from "../command.ts";
import { showFailure } from "../render/failures.ts";
import { paintFor } from "../render/paint.ts";
import { grouped } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import {
  fromWorkingDirectory,
  INPUT_OPTIONS,
  inputSource,
  optionPath,
  traceArgument,
  wholeNumber,
} from "./inputs.ts";
import { conclude, usageError } from "./outcome.ts";

/** Exit statuses of `dispute check` (formats 20.2). */
const CHECK_EXIT = { holds: 0, doesNotHold: 1, undecided: 2 } as const;

interface Action {
  readonly options: readonly string[];
  readonly positionals: number;
  readonly run: (invocation: Invocation, words: readonly string[]) => Promise<number>;
}

const DECLARED = ["input", "input-bytes", "entry"];

const ACTIONS: { readonly [name: string]: Action } = {
  bisect: { options: ["out", "program"], positionals: 2, run: bisectCommand },
  prove: {
    options: ["leaf", "out", "program", "backend", ...DECLARED],
    positionals: 1,
    run: prove,
  },
  check: {
    options: ["program", "backend", "commitment", ...DECLARED],
    positionals: 1,
    run: check,
  },
};

/** Decides between two traces of one run. */
export const disputeCommand: Command = {
  name: "dispute",
  group: "evidence",
  summary: "find where two traces part, prove a step wrong, check such a proof",
  positionals: "bisect A B | prove TRACE | check FILE",
  positionalsMax: 3,
  options: {
    out: { value: "FILE", help: "bisect, prove: the document to write" },
    leaf: { value: "K", help: "prove: the leaf that is wrong" },
    program: { value: "FILE", help: "the program file (default: the one beside the trace)" },
    backend: { value: "B", help: "what runs the tile again (default: native)" },
    commitment: { value: "HEX", help: "check: the commitment that the proof must be about" },
    ...INPUT_OPTIONS,
    entry: { value: "NAME", help: "the entry that was agreed on, for disputes about leaf 0" },
  },
  run: async (invocation) => {
    const [name = "", ...words] = invocation.positionals;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined) {
      const found = name === "" ? "nothing" : `'${name}'`;
      const names = Object.keys(ACTIONS).join(", ");
      return usageError(invocation, "dispute", `expected one of ${names}, found ${found}`);
    }
    const foreign = [...Object.keys(invocation.options), ...invocation.flags].find(
      (option) => !Object.hasOwn(COMMON_OPTIONS, option) && !action.options.includes(option),
    );
    if (foreign !== undefined)
      return usageError(invocation, "dispute", `dispute ${name} takes no --${foreign}`);
    if (words.length !== action.positionals) {
      const wanted = name === "bisect" ? "two traces" : name === "prove" ? "a trace" : "a file";
      return usageError(invocation, "dispute", `dispute ${name} needs ${wanted}`);
    }
    return action.run(invocation, words);
  },
};

async function bisectCommand(
  invocation: Invocation,
  [a = "", b = ""]: readonly string[],
): Promise<number> {
  const report = await bisectTraces({
    a: traceArgument(invocation, a) ?? a,
    b: traceArgument(invocation, b) ?? b,
    projectFolder: invocation.project,
    program: optionPath(invocation, "program"),
    out: optionPath(invocation, "out"),
  });
  return conclude(invocation, report, (found) => {
    if (invocation.format === "json") showBisectJson(invocation, found);
    else showBisect(invocation, found);
    return EXIT.ok;
  });
}

function showBisectJson({ terminal }: Invocation, report: BisectReport): void {
  const { paths, dispute, replays, out } = report;
  const { verdict, leaf, loser, rounds, forfeit } = dispute;
  const shown = { ...paths, verdict, leaf, loser, rounds: rounds.length, forfeit, replays, out };
  terminal.stdout(`${JSON.stringify(shown)}\n`);
}

function showBisect(invocation: Invocation, report: BisectReport): void {
  const { paths, dispute, replays, out } = report;
  const { terminal } = invocation;
  const paint = paintFor(terminal);
  terminal.stdout(`${paint.bold(disputeText(dispute))}\n`);
  terminal.stdout(`  a           ${visible(paths.a)}, ${grouped(dispute.a.size)} leaves\n`);
  terminal.stdout(`  b           ${visible(paths.b)}, ${grouped(dispute.b.size)} leaves\n`);
  terminal.stdout(`  rounds      ${dispute.rounds.length}\n`);
  if (out !== undefined) terminal.stdout(`  transcript  ${visible(out)}\n`);
  if (replays !== null) {
    terminal.stdout(`  replay of a ${replayText(replays.a)}\n`);
    terminal.stdout(`  replay of b ${replayText(replays.b)}\n`);
  } else if (dispute.verdict === "leaf")
    terminal.stdout(
      `  ${paint.green("help")}        lumen dispute prove TRACE --leaf ${dispute.leaf} proves the wrong one wrong\n`,
    );
}

/** What the replay of a run entered by a cell says about the disputed record. */
function replayText(replayed: ReplayedLeaf): string {
  switch (replayed.kind) {
    case "right":
      return "gives this record, with the answers that it was given";
    case "wrong":
      return "does not give this record: it is wrong";
    case "unknown":
      return `cannot be made: ${visible(replayed.failure.message)}`;
  }
}

/** What a dispute came to, as a sentence. */
function disputeText({ verdict, leaf, loser, forfeit }: DisputeDocument): string {
  switch (verdict) {
    case "none":
      return "the traces are the same";
    case "genesis":
      return "the traces are of runs of other programs or inputs: they part at leaf 0";
    case "leaf":
      return `the traces part at leaf ${leaf}`;
    case "overrun":
      return `${loser} goes on behind its Final record and loses`;
    case "cut":
      return `${loser} has no Final record and loses`;
    case "forfeit":
      return visible(`${loser} loses at ${forfeit?.question}: ${forfeit?.reason}`);
  }
}

async function prove(invocation: Invocation, [trace = ""]: readonly string[]): Promise<number> {
  const { options, project, terminal, format, flags } = invocation;
  const leaf = wholeNumber(options.leaf ?? "");
  if (leaf === null)
    return usageError(invocation, "dispute", "dispute prove needs --leaf K, a whole number");
  const out = optionPath(invocation, "out");
  const report = await proveFraud({
    trace: traceArgument(invocation, trace),
    projectFolder: project,
    program: optionPath(invocation, "program"),
    backend: options.backend,
    leaf,
    out,
    declared: declaredOf(invocation),
  });
  return conclude(invocation, report, ({ text, verdict }) => {
    if (out === undefined) terminal.stdout(text);
    else if (format === "json")
      terminal.stdout(`${JSON.stringify({ path: out, ...verdict, bytes: text.length })}\n`);
    else if (!flags.has("quiet")) {
      const bytes = grouped(text.length);
      terminal.stdout(
        `${visible(out)}  leaf ${leaf} is wrong (${verdict.reason}), ${bytes} bytes\n`,
      );
    }
    return EXIT.ok;
  });
}

/** The run that both were told to make, if it is given. */
function declaredOf(invocation: Invocation): DeclaredInput | null {
  const { options } = invocation;
  const given = options.input ?? options["input-bytes"] ?? options.entry;
  if (given === undefined) return null;
  return { entry: options.entry, input: inputSource(invocation) };
}

async function check(invocation: Invocation, [file = ""]: readonly string[]): Promise<number> {
  const { options, project } = invocation;
  const { commitment } = options;
  const held = commitment === undefined ? undefined : fromHex(commitment);
  if (held === null || (held !== undefined && held.length !== 32))
    return usageError(invocation, "dispute", "--commitment is 64 lowercase hex digits");
  const checked = await checkDispute({
    file: fromWorkingDirectory(invocation, file),
    projectFolder: project,
    program: optionPath(invocation, "program"),
    backend: options.backend,
    commitment: held,
    declared: declaredOf(invocation),
  });
  if (!checked.ok) return undecided(invocation, checked.error);
  return showChecked(invocation, checked.value);
}

function undecided(invocation: Invocation, cause: Failure): number {
  showFailure(invocation, cause);
  return CHECK_EXIT.undecided;
}

function showChecked(invocation: Invocation, report: CheckDisputeReport): number {
  if (report.kind === "fraud-proof") {
    const { proof, verdict } = report;
    if (verdict.kind === "undecided") return undecided(invocation, verdict.failure);
    return showVerdict(invocation, verdict, toHex(proof.claim.traceCommitment));
  }
  const { checked } = report;
  if (!checked.ok) {
    showFailure(invocation, checked.error);
    return CHECK_EXIT.doesNotHold;
  }
  const { terminal, format } = invocation;
  const { verdict, leaf, loser } = checked.value;
  if (format === "json")
    terminal.stdout(`${JSON.stringify({ kind: "dispute", holds: true, verdict, leaf, loser })}\n`);
  else {
    const paint = paintFor(terminal);
    terminal.stdout(`${paint.green(paint.bold("holds"))}  ${disputeText(checked.value)}\n`);
  }
  return CHECK_EXIT.holds;
}

function showVerdict(
  invocation: Invocation,
  verdict: Exclude<FraudVerdict, { kind: "undecided" }>,
  commitment: string,
): number {
  const { terminal, format } = invocation;
  const paint = paintFor(terminal);
  if (verdict.kind === "invalid") {
    const { check: name, clause, code, message } = verdict;
    if (format === "json") {
      const shown = { type: "error", fraud: false, code, check: name, clause, message };
      terminal.stdout(`${JSON.stringify(shown)}\n`);
    } else terminal.stderr(`${paint.red(paint.bold(`error[${code}]`))}: ${visible(message)}\n`);
    return CHECK_EXIT.doesNotHold;
  }
  const { kind: _kind, ...found } = verdict;
  if (format === "json") {
    terminal.stdout(`${JSON.stringify({ fraud: true, ...found, commitment })}\n`);
    return CHECK_EXIT.holds;
  }
  const { leafIndex, reason, expected, executions } = found;
  terminal.stdout(`${paint.red(paint.bold("fraud"))}  leaf ${leafIndex} is wrong (${reason})\n`);
  terminal.stdout(`  expected    ${visible(JSON.stringify(expected))}\n`);
  terminal.stdout(`  found       ${visible(JSON.stringify(found.found))}\n`);
  terminal.stdout(`  commitment  ${commitment}\n`);
  terminal.stdout(`  run again   ${executions === 1 ? "one tile" : "no tile"}\n`);
  return CHECK_EXIT.holds;
}
