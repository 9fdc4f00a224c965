// Generated programs that all tiers run, by what they are about, and campaigns over many of them.

import type { Program } from "@lumen/core/program";
import { compileText } from "@lumen/testkit";
import { aliasingProgram } from "../property/aliasing.ts";
import { numericProgram } from "../property/numeric.ts";
import { textProgram } from "../property/texts.ts";
import { wellTypedProgram } from "../property/well-typed.ts";
import { compareTiers, NATIVE } from "../tier-runs.ts";
import { type Random, randomOf } from "./random.ts";

/** What makes programs. */
export interface TierGenerator {
  readonly about: string;
  readonly textOf: (random: Random) => string;
  /** T2 takes the programs whole. */
  readonly isNumeric: boolean;
}

/** All kinds of generated programs. */
export const TIER_GENERATORS: readonly TierGenerator[] = [
  { about: "of every kind", textOf: wellTypedProgram, isNumeric: false },
  { about: "of who owns what", textOf: (r) => aliasingProgram(r).text, isNumeric: false },
  { about: "of texts", textOf: textProgram, isNumeric: false },
  { about: "of numbers", textOf: numericProgram, isNumeric: true },
];

/** One program; throws where a generator makes one that does not compile. */
export function generatedProgram(
  { textOf, about }: TierGenerator,
  { seed, index }: { readonly seed: number; readonly index: number },
): Program {
  const { program, diagnostics } = compileText({
    text: textOf(randomOf(seed, index)),
    extension: "lm",
  });
  if (program === null) throw new Error(`${about}, ${index}: ${diagnostics[0]?.message}`);
  return program;
}

/** What a campaign found. */
export interface TierFindings {
  readonly failures: readonly string[];
  readonly compiled: number;
  /** Cells with code of T2, and of T3; null where that is not installed. */
  readonly numeric: number;
  readonly native: number | null;
}

const FAILURE_COUNT_MAX = 10;

/** Runs programs of all kinds in turn; stops at the tenth difference. */
export function runTierCampaign(asked: {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
}): TierFindings {
  const { seed, from, count } = asked;
  const failures: string[] = [];
  let compiled = 0;
  let numeric = 0;
  let native = 0;
  for (let index = from; index < from + count && failures.length < FAILURE_COUNT_MAX; index += 1) {
    const generator = TIER_GENERATORS[index % TIER_GENERATORS.length];
    if (generator === undefined) break;
    const found = compareTiers(generatedProgram(generator, { seed, index }));
    compiled += found.all;
    numeric += found.numeric;
    native += found.native;
    const name = `--tiers --seed ${seed} --from ${index} --count 1`;
    if (found.difference !== null)
      failures.push(`${name}: a program ${generator.about}, ${found.difference}`);
  }
  return { failures, compiled, numeric, native: NATIVE.ok ? native : null };
}
