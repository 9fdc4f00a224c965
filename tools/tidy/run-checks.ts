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
