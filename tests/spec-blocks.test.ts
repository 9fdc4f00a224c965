// Every ```lumen block of specification and documentation compiles. Blocks that use what this
// version refuses by name are counted and listed, not failed.

import type { Diagnostic } from "@lumen/core/diagnostic";
import { compileText } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { type DocumentBlock, documentBlocks, documentSources } from "./corpus.ts";

/** Constructs of later versions are refused by name. */
function isUnsupported({ code, message }: Diagnostic): boolean {
  return code === "E0126" || (code === "E0500" && message.includes("cannot be compiled yet"));
}

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
const unsupported = compiled.filter((block) => block.diagnostics.some(isUnsupported));
const supported = compiled.filter((block) => !unsupported.includes(block));

describe("blocks of the documents", () => {
  it.each(supported)("$name", ({ info, diagnostics }) => {
    const errors = diagnostics.filter((d) => d.severity === "error");
    const fails = /\bfails=(E\d{4})/.exec(info)?.[1];
    if (fails === undefined) expect(errors.map((d) => `${d.code} ${d.message}`)).toEqual([]);
    else expect(errors.map((d) => d.code)).toContain(fails);
  });

  it("names what this version leaves out", () => {
    const listed = unsupported.map(
      ({ name, diagnostics }) => `${name} ${diagnostics.find(isUnsupported)?.message}`,
    );
    console.info(`${listed.length} blocks use later constructs:\n  ${listed.join("\n  ")}`);
    expect(supported.length).toBeGreaterThan(0);
  });
});

describe("documents", () => {
  it.each(documentSources())("$name", ({ compile }) => {
    const errors = compile().diagnostics.filter((d) => d.severity === "error");
    expect(errors.map((d) => `${d.code} ${d.message}`)).toEqual([]);
  });
});
