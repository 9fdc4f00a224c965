// Compiled code (tiers T1, T2 and, where it is installed, T3) means what the interpreter does (T0):
// every program of the corpus gives the same value, or the same fault with the same stack, asks the
// same, and counts the same cycles (tier-runs.ts). `npm run fuzz -- --tiers` does more generated
// programs.

import type { Program } from "@lumen/core/program";
import { compileText } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { documentBlocks, documentSources, fixtureSources } from "./corpus.ts";
import { generatedProgram, TIER_GENERATORS } from "./fuzz/tier-programs.ts";
import { AT_ONCE, compareTiers, NATIVE } from "./tier-runs.ts";

if (!NATIVE.ok) console.info(`tier T3 is not tested: ${NATIVE.error}`);

/** Generated programs of each kind. */
const GENERATED = 60;
const SEED = 2028;
/** One of so many runs in tier T3, too. */
const NATIVE_EVERY = 5;
const WITHOUT_NATIVE = AT_ONCE.filter(({ tier }) => tier !== "T3");

describe("compiled code does what the interpreter does", () => {
  const blocks = documentBlocks().map(({ name, text }) => ({
    name,
    compile: () => compileText({ text, extension: "lm" }),
  }));
  const programs = [...documentSources(), ...fixtureSources(), ...blocks].flatMap(
    ({ name, compile }): readonly { readonly name: string; readonly program: Program }[] => {
      const { program } = compile();
      return program === null ? [] : [{ name, program }];
    },
  );
  let compiled = 0;
  let numeric = 0;
  let native = 0;

  it.each(programs)("$name", ({ program }) => {
    const found = compareTiers(program);
    expect(found.difference).toBeNull();
    compiled += found.all;
    numeric += found.numeric;
    native += found.native;
  });

  it("is compiled at all", () => {
    expect(compiled).toBeGreaterThan(programs.length / 2);
    expect(numeric).toBeGreaterThan(programs.length / 4);
  });

  it.skipIf(!NATIVE.ok)("is compiled by LLVM", () => {
    expect(native).toBeGreaterThan(programs.length / 4);
  });

  it.each(TIER_GENERATORS)("in generated programs $about", (generator) => {
    let all = 0;
    let numbers = 0;
    let natives = 0;
    for (let index = 1; index <= GENERATED; index += 1) {
      // LLVM takes its time: not all of them, and a campaign does the others.
      const settings = index % NATIVE_EVERY === 0 ? AT_ONCE : WITHOUT_NATIVE;
      const found = compareTiers(generatedProgram(generator, { seed: SEED, index }), settings);
      expect(found.difference, `${index}`).toBeNull();
      all += found.all;
      numbers += found.numeric;
      natives += found.native;
    }
    if (NATIVE.ok && generator.isNumeric) expect(natives).toBeGreaterThan(GENERATED / NATIVE_EVERY);
    expect(generator.isNumeric ? numbers : all).toBeGreaterThan(GENERATED);
  });
});
