// Fixes are edits that mend what they are given with: applied to the fixtures, what they answer is
// gone, and nothing new is reported in its place.

import type { Diagnostic, Edit } from "@lumen/core/diagnostic";
import { compileText } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { documentBlocks, fixtureTexts } from "./corpus.ts";

interface Fixable {
  readonly name: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

function applied(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => b.span.start - a.span.start);
  return ordered.reduce(
    (t, { span, newText }) => t.slice(0, span.start) + newText + t.slice(span.end),
    text,
  );
}

/** Edits of all fixes, those at one place once. */
function editsOf(diagnostics: readonly Diagnostic[]): readonly Edit[] {
  const byPlace = new Map<number, Edit>();
  for (const d of diagnostics) {
    for (const edit of d.fixes?.[0]?.edits ?? []) byPlace.set(edit.span.start, edit);
  }
  return [...byPlace.values()];
}

const fixable: readonly Fixable[] = [
  ...fixtureTexts(),
  ...documentBlocks().map(({ name, text }) => ({ name, text })),
].flatMap(({ name, text }): readonly Fixable[] => {
  const { diagnostics } = compileText({ text, extension: "lm" });
  return editsOf(diagnostics).length === 0 ? [] : [{ name, text, diagnostics }];
});

describe("fixes", () => {
  it("exist", () => {
    expect(fixable.length).toBeGreaterThan(10);
  });

  it.each(fixable)("mend what they are for: $name", ({ text, diagnostics }) => {
    const mended = applied(text, editsOf(diagnostics));
    const before = diagnostics.filter((d) => d.fixes !== undefined).map((d) => d.message);
    const after = compileText({ text: mended, extension: "lm" }).diagnostics;
    expect(after.map((d) => d.message).filter((m) => before.includes(m))).toEqual([]);
  });
});
