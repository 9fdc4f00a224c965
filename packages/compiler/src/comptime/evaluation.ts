// What the evaluation of compile-time code knows: the cells of the program, and which of them a run
// enters. Shared by `comptime` blocks and claims.

import { required } from "@lumen/core/result";
import type { CheckedProgram } from "../check/check-program.ts";
import type { HirCell, HirExpr, HirModule } from "../hir/hir.ts";
import type { CellRef } from "../hir/type.ts";
import { partsOf, someExpr } from "../hir/visit.ts";
import type { ComptimeEvaluator } from "./evaluator.ts";

/** A `comptime` block. */
export type Comptime = HirExpr & { readonly kind: "comptime" };

/** One evaluation of a program. */
export interface Evaluation {
  readonly program: CheckedProgram;
  readonly evaluator: ComptimeEvaluator | null;
  readonly cells: ReadonlyMap<string, Placed>;
  readonly open: Set<string>;
  /** Of constants: where their value stands in the source, by their code. */
  readonly homes: ReadonlyMap<string, Home>;
  /** Blocks that have a report. */
  readonly refused: Set<string>;
  /** Cells that were looked at for `comptime` before. */
  readonly settled: Set<string>;
  /** Wire bytes of the constants of the program so far. */
  constantBytes: number;
}

/** A block and the module that it stands in. */
export interface Home {
  readonly module: HirModule;
  readonly block: Comptime;
}

/** A cell and the module that has it. */
export interface Placed {
  readonly module: HirModule;
  readonly cell: HirCell;
}

/** A text that stands for the cell. */
export function keyOf(ref: CellRef): string {
  return `${ref.module}#${ref.name}`;
}

/** The blocks in an expression, outermost first. */
export function blocksOf(body: HirExpr): readonly Comptime[] {
  const found: Comptime[] = [];
  someExpr(body, (e) => {
    if (e.kind === "comptime") found.push(e);
    return false;
  });
  return found;
}

/** True when every block in a cell has its value. */
export function isComplete(x: Evaluation, key: string): boolean {
  const placed = required(x.cells.get(key), "the cell is checked");
  return blocksOf(placed.cell.body).every((b) => b.slot.value !== null);
}

/** Keys of the cells that a run of `start` can enter, itself included. */
export function reachable(x: Evaluation, start: CellRef): readonly string[] {
  const found = new Set<string>();
  const open = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const key = keyOf(next);
    const placed = x.cells.get(key);
    if (placed === undefined || found.has(key)) continue;
    found.add(key);
    open.push(...refsOf(placed.cell.body));
  }
  return [...found];
}

/** Cells that an expression names: calls, function values, checks of records. */
export function refsOf(e: HirExpr): readonly CellRef[] {
  const own = (): readonly CellRef[] => {
    switch (e.kind) {
      case "call":
      case "callRecur":
        return [e.callee];
      case "closure":
        return [e.cell];
      case "record":
        return e.decl.check === null ? [] : [e.decl.check];
      default:
        return [];
    }
  };
  return [...own(), ...partsOf(e).flatMap(refsOf)];
}

/** The modules of a program with these cells alone. */
export function modulesOf(x: Evaluation, needed: ReadonlySet<string>): readonly HirModule[] {
  return x.program.modules
    .map((m) => ({
      ...m,
      cells: m.cells.filter((c) => needed.has(keyOf({ module: m.name, name: c.name }))),
    }))
    .filter((m) => m.cells.length > 0);
}
