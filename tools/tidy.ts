// Checks what no other tool checks: import arrows, cycles, sizes, names. Exit 1 on a finding.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DIAGNOSTICS } from "@lumen/core/diagnostic";
import { EXCEPTIONS } from "./tidy/exceptions.ts";
import {
  clausesOf,
  clausesWithoutFixture,
  codesWithoutFixture,
  runChecks,
} from "./tidy/run-checks.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const SKIPPED = new Set(["node_modules", "dist", ".scratch", ".git", "coverage", "target"]);

/** Paths of all files below a folder, in ascending order. */
function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .filter((entry) => !SKIPPED.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

const paths = filesBelow("");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const isChecked = (path: string): boolean =>
  /\.(ts|mjs)$/.test(path) || /^packages\/[^/]+\/package\.json$/.test(path);
const findings = runChecks(
  new Map(paths.filter(isChecked).map((path): [string, string] => [path, read(path)])),
  EXCEPTIONS,
);
for (const { path, line, message } of findings) console.log(`${path}:${line}: ${message}`);

const isFixture = (path: string): boolean =>
  path.startsWith("tests/fixtures/") && path.endsWith(".md");
const fixtures = paths.filter(isFixture).map(read);
// Fixtures are programs in Lumen: sources in TypeScript have tests of their own.
const isOfTypeScript = (path: string): boolean =>
  path.startsWith("packages/toolchain/src/typescript/") && path.endsWith(".test.ts");
const ofTypeScript = paths.filter(isOfTypeScript).map(read);
const uncovered = codesWithoutFixture(Object.keys(DIAGNOSTICS), [...fixtures, ...ofTypeScript]);
console.error(`diagnostic codes that no fixture names: ${uncovered.join(" ") || "none"}`);

// What concerns projects and providers cannot be a fixture: a test that names the clause counts.
const tests = paths.filter((path) => path.endsWith(".test.ts")).map(read);
const clauses = clausesOf(read("spec/language.md"));
const unnamed = clausesWithoutFixture(clauses, [...fixtures, ...tests]);
console.error(`clauses that no fixture or test names: ${unnamed.join("; ") || "none"}`);
process.exitCode = findings.length === 0 ? 0 : 1;
