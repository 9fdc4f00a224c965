// Every ```lumen block of specification and documentation compiles, or fails with the code that its
// fence states.

import { compileText } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { type DocumentBlock, documentBlocks, documentSources } from "./corpus.ts";

const blocks = documentBlocks();

/** A block of the specification that goes on with what an earlier one declares. */
const CONTINUES = { block: "cell to_label", earlier: "cell count_to" } as const;

function contextOf({ name, text, before }: DocumentBlock): string {
  if (!name.startsWith("spec/") || !text.includes(CONTINUES.block)) return before;
  return blocks.find((b) => b.text.includes(CONTINUES.earlier))?.text ?? before;
}

const compiled = blocks
  .filter((block) => !/\bskip\b/.test(block.info))
  .map((block) => {
    const { diagnostics } = compileText({ text: contextOf(block) + block.text, extension: "lm" });
    return { ...block, diagnostics };
  });

describe("blocks of the documents", () => {
  it.each(compiled)("$name", ({ info, diagnostics }) => {
    const errors = diagnostics.filter((d) => d.severity === "error");
    const fails = /\bfails=(E\d{4})/.exec(info)?.[1];
    if (fails === undefined) expect(errors.map((d) => `${d.code} ${d.message}`)).toEqual([]);
    else expect(errors.map((d) => d.code)).toContain(fails);
  });
});

describe("documents", () => {
  it.each(documentSources())("$name", ({ compile }) => {
    const errors = compile().diagnostics.filter((d) => d.severity === "error");
    expect(errors.map((d) => `${d.code} ${d.message}`)).toEqual([]);
  });
});
