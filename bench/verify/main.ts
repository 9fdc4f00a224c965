// `npm run bench:verify -- [--steps 100000,1000000] [--dispute 1048576] [--date 2026-11-21]`:
// verifies traces at every level, each in a process of its own, whose peak memory must not depend
// on their length; then a dispute between an honest run and one that lies at a random step.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bisectTraces, checkDispute, installNodeHash, proveFraud, verify } from "@lumen/toolchain";
import { checkDate, peakBytes, writeResult } from "../results.ts";
import { need, recordHonest, recordLiar } from "./runs.ts";

const LEVELS = ["structure", "dataflow", "reexecute"] as const;
type Level = (typeof LEVELS)[number];

const { values } = parseArgs({
  options: {
    date: { type: "string" },
    steps: { type: "string", default: "100000,1000000" },
    dispute: { type: "string", default: "1048576" },
    seed: { type: "string", default: "1" },
    child: { type: "string" },
    trace: { type: "string" },
    steps1: { type: "string" },
  },
});
installNodeHash();
if (values.child !== undefined) await child(values.child);
else await parent();

/** What one process measured: its processor time, since the machine may have other work. */
interface Sample {
  readonly ms: number;
  readonly peakBytes: number;
}

interface LevelFigures extends Sample {
  readonly steps: number;
  readonly level: Level;
  readonly traceBytes: number;
  readonly stepsPerSecond: number;
}

async function parent(): Promise<void> {
  const date = checkDate(values.date);
  const folder = mkdtempSync(join(tmpdir(), "lumen-bench-"));
  try {
    const figures: LevelFigures[] = [];
    for (const steps of values.steps.split(",").map(Number)) {
      const run = await recordHonest(join(folder, String(steps)), steps);
      const traceBytes = statSync(run.trace).size;
      console.log(`${steps} steps recorded in ${run.ms.toFixed(0)} ms, ${traceBytes} bytes`);
      for (const level of LEVELS) figures.push(measure(run.trace, { steps, level, traceBytes }));
    }
    const dispute = await measureDispute(folder, Number(values.dispute));
    writeResult("verify", date, { levels: figures, dispute });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Verifies in a process of its own. */
function measure(
  trace: string,
  of: { readonly steps: number; readonly level: Level; readonly traceBytes: number },
): LevelFigures {
  const own = fileURLToPath(import.meta.url);
  const words = [own, "--child", of.level, "--trace", trace, "--steps1", String(of.steps)];
  const ran = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`${of.level}: ${ran.stderr}`);
  const sample: Sample = JSON.parse(ran.stdout);
  const stepsPerSecond = Math.round((of.steps * 1000) / sample.ms);
  const memory = (sample.peakBytes / 2 ** 20).toFixed(0);
  const time = `${of.level.padEnd(9)} ${sample.ms.toFixed(0).padStart(7)} ms`;
  console.log(`  ${time}, ${stepsPerSecond} steps/s, peak ${memory} MiB`);
  return { ...of, ...sample, stepsPerSecond };
}

async function child(level: string): Promise<void> {
  const before = process.cpuUsage();
  const report = need(
    await verify({
      trace: values.trace,
      projectFolder: ".",
      program: undefined,
      cfs: undefined,
      level: LEVELS.find((name) => name === level),
    }),
  );
  const { verdict } = report;
  if (verdict.kind !== "accepted" || verdict.level !== level)
    throw new Error(`expected ${level}, found ${JSON.stringify(verdict)}`);
  if (verdict.steps !== Number(values.steps1)) throw new Error(`${verdict.steps} steps`);
  const { user, system } = process.cpuUsage(before);
  const sample: Sample = { ms: (user + system) / 1000, peakBytes: peakBytes() };
  console.log(JSON.stringify(sample));
}

/** A lie at a random step, from bisection to the checked proof. */
async function measureDispute(folder: string, steps: number): Promise<object> {
  const honest = await recordHonest(join(folder, "dispute"), steps);
  // Steps of a linear congruential generator; the seed is given, so that it can be done again.
  const lieAt = (Number(values.seed) * 1_103_515_245 + 12_345) % steps;
  const { programId } = honest;
  const liar = await recordLiar(join(folder, "dispute"), { steps, lieAt, programId });
  const leaf = lieAt + 1;
  const place = { projectFolder: ".", program: programOf(honest.trace, programId) };
  const bisected = await timed(() =>
    bisectTraces({ ...place, a: honest.trace, b: liar, out: undefined }),
  );
  const { dispute } = need(bisected.value);
  if (dispute.leaf !== leaf) throw new Error(`bisected to ${dispute.leaf}, the lie is at ${leaf}`);
  const out = join(folder, "fraud.json");
  const declared = null;
  const proved = await timed(() => proveFraud({ ...place, trace: liar, leaf, out, declared }));
  const { proof } = need(proved.value);
  const checked = await timed(() =>
    checkDispute({ ...place, file: out, backend: undefined, commitment: undefined, declared }),
  );
  const found = need(checked.value);
  if (found.kind !== "fraud-proof" || found.verdict.kind !== "fraud")
    throw new Error(`the proof does not hold: ${JSON.stringify(found)}`);
  const valueBytes = [...proof.values.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  const figures = {
    steps,
    leaf,
    rounds: dispute.rounds.length,
    proofBytes: readFileSync(out).length,
    valueBytes,
    executions: found.verdict.executions,
    bisectMs: bisected.ms,
    proveMs: proved.ms,
    checkMs: checked.ms,
  };
  console.log(`dispute: ${JSON.stringify(figures)}`);
  return figures;
}

function programOf(trace: string, programId: string): string {
  return join(trace, "..", "..", "programs", `${programId}.rbundle`);
}

async function timed<T>(
  action: () => Promise<T>,
): Promise<{ readonly value: T; readonly ms: number }> {
  const before = performance.now();
  const value = await action();
  return { value, ms: performance.now() - before };
}
