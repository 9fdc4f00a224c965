// An entry gives back the program that went in: for every example of the repository.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writePolicy } from "@lumen/core/program";
import { displayNested } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { compileProject } from "../compile-project.ts";
import { type CacheEntry, decodeEntry, encodeEntry } from "./entry.ts";

const EXAMPLES = join(dirname(fileURLToPath(import.meta.url)), "../../../../examples");

describe("an entry", () => {
  it.each(
    readdirSync(EXAMPLES).filter((name) => !name.includes(".") || name.endsWith(".lm.md")),
  )("holds the program of %s", async (name) => {
    const compiled = await compileProject(join(EXAMPLES, name), { allowUnstable: true });
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

  it("keeps the values of grants apart that JSON does not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lumen-entry-"));
    const path = join(folder, "main.lm");
    const source = `use tool llm.chat as Chat
grant Chat
  max_tokens 9223372036854775807
  temperature 1.0
  stop [{a: [null]}]
cell main() -> list[String] = Chat()
`;
    writeFileSync(path, source);
    const compiled = await compileProject(path, {});
    rmSync(folder, { recursive: true });
    const program = compiled.ok ? compiled.value.program : null;
    if (program === null) throw new Error("the program compiles");
    const entry: CacheEntry = {
      target: path,
      project: program.project,
      inputs: [],
      warnings: [],
      outcome: { kind: "program", program },
    };
    const bytes = encodeEntry(entry, new Map());
    if (bytes === null) throw new Error("the entry can be encoded");
    const decoded = decodeEntry(bytes, () => new Map());
    const outcome = decoded.ok ? decoded.value?.outcome : undefined;
    const again = outcome?.kind === "program" ? outcome.program.policy : null;
    if (again === null) throw new Error("the entry holds a program");
    expect(writePolicy(again)).toBe(writePolicy(program.policy));
    const values = again.tools.flatMap(({ grant }) => [...grant.maxima, ...grant.fixed]);
    expect(values.map(({ value }) => displayNested(value))).toEqual([
      "9223372036854775807",
      '[{"a": [null]}]',
      "1.0",
    ]);
  });
});
