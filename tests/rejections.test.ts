// Every rejection of spec/formats.md has a negative test: a row per clause names the tests that
// hold its rejections, and each code that the clause names stands in one of them, by itself or by
// the number of the diagnostic that is the same. A code that is new in a clause has no row, or no
// test: this fails.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DIAGNOSTICS } from "@lumen/core/diagnostic";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const CORE = "packages/core/src";
const SCHEMAS = [`${CORE}/cfs/read.test.ts`, "spec/vectors/cfs-reject.json"];
const VERIFIER = [
  "packages/raster/src/testing/sequence-forgeries.ts",
  "packages/raster/src/verify/checks.ts",
  "packages/raster/src/verify/verify-trace.test.ts",
  `${CORE}/cfs/verify-steps.test.ts`,
];

/** Tests by clause; a folder stands for its files. */
const TESTS: { readonly [clause: string]: readonly string[] } = {
  "1.1": [`${CORE}/encoding/document.test.ts`],
  "1.2": [...SCHEMAS, `${CORE}/program/manifests.test.ts`],
  "2.1": [`${CORE}/program/versions.test.ts`],
  "2.2": [`${CORE}/program/versions.test.ts`],
  "2.3": [`${CORE}/program/migrate.test.ts`],
  "3.1": [`${CORE}/encoding/check-type.test.ts`],
  "3.2": ["tests/fixtures/tile"],
  "4.2": [`${CORE}/encoding/value-codec.test.ts`, `${CORE}/encoding/wire-codec.test.ts`],
  "5": ["spec/vectors/json-input.json"],
  "6": ["packages/raster/src/backends/backends.test.ts", "tests/fixtures/tile"],
  "7.1": ["tests/fixtures/tile"],
  "7.2": [...SCHEMAS, "tests/fixtures/tile"],
  "8.1": [
    "packages/raster/src/backends/backends.test.ts",
    "tests/raster/backends.test.ts",
    `${CORE}/program/manifests.test.ts`,
  ],
  "8.2": [`${CORE}/program/manifests.test.ts`],
  "8.3": [`${CORE}/program/manifests.test.ts`],
  "9.3": [...SCHEMAS, `${CORE}/encoding/check-type.test.ts`],
  "9.4": SCHEMAS,
  "9.7": [`${CORE}/cfs/verify-steps.test.ts`],
  "10.2": [`${CORE}/program/bundle.test.ts`, "packages/toolchain/src/trace-store.test.ts"],
  "11.1": SCHEMAS,
  "11.3": [
    "packages/raster/src/runner.test.ts",
    `${CORE}/program/manifests.test.ts`,
    "tests/raster/run-tile.test.ts",
  ],
  "12": [
    "tests/raster/third-party-backend.test.ts",
    "packages/raster/src/backends/backends.test.ts",
    "packages/raster/src/backends/isolate.test.ts",
    "packages/raster/src/replay.test.ts",
  ],
  "13.2": [`${CORE}/trace/nesting.test.ts`, "packages/runtime/src/journal.test.ts"],
  "14.1": [`${CORE}/trace/reader.test.ts`],
  "14.4": [`${CORE}/trace/reader.test.ts`, "tests/resume/resume.test.ts"],
  "15.1": [
    "packages/raster/src/backends/backends.test.ts",
    "packages/vm/src/machine/machine.test.ts",
    "packages/vm/src/interpreter/opcodes.test.ts",
    "packages/vm/src/testing/native-cases",
  ],
  "15.2": ["packages/raster/src/backends/js/js-engine.test.ts"],
  "15.3": [`${CORE}/cfs/resume.test.ts`, `${CORE}/cfs/verify-steps.test.ts`],
  "15.4": ["packages/runtime/src/journal.test.ts"],
  "16.4": ["tests/evidence/commit.test.ts"],
  "17.2": [`${CORE}/commit/fingerprint.test.ts`],
  "18.1": VERIFIER,
  "18.2": VERIFIER,
  "18.3": VERIFIER,
  "19.2": [
    "packages/raster/src/verify/window-check.test.ts",
    "packages/raster/src/verify/evidence-checks.ts",
  ],
  "19.3": ["packages/raster/src/verify/window-check.test.ts"],
  "20.2": ["packages/raster/src/verify/fraud-check.test.ts"],
  "29": ["packages/toolchain/src/test/snapshots.test.ts"],
  "30": ["packages/vm/src/snapshot/snapshot.test.ts"],
};

/** Clauses that list codes or examples, and name no rejection of their own. */
const LISTS: readonly string[] = ["2.4", "22", "23", "24", "26", "28"];

/** The codes that each clause names, those of section 27 by the clause that they settle. */
function codesByClause(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  let clause = "";
  for (const line of readFileSync(join(ROOT, "spec/formats.md"), "utf8").split("\n")) {
    clause = /^#{2,3} (\d+(?:\.\d+)?)\.? /.exec(line)?.[1] ?? clause;
    const settled = clause === "27" ? /^\| (\d+(?:\.\d+)?) \|/.exec(line)?.[1] : clause;
    if (settled === undefined || settled === "" || isList(settled)) continue;
    // `E_TRAP_*` stands for the codes that 15.1 lists.
    const codes = line.match(/\bE_[A-Z_]*[A-Z]\b(?!_?\*)/g) ?? [];
    if (codes.length === 0) continue;
    const known = found.get(settled) ?? new Set();
    for (const code of codes) known.add(code);
    found.set(settled, known);
  }
  return found;
}

function isList(clause: string): boolean {
  return LISTS.some((list) => clause === list || clause.startsWith(`${list}.`));
}

function textOf(path: string): string {
  const full = join(ROOT, path);
  expect(existsSync(full), path).toBe(true);
  if (/\.\w+$/.test(path)) return readFileSync(full, "utf8");
  const names = readdirSync(full);
  return names.map((name) => readFileSync(join(full, name), "utf8")).join("\n");
}

/** A code and the number of its diagnostic. */
function namesOf(code: string): readonly string[] {
  const numbers = Object.entries(DIAGNOSTICS).flatMap(([number, row]) =>
    "name" in row && row.name === code ? [number] : [],
  );
  return [code, ...numbers];
}

describe("formats.md", () => {
  const clauses = [...codesByClause()];

  it("names rejections in many clauses", () => {
    expect(clauses.length).toBeGreaterThan(30);
    expect(clauses.map(([clause]) => clause).filter((clause) => !(clause in TESTS))).toEqual([]);
  });

  it.each(clauses)("each code of clause %s stands in a negative test", (clause, codes) => {
    const text = (TESTS[clause] ?? []).map(textOf).join("\n");
    const untested = [...codes].filter(
      (code) => !namesOf(code).some((name) => new RegExp(`\\b${name}\\b`).test(text)),
    );
    expect(untested).toEqual([]);
  });
});
