// A forgery for every check: a right trace changed in one place, its frame chain and (unless the
// commitment is the target) its RunEnd made to fit, and the exact verdict expected.

import { describe, expect, it } from "vitest";
import { CELL_FORGERIES } from "../testing/cell-forgeries.ts";
import { cellCountProgram, cellProgram, recordCellCount } from "../testing/cell-runs.ts";
import { closeTrace, openTrace, recommit } from "../testing/forge.ts";
import type { Forgery } from "../testing/forgery-edits.ts";
import { RUNS, SEQUENCE_FORGERIES } from "../testing/sequence-forgeries.ts";
import { executeWith, PROGRAM_ID, programOf } from "../testing/verify-runs.ts";
import { COUNT_CFS, HELLO_CFS, hex, recordRun, worked } from "../testing/worked-runs.ts";
import { CHECKS, type CheckRow } from "./checks.ts";
import { type VerifyOptions, verifyTrace } from "./verify-trace.ts";

type RunName = keyof typeof RUNS | "cell" | "cellCount";

const FORGERIES: readonly Forgery<RunName>[] = [...SEQUENCE_FORGERIES, ...CELL_FORGERIES];

async function rightTrace(run: RunName): Promise<Uint8Array> {
  if (run === "cell") return hex(worked.cell_run.file);
  if (run === "cellCount") return recordCellCount();
  return (await recordRun({ ...RUNS[run], programId: PROGRAM_ID })).trace;
}

function optionsOf(run: RunName): Omit<VerifyOptions, "chunks"> {
  const base = { subject: "run", level: null } as const;
  if (run === "cell") return { ...base, schema: HELLO_CFS, program: cellProgram() };
  if (run === "cellCount") return { ...base, schema: COUNT_CFS, program: cellCountProgram() };
  const { cfs, tiles } = RUNS[run];
  return { ...base, schema: cfs, program: programOf(tiles), execute: executeWith(tiles) };
}

async function forge(forgery: Forgery<RunName>): Promise<Uint8Array> {
  const opened = openTrace(await rightTrace(forgery.run));
  const edited = forgery.edit?.(opened) ?? opened;
  const file = closeTrace(forgery.keepCommitment === true ? edited : recommit(edited));
  return forgery.bytes?.(file) ?? file;
}

const SEQUENCE_RUNS: readonly (keyof typeof RUNS)[] = [
  "hello",
  "count",
  "control",
  "failed",
  "pinned",
  "trapped",
];

describe("forgeries", () => {
  it.each(SEQUENCE_RUNS)("the %s trace is right as it is", async (run) => {
    const verdict = await verifyTrace({ ...optionsOf(run), chunks: [await rightTrace(run)] });
    expect(verdict).toMatchObject({ kind: "accepted", level: "reexecute" });
  });

  it.each([
    ["cell", 3],
    ["cellCount", 4],
  ] as const)("the %s trace is right as it is", async (run, steps) => {
    const verdict = await verifyTrace({ ...optionsOf(run), chunks: [await rightTrace(run)] });
    expect(verdict).toMatchObject({ kind: "accepted", level: "dataflow", steps });
  });

  it.each(FORGERIES)("$run/$check: $what", async (forgery) => {
    const chunks = [await forge(forgery)];
    const verdict = await verifyTrace({ ...optionsOf(forgery.run), ...forgery.options, chunks });
    const row: CheckRow = CHECKS[forgery.check];
    expect(verdict).toMatchObject({
      kind: "rejected",
      check: forgery.check,
      clause: row.clause,
      code: row.code,
      reason: row.reason,
      leafIndex: forgery.leaf,
      ...(forgery.tileId === undefined ? {} : { tileId: forgery.tileId }),
    });
  });

  it("every check has a forgery", () => {
    const forged = new Set<string>(FORGERIES.map(({ check }) => check));
    expect(Object.keys(CHECKS).filter((check) => !forged.has(check))).toEqual([]);
  });
});
