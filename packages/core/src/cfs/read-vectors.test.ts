// spec/vectors/cfs-reject.json: documents that must be refused, with their code, and some that
// pass.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCfs, selectEntry } from "./read.ts";

interface RejectCase {
  readonly name: string;
  readonly code: string | null;
  readonly cfs: unknown;
}

const file = new URL("../../../../spec/vectors/cfs-reject.json", import.meta.url);
const vectors: { readonly cases: readonly RejectCase[] } = JSON.parse(readFileSync(file, "utf8"));

/** Stages 1 to 17. */
function codeOf(document: unknown): string | null {
  const cfs = readCfs(document);
  if (!cfs.ok) return cfs.error.code;
  const entry = selectEntry(cfs.value);
  return entry.ok ? null : entry.error.code;
}

describe("vectors of refused schemas", () => {
  it("has all cases", () => {
    expect(vectors.cases).toHaveLength(48);
    expect(vectors.cases.filter(({ code }) => code === null)).toHaveLength(10);
  });

  it.each(vectors.cases)("$name: $code", ({ cfs, code }) => {
    expect(codeOf(cfs)).toBe(code);
  });
});
