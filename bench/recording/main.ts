// `npm run bench:recording -- [--steps 20000] [--rounds 5] [--date 2026-11-21]`: what it costs to
// record a run, beside the same run without a trace, which computes digests and commitment too.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installNodeHash, type RunRequest, runProgram } from "@lumen/toolchain";
import { checkDate, median, writeResult } from "../results.ts";

const { values } = parseArgs({
  options: {
    date: { type: "string" },
    steps: { type: "string", default: "20000" },
    rounds: { type: "string", default: "15" },
    turns: { type: "string", default: "100000" },
  },
});
const date = checkDate(values.date);
const steps = Number(values.steps);
const rounds = Number(values.rounds);
const turns = Number(values.turns);
const folder = mkdtempSync(join(tmpdir(), "lumen-recording-"));

/** Milliseconds of a run, on the clock and of the processor. */
interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
}

type Contender = "none" | "digest" | "inline";

installNodeHash();
try {
  const small = await compare("small", steps, JSON.stringify(steps));
  // Runs of a few seconds, whatever the number of small steps is.
  const largeSteps = Math.max(1, Math.round(steps / 20));
  const large = await compare("large", largeSteps, JSON.stringify([largeSteps, turns]));
  for (const result of [small, large]) report(result);
  writeResult("recording", date, { turns, rounds, small, large });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

type Comparison = Awaited<ReturnType<typeof compare>>;

/** All contenders in each round, so that what disturbs one disturbs the others. */
async function compare(sequence: string, count: number, input: string) {
  const samples: Record<Contender, Sample[]> = { none: [], digest: [], inline: [] };
  const commitments = new Set<string>();
  for (let round = -1; round < rounds; round += 1) {
    for (const contender of ["none", "digest", "inline"] as const) {
      const { sample, commitment } = await run(sequence, input, contender);
      if (commitment !== null) commitments.add(commitment);
      // The first round warms up.
      if (round >= 0) samples[contender].push(sample);
    }
  }
  if (commitments.size !== 1) throw new Error(`${commitments.size} commitments to one run`);
  return { sequence, steps: count, samples };
}

async function run(sequence: string, input: string, contender: Contender) {
  const request: RunRequest = {
    target: "bench/recording/steps.lm.md",
    sequence,
    cell: undefined,
    backend: "native",
    note: () => undefined,
    input: { json: input, bytesHex: undefined, stdin: () => "" },
    trace: contender !== "none",
    traceDir: contender === "none" ? undefined : join(folder, "traces"),
    traceFormat: "binary",
    traceIo: contender === "digest" ? "Digest" : "Inline",
    durable: false,
    deterministic: false,
    args: [],
    console: { stdout: () => {}, stderr: () => {}, readLine: () => "", readRest: () => "" },
  };
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  const report = await runProgram(request);
  const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
  const used = process.cpuUsage(cpu);
  if (!report.ok) throw new Error(report.error.failure.message);
  if (report.value.outcome.kind !== "ok") throw new Error(JSON.stringify(report.value.outcome));
  const sample: Sample = { wallMs, cpuMs: (used.user + used.system) / 1000 };
  return { sample, commitment: report.value.evidence?.commitment ?? null };
}

/** Medians, and the best of each: what else the machine does can only add to it. */
function report({ sequence, steps: count, samples }: Comparison): void {
  for (const [what, pick] of [
    ["processor", (s: Sample) => s.cpuMs],
    ["clock", (s: Sample) => s.wallMs],
  ] as const) {
    for (const [how, choose] of [
      ["median", median],
      ["best", (all: readonly number[]) => Math.min(...all)],
    ] as const) {
      const of = (contender: Contender): number => choose(samples[contender].map(pick));
      const costs = (["digest", "inline"] as const).map((contender) => {
        const more = of(contender) - of("none");
        const share = ((more / of("none")) * 100).toFixed(1);
        return `${contender} +${((more / count) * 1000).toFixed(1)} us (${share} %)`;
      });
      const each = ((of("none") / count) * 1000).toFixed(1);
      const head = `${sequence}, ${count} steps, ${what}, ${how}: ${each} us a step`;
      console.log(`${head}; ${costs.join(", ")}`);
    }
  }
}
