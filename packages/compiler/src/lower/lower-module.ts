// Lowers checked modules to LIR: one function of the typed tree and the cells it can call.

import { type Cell, type CellDebug, canonicalModule, type LirModule } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import type { HirCell, HirModule } from "../hir/hir.ts";
import type { CellRef } from "../hir/type.ts";
import { canTailCall, lowerTailCall } from "./calls.ts";
import { emit, finishCell, type ModuleTables, makeBuilder, newRegister } from "./cell-builder.ts";
import { returnType } from "./control.ts";
import { lowerExpression, lowerStatementExpression } from "./expressions.ts";
import { lowerTo } from "./recursion.ts";
import { makeTypeTable } from "./type-table.ts";

/** All modules of a program as LIR, tables in canonical order, debug information kept. */
export function lowerModules(modules: readonly HirModule[]): readonly LirModule[] {
  const cells = new Map<string, HirCell>();
  for (const module of modules) {
    for (const cell of module.cells) cells.set(`${module.name}#${cell.name}`, cell);
  }
  const lookup = (ref: CellRef): HirCell =>
    required(cells.get(`${ref.module}#${ref.name}`), `cell ${ref.module}.${ref.name} is checked`);
  return modules.map((module) => lowerModule(module, lookup));
}

function lowerModule(module: HirModule, lookup: (ref: CellRef) => HirCell): LirModule {
  const tables: ModuleTables = {
    name: module.name,
    types: makeTypeTable(),
    constants: [],
    constantKeys: new Map(),
    callees: [],
    calleeKeys: new Map(),
    cellIndex: new Map(module.cells.map((cell, i): [string, number] => [cell.name, i])),
    lookup,
    rules: { lowerTo: lowerExpression, lowerEffect: lowerStatementExpression },
  };
  const cells: Cell[] = [];
  const debug: CellDebug[] = [];
  for (const cell of module.cells) {
    const lowered = lowerCell(tables, cell);
    cells.push(lowered.cell);
    debug.push(lowered.debug);
  }
  return canonicalModule({
    name: module.name,
    types: tables.types.types,
    constants: tables.constants,
    callees: tables.callees,
    cells,
    debug: { path: module.path, cells: debug },
  });
}

function lowerCell(
  tables: ModuleTables,
  cell: HirCell,
): { readonly cell: Cell; readonly debug: CellDebug } {
  const b = makeBuilder(tables, cell);
  if (canTailCall(b, cell.body)) lowerTailCall(b, cell.body);
  else {
    const result = newRegister(b, returnType(cell));
    lowerTo(b, cell.body, result);
    emit(b, cell.span, "return", result);
  }
  return finishCell(b);
}
