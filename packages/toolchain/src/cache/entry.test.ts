// An entry gives back the program that went in: for every example of the repository.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compileProject } from "../compile-project.ts";
import { type CacheEntry, decodeEntry, encodeEntry } from "./entry.ts";

const EXAMPLES = join(dirname(fileURLToPath(import.meta.url)), "../../../../examples");

describe("an entry", () => {
  it.each(
    readdirSync(EXAMPLES).filter((name) => !name.includes(".") || name.endsWith(".lm.md")),
  )("holds the program of %s", (name) => {
    const compiled = compileProject(join(EXAMPLES, name), { allowUnstable: true });
    if (!compiled.ok) throw new Error(compiled.error.message);
    const { program, diagnostics, sources } = compiled.value;
    if (program === null) throw new Error("the example compiles");
    const entry: CacheEntry = {
      target: name,
      project: program.project,
      inputs: [{ path: "/absent", sha256: null }],
      warnings: diagnostics,
      outcome: { kind: "program", program },
    };
    const bytes = encodeEntry(entry, sources);
    if (bytes === null) throw new Error("the entry can be encoded");
    const decoded = decodeEntry(bytes, () => sources);
    expect(decoded).toEqual({ ok: true, value: entry });
    expect(decodeEntry(bytes, () => null)).toEqual({ ok: true, value: null });
  });
});
