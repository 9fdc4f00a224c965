// Compiled code (tiers T1, T2) means what the interpreter does (T0): every program of the corpus
// gives the same value, or the same fault with the same stack, asks the same, and counts the same
// cycles (tier-runs.ts). `npm run fuzz -- --tiers` does more generated programs.

import type { Program } from "@lumen/core/program";
import { compileText } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { documentBlocks, documentSources, fixtureSources } from "./corpus.ts";
import { generatedProgram, TIER_GENERATORS } from "./fuzz/tier-programs.ts";
import { compareTiers } from "./tier-runs.ts";

/** Generated programs of each kind. */
const GENERATED = 60;
const SEED = 2028;

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

  it.each(programs)("$name", ({ program }) => {
    const found = compareTiers(program);
    expect(found.difference).toBeNull();
    compiled += found.all;
    numeric += found.numeric;
  });

  it("is compiled at all", () => {
    expect(compiled).toBeGreaterThan(programs.length / 2);
    expect(numeric).toBeGreaterThan(programs.length / 4);
  });

  it.each(TIER_GENERATORS)("in generated programs $about", (generator) => {
    let all = 0;
    let numbers = 0;
    for (let index = 1; index <= GENERATED; index += 1) {
      const found = compareTiers(generatedProgram(generator, { seed: SEED, index }));
      expect(found.difference, `${index}`).toBeNull();
      all += found.all;
      numbers += found.numeric;
    }
    expect(generator.isNumeric ? numbers : all).toBeGreaterThan(GENERATED);
  });
});
