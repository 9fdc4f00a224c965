// lumen verify

import { toHex } from "@lumen/core/hash";
import { CHECKS } from "@lumen/raster/verify";
import { type VerifyReport, verify } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { grouped } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { workingCopyNote } from "../render/working-copy.ts";
import { optionPath, traceArgument } from "./inputs.ts";
import { conclude } from "./outcome.ts";

/** The levels of formats 18.3 by the words of the option, each with all before it. */
const LEVEL_NAMES = ["structure", "dataflow", "reexecute"] as const;

/** Checks a trace. */
export const verifyCommand: Command = {
  name: "verify",
  group: "evidence",
  summary: "check a trace against its program (default: the newest)",
  positionals: "[TRACE]",
  positionalsMax: 1,
  options: {
    level: {
      value: "L",
      choices: LEVEL_NAMES,
      help: `how far: ${LEVEL_NAMES.join(", ")}; fails if it cannot be reached`,
    },
    program: { value: "FILE", help: "the program file (default: the one beside the trace)" },
    cfs: { value: "FILE", help: "check against this schema" },
  },
  run: async (invocation) => {
    const { options, positionals } = invocation;
    const [trace] = positionals;
    const level = options.level;
    const report = await verify({
      trace: traceArgument(invocation, trace),
      projectFolder: invocation.project,
      program: optionPath(invocation, "program"),
      cfs: optionPath(invocation, "cfs"),
      level: LEVEL_NAMES.find((name) => name === level),
    });
    return conclude(invocation, report, (found) => show(invocation, found));
  },
};

function show(invocation: Invocation, report: VerifyReport): number {
  const { verdict } = report;
  const status =
    verdict.kind === "accepted"
      ? EXIT.ok
      : verdict.kind === "rejected"
        ? EXIT.rejected
        : EXIT.failed;
  if (invocation.format === "json") showJson(invocation, report);
  else showText(invocation, report);
  return status;
}

const LEVELS = {
  structure: "structure (records obey the schema; values were not looked at)",
  dataflow: "dataflow (every value has its digest and flows as the schema says)",
  reexecute: "re-execution (every tile was run again and gave the same bytes)",
} as const;

function showText(invocation: Invocation, { verdict, path, opened }: VerifyReport): void {
  const { terminal } = invocation;
  const paint = paintFor(terminal);
  const out = terminal.stdout;
  if (verdict.kind === "accepted") {
    out(`${paint.green(paint.bold("accepted"))}  ${visible(path)}\n`);
    out(`  level       ${LEVELS[verdict.level]}\n`);
    out(`  entry       ${visible(verdict.entry)}\n`);
    out(`  steps       ${grouped(verdict.steps)}\n`);
    out(`  commitment  ${toHex(verdict.commitment)}\n`);
    out(
      `  program     ${verdict.programId === null ? "code not bound" : toHex(verdict.programId)}\n`,
    );
    const assumed = Object.values(verdict.assumed).reduce((sum, n) => sum + n, 0);
    if (assumed > 0)
      out(
        `  assumed     ${grouped(assumed)} decisions were taken from the records, since bytes are missing\n`,
      );
  } else if (verdict.kind === "rejected") {
    out(`${paint.red(paint.bold("rejected"))}  ${visible(path)}\n`);
    out(`  ${verdict.code}: it does not hold that ${CHECKS[verdict.check].rule}\n`);
    out(
      `  check       ${verdict.check} (formats.md ${verdict.clause})${verdict.reason === null ? "" : `, reason ${verdict.reason}`}\n`,
    );
    const step =
      verdict.leafIndex === null || verdict.leafIndex === 0 ? null : verdict.leafIndex - 1;
    const where = [
      step === null ? null : `step ${step}`,
      verdict.tileId === null ? null : `tile ${verdict.tileId}`,
      verdict.path === null ? null : `path ${verdict.path}`,
      verdict.eventIndex === null ? null : `event ${verdict.eventIndex}`,
      verdict.offset === null ? null : `byte ${verdict.offset}`,
    ].filter((part) => part !== null);
    if (where.length > 0) out(`  where       ${visible(where.join(", "))}\n`);
    if (verdict.expected !== null) out(`  expected    ${visible(textOf(verdict.expected))}\n`);
    if (verdict.found !== null) out(`  found       ${visible(textOf(verdict.found))}\n`);
    if (verdict.check === "complete")
      out(`  ${paint.yellow("note")}        the recorded run did not finish\n`);
  } else {
    out(
      `${paint.yellow(paint.bold("undecided"))}  ${visible(path)}\n  ${verdict.code}: ${visible(verdict.message)}\n`,
    );
    const hint = verdict.cause?.hint;
    if (hint !== undefined) out(`  help: ${visible(hint)}\n`);
  }
  if (verdict.kind !== "undecided") {
    for (const warning of verdict.warnings)
      out(`  ${paint.yellow("note")}        ${warning.code}: ${visible(warning.message)}\n`);
  }
  workingCopyNote(invocation, opened.workingCopy);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function showJson(invocation: Invocation, { verdict, path, opened }: VerifyReport): void {
  const hex = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array ? toHex(value) : value;
  const value = { path, ...verdict, workingCopy: opened.workingCopy };
  invocation.terminal.stdout(`${JSON.stringify(value, hex)}\n`);
}
