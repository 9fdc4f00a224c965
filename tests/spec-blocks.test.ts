// What specification, documentation, README and examples say about their programs is so: every
// block compiles, or is refused with the code that it states, and prints what stands beside it.

import { documentPrograms, judgeProgram, unreadStatements } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { documentSources, documentTexts } from "./corpus.ts";

const documents = documentTexts();
const isProgram = (path: string): boolean => path.endsWith(".lm.md");

/** The standard library is compiled under its own names, below. */
const programs = documents
  .filter(({ path }) => !path.startsWith("stdlib/"))
  .flatMap(({ path, text }) => documentPrograms(path, text));

describe("programs of the documents", () => {
  it.each(programs)("$name", async (program) => {
    expect(await judgeProgram(program)).toEqual([]);
  });
});

describe("stated outputs", () => {
  it.each(documents)("stand in a form that is read: $path", ({ text }) => {
    expect(unreadStatements(text)).toEqual([]);
  });

  it("are there", () => {
    const stating = programs.filter(({ outputs }) => outputs.length > 0);
    expect(stating.filter(({ name }) => name.startsWith("spec/")).length).toBeGreaterThan(7);
    expect(stating.filter(({ name }) => name.startsWith("docs/")).length).toBeGreaterThan(7);
    expect(stating.filter(({ name }) => name.startsWith("examples/")).length).toBeGreaterThan(9);
  });

  it("of the tutorial and the examples are complete", () => {
    const silent = programs.filter(
      ({ name, fate, outputs }) =>
        /^(?:docs|examples)\//.test(name) &&
        fate.kind === "runs" &&
        outputs.length === 0 &&
        // A project of its own, whose output the tests of the command compare.
        !name.startsWith("examples/ledger/") &&
        // Tests that the tests of `lumen test` run.
        !name.startsWith("docs/testing.md"),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

describe("documents that are programs", () => {
  const sources = documentSources().filter(({ name }) => isProgram(name));

  it.each(sources)("compile: $name", ({ compile }) => {
    const errors = compile().diagnostics.filter((d) => d.severity === "error");
    expect(errors.map((d) => `${d.code} ${d.message}`)).toEqual([]);
  });
});
