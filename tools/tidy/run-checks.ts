// All checks over an in-memory table of files. Reading the disk and printing are in ../tidy.ts.

import {
  checkCoreOrder,
  checkCycles,
  checkImportTable,
  type EntryPoints,
} from "./check-imports.ts";
import { checkFileLength, checkFunctionLength, checkLineLength } from "./check-size.ts";
import {
  checkBannedNames,
  checkHeaders,
  checkHiddenInputs,
  checkIndexFiles,
  checkStrayNotes,
} from "./check-style.ts";
import { type CodeFile, type Finding, makeCodeFile } from "./code-file.ts";
import { applyExceptions, type Exception } from "./exceptions.ts";

/** Path → text of every file that the checks look at: sources and the packages' package.json. */
export type FileTable = ReadonlyMap<string, string>;

/** All findings, in the order of path and line. */
export function runChecks(table: FileTable, exceptions: readonly Exception[]): readonly Finding[] {
  const files: readonly CodeFile[] = [...table]
    .filter(([path]) => path.endsWith(".ts") || path.endsWith(".mjs"))
    .map(([path, text]) => makeCodeFile(path, text));
  const { entryPoints, entryFiles } = readExports(table);
  const findings = [
    ...checkImportTable(files, entryPoints),
    ...checkCoreOrder(files),
    ...checkCycles(files),
    ...checkFileLength(files),
    ...checkFunctionLength(files),
    ...checkLineLength(files),
    ...checkHeaders(files),
    ...checkBannedNames(files),
    ...checkStrayNotes(files),
    ...checkHiddenInputs(files),
    ...checkIndexFiles(files, entryFiles),
  ];
  return [...applyExceptions(findings, exceptions)].sort((a, b) =>
    a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1,
  );
}

interface Exports {
  readonly entryPoints: EntryPoints;
  readonly entryFiles: ReadonlySet<string>;
}

function readExports(table: FileTable): Exports {
  const entryPoints = new Set<string>();
  const entryFiles = new Set<string>();
  for (const [path, text] of table) {
    const folder = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) continue;
    for (const [key, file] of exportsOf(text)) {
      entryPoints.add(key === "." ? folder : `${folder}/${key.slice(2)}`);
      entryFiles.add(`packages/${folder}/${file.slice(2)}`);
    }
  }
  return { entryPoints, entryFiles };
}

/** Pairs of export key and source file. */
function exportsOf(text: string): readonly (readonly [string, string])[] {
  const document: unknown = JSON.parse(text);
  if (!isRecord(document) || !isRecord(document.exports)) return [];
  return Object.entries(document.exports).flatMap(([key, target]) => {
    const source = isRecord(target) ? target["lumen-src"] : undefined;
    return typeof source === "string" ? [[key, source] as const] : [];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Diagnostic codes that no fixture text names. */
export function codesWithoutFixture(
  codes: readonly string[],
  fixtures: readonly string[],
): readonly string[] {
  const named = new Set(fixtures.flatMap((text) => text.match(/\bE\d{4}\b/g) ?? []));
  return codes.filter((code) => !named.has(code));
}

/**
 * The subsections of language 1-14 and 17-21, as `9.3`, by their headings and the bold numbers at
 * the beginning of paragraphs, and the rules of section 3, as `3, rule 4`. A section that has
 * subsections is not listed itself. Sections 15 and 16 have tables of their own tests.
 */
export function clausesOf(specification: string): readonly string[] {
  const found: string[] = [];
  let section = "";
  for (const line of specification.split("\n")) {
    section = /^## (\d+) /.exec(line.replace(".", ""))?.[1] ?? section;
    const n = Number(section);
    if (n === 0 || n === 15 || n === 16 || n > 21) continue;
    const sub = /^(?:### |\*\*)(\d+\.\d+)\b/.exec(line)?.[1];
    const rule = section === "3" ? /^(\d+)\. /.exec(line)?.[1] : undefined;
    if (/^## /.test(line)) found.push(section);
    else if (sub !== undefined) found.push(sub);
    else if (rule !== undefined) found.push(`3, rule ${rule}`);
  }
  return found.filter((c) => c === "3" || !found.some((other) => other.startsWith(`${c}.`)));
}

/** Clauses that no text names as "Language 9.3" or "Clause 9.3". */
export function clausesWithoutFixture(
  clauses: readonly string[],
  texts: readonly string[],
): readonly string[] {
  const lists = texts.flatMap((text) => text.match(NAMED_CLAUSES) ?? []);
  const named = new Set(lists.flatMap((list) => list.match(ONE_CLAUSE) ?? []));
  return clauses.filter((clause) => !named.has(clause));
}

/** "Language 11.2, 11.3 and 3, rule 4": the word once, then its numbers. */
const NAMED_CLAUSES =
  /\b(?:Language|Clause)s? \d+(?:\.\d+)?(?:, rule \d+)?(?:(?:,| and) \d+(?:\.\d+)?\b)*/gi;
const ONE_CLAUSE = /\d+, rule \d+|\d+(?:\.\d+)?/g;
