// The pages of codes: every numbered code has one and every page a code, what a page calls refused
// is refused with its code, and what it calls mended compiles without it and does not fault.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DIAGNOSTICS, type Diagnostic, hasErrors } from "@lumen/core/diagnostic";
import {
  compileDocument,
  type DocumentProgram,
  type FencedBlock,
  fencedBlocks,
  judgeProgram,
} from "@lumen/testkit";
import { describe, expect, it } from "vitest";

const FOLDER = join(import.meta.dirname, "../../docs/errors");

interface Page {
  readonly code: string;
  readonly text: string;
  readonly blocks: readonly FencedBlock[];
}

const pages: readonly Page[] = readdirSync(FOLDER)
  .sort()
  .map((name) => {
    const text = readFileSync(join(FOLDER, name), "utf8");
    return { code: basename(name, ".md"), text, blocks: fencedBlocks(text) };
  });

/** The program under a heading of a page, with the modules that stand there. */
function programUnder({ code, blocks }: Page, heading: string): DocumentProgram {
  const under = blocks.filter((block) => block.heading === heading);
  const files = new Map<string, string>();
  for (const { info, text } of under) {
    const module = /\bmodule=([\w.]+)/.exec(info)?.[1] ?? "main";
    expect([...files.keys()]).not.toContain(`${module}.lm`);
    files.set(`${module.replaceAll(".", "/")}.lm`, text);
  }
  expect([...files.keys()]).toContain("main.lm");
  return { name: code, files, target: "main.lm", fate: { kind: "runs" }, outputs: [] };
}

const compileUnder = (page: Page, heading: string): readonly Diagnostic[] =>
  compileDocument(programUnder(page, heading)).diagnostics;

it("every code has a page, every page a code", () => {
  expect(pages.map(({ code }) => code)).toEqual(Object.keys(DIAGNOSTICS).sort());
});

/** Pages about TypeScript sources hold no Lumen: the front end's own tests give their codes. */
const TYPESCRIPT_CODES: readonly string[] = ["E0813", "E0814"];

describe.each(pages)("$code", ({ code, text }) => {
  it("has the title of the table and leads only to codes", () => {
    const row = Object.entries(DIAGNOSTICS).find(([known]) => known === code)?.[1];
    expect(text.split("\n")[0]).toBe(`# ${code}: ${row?.title}`);
    const linked = [...text.matchAll(/\[(E\d{4})\]\((E\d{4})\.md\): (.*)/g)];
    expect(linked.length).toBeGreaterThan(0);
    for (const [, shown, target, title] of linked) {
      const other = Object.entries(DIAGNOSTICS).find(([known]) => known === target)?.[1];
      expect([shown, title]).toEqual([target, other?.title]);
    }
  });
});

describe.each(pages.filter(({ code }) => !TYPESCRIPT_CODES.includes(code)))("$code", (page) => {
  const { code, blocks } = page;

  it("marks what is refused with its code", () => {
    const marked = blocks.filter(({ info }) => info.includes("fails="));
    expect(marked.map(({ info, heading }) => `${heading}: ${info}`)).toEqual([
      `Refused: lumen fails=${code}`,
    ]);
  });

  it("is given for what the page calls refused", () => {
    expect(new Set(compileUnder(page, "Refused").map((d) => d.code))).toEqual(new Set([code]));
  });

  it("is not given for what the page calls mended", () => {
    const diagnostics = compileUnder(page, "Mended");
    expect(hasErrors(diagnostics)).toBe(false);
    expect(diagnostics.filter((d) => d.code === code)).toEqual([]);
  });

  it("runs, where it can run alone, what the page calls mended", async () => {
    expect(await judgeProgram(programUnder(page, "Mended"))).toEqual([]);
  });
});
