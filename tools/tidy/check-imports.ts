// Checks of imports: package table, entry points, order of core's parts, cycles between files.

import { type CodeFile, type Finding, isTest } from "./code-file.ts";
import { type Import, importsOf, resolveRelative } from "./imports.ts";
import { CORE_PARTS, type ImportRule, ruleFor, TEST_EXTRAS } from "./package-rules.ts";

/** Entry points of the workspace packages: `core/value`, `raster`, `raster/verify`. */
export type EntryPoints = ReadonlySet<string>;

/** Imports that the table of architecture.md 4 does not allow. */
export function checkImportTable(
  files: readonly CodeFile[],
  entryPoints: EntryPoints,
): readonly Finding[] {
  return files.flatMap((file) => {
    const rule = ruleFor(file.path);
    if (rule === null) return [];
    return importsOf(file).flatMap((found) => {
      const message = refuse(file, rule, found, entryPoints);
      return message === null
        ? []
        : [{ check: "imports", path: file.path, line: found.line, message }];
    });
  });
}

function refuse(
  file: CodeFile,
  rule: ImportRule,
  found: Import,
  entryPoints: EntryPoints,
): string | null {
  const { specifier } = found;
  if (specifier.startsWith(".")) return refuseRelative(file, rule, specifier);
  if (specifier.startsWith("node:")) {
    return rule.node || isTest(file.path) ? null : `'${specifier}' must not be used here`;
  }
  if (specifier.startsWith("@lumen/"))
    return refuseWorkspace(file, rule, specifier.slice("@lumen/".length), entryPoints);
  const allowed = isTest(file.path) ? [...rule.npm, ...TEST_EXTRAS.npm] : rule.npm;
  const npm = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  return allowed.includes(npm) ? null : `npm package '${npm}' is not in the import table`;
}

function refuseRelative(file: CodeFile, rule: ImportRule, specifier: string): string | null {
  const target = resolveRelative(file.path, specifier);
  const home = rule.closed ? rule.prefix : /^packages\/[^/]+\/src\//.exec(rule.prefix)?.[0];
  if (home === undefined || target.startsWith(home) || (rule.closed && isTest(file.path)))
    return null;
  return `'${specifier}' leaves ${home}`;
}

function refuseWorkspace(
  file: CodeFile,
  rule: ImportRule,
  entry: string,
  entryPoints: EntryPoints,
): string | null {
  const name = entry.split("/")[0] ?? entry;
  const allowed = isTest(file.path) ? [...rule.lumen, ...TEST_EXTRAS.lumen] : rule.lumen;
  if (!allowed.includes(name) && !allowed.includes(entry))
    return `${rule.prefix} must not import '@lumen/${entry}'`;
  if (!entryPoints.has(entry)) return `'@lumen/${entry}' is not an entry point of its package`;
  return null;
}

/** A part of core imports only the parts before it. */
export function checkCoreOrder(files: readonly CodeFile[]): readonly Finding[] {
  const partOf = (path: string): string | null =>
    /^packages\/core\/src\/([^/]+)\//.exec(path)?.[1] ?? null;
  return files.flatMap((file) => {
    const own = partOf(file.path);
    if (own === null || isTest(file.path)) return [];
    const finding = (line: number, message: string): Finding => ({
      check: "core-order",
      path: file.path,
      line,
      message,
    });
    const rank = CORE_PARTS.indexOf(own);
    if (rank === -1) return [finding(1, `core part '${own}' is not in the order of core's parts`)];
    return importsOf(file).flatMap((found) => {
      const other = partOf(resolveRelative(file.path, found.specifier));
      if (other === null || CORE_PARTS.indexOf(other) <= rank) return [];
      return [finding(found.line, `core part '${own}' must not import the later part '${other}'`)];
    });
  });
}

/** Files that import each other at run time; one finding per group. */
export function checkCycles(files: readonly CodeFile[]): readonly Finding[] {
  const graph = new Map(
    files.map((file): [string, readonly string[]] => [
      file.path,
      importsOf(file)
        .filter((found) => !found.typeOnly && found.specifier.startsWith("."))
        .map((found) => resolveRelative(file.path, found.specifier)),
    ]),
  );
  const reported = new Set<string>();
  return [...graph.keys()].sort().flatMap((start) => {
    const cycle = reported.has(start) ? null : shortestCycle(graph, start);
    if (cycle === null) return [];
    for (const path of cycle) reported.add(path);
    const message = `import cycle: ${[...cycle, start].map(shortName).join(" -> ")}`;
    return [{ check: "cycles", path: start, line: 1, message }];
  });
}

function shortName(path: string): string {
  return path.split("/").slice(-2).join("/");
}

/** The shortest way from `start` back to it, breadth first; null where there is none. */
function shortestCycle(
  graph: ReadonlyMap<string, readonly string[]>,
  start: string,
): readonly string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const next of graph.get(at) ?? []) {
      if (next === start) return wayTo(cameFrom, at);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  return null;
}

function wayTo(cameFrom: ReadonlyMap<string, string>, end: string): readonly string[] {
  const way = [end];
  for (let at = cameFrom.get(end); at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}
