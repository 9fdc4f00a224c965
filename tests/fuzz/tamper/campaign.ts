// The tamper campaign: generated programs are run, their traces must be accepted, and every mutant
// of them must be rejected, whatever kind of tampering made it.

import { ok } from "@lumen/core/result";
import { machineOutcome } from "@lumen/raster";
import { type ExecuteTile, type Verdict, verifyTrace } from "@lumen/raster/verify";
import { randomOf } from "../random.ts";
import { evidenceProblem } from "./disputes.ts";
import { type Subject, saysTheSame, TAMPERS, type TamperName } from "./mutants.ts";
import { programAt } from "./programs.ts";
import { PROGRAM_ID, recordRun, type TamperRun, traceOf } from "./record.ts";
import { TILE_DOCUMENTS, tileOf } from "./tiles.ts";

/** Which programs, and how many mutants of each kind there are to be of them. */
export interface TamperCampaign {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
}

/** What a campaign found. Each failure names the program by seed and number. */
export interface TamperFindings {
  readonly failures: readonly string[];
  readonly programs: number;
  readonly steps: number;
  /** Runs that lied, of which windows, bisection and fraud proof were checked. */
  readonly disputes: number;
  /** Mutants by kind; all were rejected unless there are failures. */
  readonly mutants: ReadonlyMap<TamperName, number>;
  /** Rejections by the check that gave them. */
  readonly checks: ReadonlyMap<string, number>;
}

const NAMES = Object.keys(TAMPERS).filter((name): name is TamperName => name in TAMPERS);
/** Tries for a mutant of a kind before another kind takes its place. */
const TRIES_MAX = 4;
const FAILURE_COUNT_MAX = 10;

const CODES = new Map(
  TILE_DOCUMENTS.flatMap(({ id }) => {
    const tile = tileOf(id);
    return tile === undefined ? [] : [[id, tile.code] as const];
  }),
);

const execute: ExecuteTile = async ({ tileId, input }) => {
  const tile = tileOf(tileId);
  if (tile === undefined) throw new Error(`there is no tile ${tileId}`);
  const ran = await tile.execute(input);
  return ran.ok ? ok(machineOutcome(ran.value)) : ran;
};

function verdictOn(run: TamperRun, trace: Uint8Array): Promise<Verdict> {
  return verifyTrace({
    chunks: [trace],
    subject: "trace",
    schema: run.document,
    program: { programId: PROGRAM_ID, codes: CODES, cells: new Set() },
    level: null,
    execute,
  });
}

/** Runs a campaign: ten mutants for each program, of each kind one where it has a place for it. */
export async function runTampering(campaign: TamperCampaign): Promise<TamperFindings> {
  const { seed, from, count } = campaign;
  const failures: string[] = [];
  const mutants = new Map<TamperName, number>();
  const checks = new Map<string, number>();
  let steps = 0;
  let disputes = 0;
  for (let index = from; index < from + count; index += 1) {
    const name = `--tamper --seed ${seed} --from ${index} --count 1`;
    const program = programAt(seed, index);
    const { run, trace } = await recordRun(program);
    steps += run.steps.length;
    for (const right of [trace, traceOf(run)]) {
      const verdict = await verdictOn(run, right);
      if (verdict.kind !== "accepted" || verdict.level !== "reexecute")
        failures.push(`${name}: the honest run is ${said(verdict)}`);
    }
    const random = randomOf(seed ^ 0x5eed, index);
    for (const wanted of NAMES) {
      const made = await mutantOf({ program, run, random }, wanted);
      if (made === null) {
        failures.push(`${name}: there is no mutant of it`);
        continue;
      }
      mutants.set(made.kind, (mutants.get(made.kind) ?? 0) + 1);
      if (made.kind === "forged output") {
        const problem = await evidenceProblem(run, made.run, random);
        if (problem !== null) failures.push(`${name}: ${problem}`);
        disputes += 1;
      }
      const verdict = await verdictOn(run, traceOf(made.run));
      if (verdict.kind !== "rejected") failures.push(`${name}: ${made.kind} is ${said(verdict)}`);
      else checks.set(verdict.check, (checks.get(verdict.check) ?? 0) + 1);
    }
    if (failures.length >= FAILURE_COUNT_MAX) break;
  }
  return { failures, programs: count, steps, disputes, mutants, checks };
}

function said(verdict: Verdict): string {
  if (verdict.kind === "accepted") return `accepted at level ${verdict.level}`;
  return `${verdict.kind}: ${verdict.message}`;
}

/** A mutant of this kind, or of the next that the run has a place for. */
async function mutantOf(
  subject: Subject,
  wanted: TamperName,
): Promise<{ readonly kind: TamperName; readonly run: TamperRun } | null> {
  const start = NAMES.indexOf(wanted);
  for (const kind of [...NAMES.slice(start), ...NAMES.slice(0, start)]) {
    for (let i = 0; i < TRIES_MAX; i += 1) {
      const run = await TAMPERS[kind](subject);
      if (run !== null && !saysTheSame(run, subject.run)) return { kind, run };
    }
  }
  return null;
}

/** The figures of a campaign, for people. */
export function tamperText(findings: TamperFindings): string {
  const { programs, steps, disputes, mutants, checks, failures } = findings;
  const total = [...mutants.values()].reduce((sum, count) => sum + count, 0);
  const list = (counts: ReadonlyMap<string, number>): string =>
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  return [
    `${programs} programs of ${steps} steps; ${total} mutants, ${disputes} disputes, ${failures.length} failures`,
    `  mutants by kind: ${list(mutants)}`,
    `  rejected by: ${list(checks)}`,
  ].join("\n");
}
