// A campaign over many inputs: `npm run fuzz -- --count N --seed S [--from I]`. Prints figures, and
// what broke with its smallest input; ends with status 1 if anything did.

import { parseArgs } from "node:util";
import { formatSource } from "@lumen/syntax";
import { brokenByCompiling } from "./compiling.ts";
import { corpus, type FuzzInput, inputAt } from "./inputs.ts";
import { brokenBy } from "./properties.ts";
import { shrink } from "./shrink.ts";

/** Longest time that one input may take, in milliseconds. */
export const TIME_MAX_MS = 2000;
/** Most memory that the process may hold, in bytes. */
const MEMORY_MAX = 1 << 30;
const FAILURE_COUNT_MAX = 10;
/** One input in so many goes through the whole compiler; odd, so that both kinds of inputs do. */
const COMPILED_EVERY = 25;

/** Which inputs a campaign runs. */
export interface Campaign {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
}

/** What a campaign found. */
export interface Findings {
  readonly failures: readonly string[];
  /** Inputs without syntax errors, so that the formatter ran. */
  readonly formatted: number;
  readonly slowestMs: number;
  readonly memoryMax: number;
}

/** Runs a campaign; stops at the tenth failure. */
export function runCampaign({ seed, from, count }: Campaign): Findings {
  const sources = corpus();
  const failures: string[] = [];
  let formatted = 0;
  let slowestMs = 0;
  let memoryMax = 0;
  for (let index = from; index < from + count; index += 1) {
    const input = inputAt(sources, { seed, index });
    const before = performance.now();
    const isCompiled = index % COMPILED_EVERY === 0;
    const problem = problemOf(input) ?? (isCompiled ? compileProblem(input) : null);
    const elapsed = performance.now() - before;
    slowestMs = Math.max(slowestMs, elapsed);
    if (index % 500 === 0) memoryMax = Math.max(memoryMax, process.memoryUsage().heapUsed);
    if (formatSource(input.path, input.text).diagnostics.length === 0) formatted += 1;
    if (elapsed > TIME_MAX_MS) failures.push(`--seed ${seed} --from ${index}: ${elapsed} ms`);
    if (problem !== null) failures.push(`--seed ${seed} --from ${index} --count 1\n${problem}`);
    if (failures.length >= FAILURE_COUNT_MAX) break;
  }
  if (memoryMax > MEMORY_MAX) failures.push(`${memoryMax} bytes of memory`);
  return { failures, formatted, slowestMs, memoryMax };
}

function compileProblem({ path, text }: FuzzInput): string | null {
  const broken = brokenByCompiling(path, text);
  if (broken === null) return null;
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

function main(): void {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "10000" },
      seed: { type: "string", default: "1" },
      from: { type: "string", default: "0" },
    },
  });
  const [count, seed, from] = [Number(values.count), Number(values.seed), Number(values.from)];
  const findings = runCampaign({ seed, from, count });
  for (const failure of findings.failures) console.error(`${failure}\n`);
  console.info(
    `seed ${seed}: ${count} inputs, ${findings.formatted} without syntax errors, ` +
      `slowest ${Math.round(findings.slowestMs)} ms, ` +
      `${Math.round(findings.memoryMax / 2 ** 20)} MiB, ${findings.failures.length} failures`,
  );
  process.exitCode = findings.failures.length === 0 ? 0 : 1;
}

if (process.argv[1]?.endsWith("campaign.ts") === true) main();
