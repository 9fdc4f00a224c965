// Coverage of cells: which cells of the user's own modules a test run has called.

import { testModule } from "@lumen/compiler";
import { positionOf } from "@lumen/core/diagnostic";
import type { LirModule } from "@lumen/core/lir";
import { parseModule } from "@lumen/syntax";
import { calledCells, type LinkedProgram } from "@lumen/vm";
import type { RunnableProject } from "../compile-project.ts";

/** One cell. Methods have their owner in front. */
export interface CellCoverage {
  /** Project path of the document. */
  readonly path: string;
  readonly cell: string;
  /** Line where its code begins, from 1. */
  readonly line: number;
  readonly isCalled: boolean;
}

/** The cells of all own modules but their tests, by module and place. */
export function coverageOf(
  { program, sources }: RunnableProject,
  linked: LinkedProgram,
): readonly CellCoverage[] {
  const called = new Set(calledCells(linked).map((cell) => `${cell.module}#${cell.name}`));
  return program.modules.flatMap((module) => {
    const path = module.debug?.path;
    const text = path === undefined ? undefined : sources.get(path);
    // The standard library and what the compiler made have no source of the user's.
    if (path === undefined || text === undefined) return [];
    const { file, module: tree } = parseModule(path, text);
    const tests = new Set(testModule(tree).tests.map((test) => test.cell));
    return ownCells(module)
      .filter(({ name }) => !tests.has(name))
      .map(({ name, start }) => ({
        path,
        cell: name,
        line: positionOf(file.source, start).line,
        isCalled: called.has(`${module.name}#${name}`),
      }))
      .sort((a, b) => a.line - b.line);
  });
}

/** Cells with a name in the source, and where their code begins. */
function ownCells(module: LirModule): readonly { readonly name: string; readonly start: number }[] {
  return module.cells.flatMap((cell, i) => {
    if (cell.name.includes("$") || cell.kind === "hidden" || cell.kind === "lambda") return [];
    const spans = module.debug?.cells[i]?.spans ?? [];
    return [{ name: cell.name, start: Math.min(...spans.map((span) => span.start)) }];
  });
}

/** One list of several documents' coverage: a cell is called where any of them called it. */
export function mergedCoverage(
  lists: readonly (readonly CellCoverage[])[],
): readonly CellCoverage[] {
  const merged = new Map<string, CellCoverage>();
  for (const cell of lists.flat()) {
    const key = `${cell.path}#${cell.cell}`;
    const before = merged.get(key);
    if (before === undefined || cell.isCalled) merged.set(key, cell);
  }
  return [...merged.values()].sort(
    (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || a.line - b.line,
  );
}
