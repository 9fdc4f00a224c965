// What analyses need to know about calls: the declaration behind a cell, and plain variables.

import type { HirExpr, LocalId } from "../hir/hir.ts";
import type { CellRef } from "../hir/type.ts";
import type { CellSymbol, ModuleScope } from "../resolve/scope.ts";

/** Declared cells of a program by module and name. */
export type Callees = ReadonlyMap<string, CellSymbol>;

/** All declared cells, methods included. */
export function calleesOf(scopes: ReadonlyMap<string, ModuleScope>): Callees {
  const callees = new Map<string, CellSymbol>();
  for (const scope of scopes.values())
    for (const symbol of scope.cells.values()) callees.set(keyOf(symbol.ref), symbol);
  return callees;
}

/** Key of a cell in {@link Callees}. */
export function keyOf(ref: CellRef): string {
  return `${ref.module}#${ref.name}`;
}

/** The variable that an expression is, conversions aside; null for anything else. */
export function variableOf(e: HirExpr): LocalId | null {
  if (e.kind === "local") return e.local;
  return e.kind === "convert" ? variableOf(e.value) : null;
}

/** The expressions that can give a value its value: the ends of its branches. */
export function endsOf(e: HirExpr): readonly HirExpr[] {
  switch (e.kind) {
    case "convert":
      return endsOf(e.value);
    case "block":
      return e.value === null ? [] : endsOf(e.value);
    case "if":
      return [...endsOf(e.consequent), ...(e.otherwise === null ? [] : endsOf(e.otherwise))];
    case "match":
      return e.arms.flatMap((a) => endsOf(a.body));
    default:
      return [e];
  }
}
