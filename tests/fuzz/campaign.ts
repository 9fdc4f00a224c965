// A campaign over many inputs: `npm run fuzz -- --count N --seed S [--from I]`, and `--programs`,
// `--tiers`, `--tamper` or `--secrets`. Prints figures, and what broke with its smallest input;
// ends with status 1 if anything did. Inputs are texts; with `--programs` nearly right ones, all of
// which are compiled; with `--tiers` generated programs that run in all tiers (tier-programs.ts);
// with `--tamper` runs of generated programs and traces forged from them (tamper/campaign.ts); with
// `--secrets` runs of programs that try to let a secret out (secrets/campaign.ts).

import { parseArgs } from "node:util";
import { formatSource } from "@lumen/syntax";
import { installNodeHash } from "@lumen/toolchain";
import { brokenByCompiling, compilationOf } from "./compiling.ts";
import { corpus, type FuzzInput, inputAt } from "./inputs.ts";
import { nearProgramAt } from "./near-programs.ts";
import { type Broken, brokenBy } from "./properties.ts";
import { runSecretCampaign } from "./secrets/campaign.ts";
import { shrink } from "./shrink.ts";
import { runTampering, type TamperCampaign, tamperText } from "./tamper/campaign.ts";
import { runTierCampaign } from "./tier-programs.ts";

/** Longest time that one input may take, in milliseconds. */
export const TIME_MAX_MS = 2000;
/** Most memory that the process may hold, in bytes. */
const MEMORY_MAX = 1 << 30;
const FAILURE_COUNT_MAX = 10;
/** One input in so many goes through the whole compiler; odd, so that both kinds of inputs do. */
const COMPILED_EVERY = 25;
/** Inputs of a campaign where nothing else is asked for. */
const TEXTS_COUNT = 10_000;
/** Programs of a tamper campaign; each gives ten mutants. */
const TAMPERED_COUNT = 2000;

/** Which inputs a campaign runs. */
export interface Campaign {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  /** `texts`: any text, of which some are compiled; `programs`: all are programs, nearly. */
  readonly inputs: "texts" | "programs";
}

/** What a campaign found. */
export interface Findings {
  readonly failures: readonly string[];
  /** Inputs without syntax errors, so that the formatter ran. */
  readonly formatted: number;
  /** Inputs that compiled to a program. */
  readonly compiled: number;
  readonly slowestMs: number;
  readonly memoryMax: number;
}

/** Runs a campaign; stops at the tenth failure. */
export function runCampaign({ seed, from, count, inputs }: Campaign): Findings {
  const sources = corpus();
  const make = inputs === "programs" ? nearProgramAt : inputAt;
  const failures: string[] = [];
  let formatted = 0;
  let compiled = 0;
  let slowestMs = 0;
  let memoryMax = 0;
  for (let index = from; index < from + count; index += 1) {
    const input = make(sources, { seed, index });
    const before = performance.now();
    const isCompiled = inputs === "programs" || index % COMPILED_EVERY === 0;
    const found = inputs === "programs" ? null : problemOf(input);
    const outcome = isCompiled && found === null ? compilationOf(input.path, input.text) : null;
    const elapsed = performance.now() - before;
    const problem = outcome?.kind === "broken" ? compileProblem(input, outcome.broken) : found;
    if (outcome?.kind === "compiled") compiled += 1;
    slowestMs = Math.max(slowestMs, elapsed);
    if (index % 500 === 0) memoryMax = Math.max(memoryMax, process.memoryUsage().heapUsed);
    if (formatSource(input.path, input.text).diagnostics.length === 0) formatted += 1;
    const name = `--seed ${seed} --from ${index}${inputs === "programs" ? " --programs" : ""}`;
    if (elapsed > TIME_MAX_MS) failures.push(`${name}: ${elapsed} ms`);
    if (problem !== null) failures.push(`${name} --count 1\n${problem}`);
    if (failures.length >= FAILURE_COUNT_MAX) break;
  }
  if (memoryMax > MEMORY_MAX) failures.push(`${memoryMax} bytes of memory`);
  return { failures, formatted, compiled, slowestMs, memoryMax };
}

/** A text that breaks a property of compilation, made smaller. */
function compileProblem({ path, text }: FuzzInput, broken: Broken): string {
  const small = shrink(text, (part) => brokenByCompiling(path, part)?.property === broken.property);
  const detail = brokenByCompiling(path, small)?.detail ?? broken.detail;
  return `${path} breaks: ${broken.property}\n${JSON.stringify(small)}\n${detail}`;
}

function problemOf({ path, text }: FuzzInput): string | null {
  const broken = brokenBy(path, text);
  if (broken === null) return null;
  const small = shrink(text, (part) => brokenBy(path, part)?.property === broken.property);
  const detail = brokenBy(path, small)?.detail ?? broken.detail;
  return `${path} breaks: ${broken.property}\n${JSON.stringify(small)}\n${detail}`;
}

/** Runs that are tampered with. */
async function tamper(campaign: TamperCampaign): Promise<void> {
  installNodeHash();
  const before = performance.now();
  const findings = await runTampering(campaign);
  for (const failure of findings.failures) console.error(`${failure}\n`);
  const seconds = Math.round((performance.now() - before) / 1000);
  console.info(`seed ${campaign.seed}: ${tamperText(findings)}\n  ${seconds} s`);
  process.exitCode = findings.failures.length === 0 ? 0 : 1;
}

async function secretCampaign(asked: Omit<Campaign, "inputs">): Promise<void> {
  const { failures, marked, refused, resumed } = await runSecretCampaign(asked);
  for (const failure of failures) console.error(`${failure}\n`);
  console.info(
    `seed ${asked.seed}: ${asked.count} flows of secrets, ${marked} came out as a mark, ` +
      `${refused} were refused, ${resumed} were taken up again, ${failures.length} failures`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** Generated programs in all tiers. */
function tiers(asked: Omit<Campaign, "inputs">): void {
  const { failures, compiled, numeric, native } = runTierCampaign(asked);
  const byLlvm = native === null ? "LLVM is not installed" : `${native} by LLVM`;
  for (const failure of failures) console.error(`${failure}\n`);
  console.info(
    `seed ${asked.seed}: ${asked.count} programs in all tiers, ${compiled} cells and loops ` +
      `compiled, ${numeric} of them to WebAssembly, ${byLlvm}, ${failures.length} differences`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string" },
      seed: { type: "string", default: "1" },
      from: { type: "string", default: "0" },
      programs: { type: "boolean", default: false },
      tamper: { type: "boolean", default: false },
      secrets: { type: "boolean", default: false },
      tiers: { type: "boolean", default: false },
    },
  });
  const [seed, from] = [Number(values.seed), Number(values.from)];
  if (values.tamper) return tamper({ seed, from, count: Number(values.count ?? TAMPERED_COUNT) });
  const count = Number(values.count ?? TEXTS_COUNT);
  if (values.secrets) return secretCampaign({ seed, from, count });
  if (values.tiers) return tiers({ seed, from, count });
  const inputs = values.programs ? "programs" : "texts";
  const findings = runCampaign({ seed, from, count, inputs });
  for (const failure of findings.failures) console.error(`${failure}\n`);
  console.info(
    `seed ${seed}: ${count} inputs, ${findings.formatted} without syntax errors, ` +
      `${findings.compiled} compiled, ` +
      `slowest ${Math.round(findings.slowestMs)} ms, ` +
      `${Math.round(findings.memoryMax / 2 ** 20)} MiB, ${findings.failures.length} failures`,
  );
  process.exitCode = findings.failures.length === 0 ? 0 : 1;
}

if (process.argv[1]?.endsWith("campaign.ts") === true) await main();
