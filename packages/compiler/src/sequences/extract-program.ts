// Extracts every sequence of a program and puts the hidden tiles behind the cells that they come
// from.

import type { SequenceDocument } from "@lumen/core/cfs";
import type { Diagnostic } from "@lumen/core/diagnostic";
import { required } from "@lumen/core/result";
import type { CheckedProgram } from "../check/check-program.ts";
import type { HirCell, HirModule } from "../hir/hir.ts";
import type { CellRef } from "../hir/type.ts";
import { someExpr } from "../hir/visit.ts";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { type Extracted, extractSequence } from "./extract.ts";

/** A hidden tile and its module. */
export interface LiftedTile {
  readonly module: string;
  readonly cell: HirCell;
}

/** The schema part of a program. `modules` hold the hidden tiles too. */
export interface ExtractedProgram {
  readonly modules: readonly HirModule[];
  readonly sequences: readonly SequenceDocument[];
  readonly lifted: readonly LiftedTile[];
  /** What extraction reported, beyond the diagnostics of the check. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Extracts all sequences; recursion among them is E0811. */
export function extractProgram(checked: CheckedProgram): ExtractedProgram {
  const cells = new Map<string, HirCell>();
  for (const module of checked.modules) {
    for (const cell of module.cells) cells.set(`${module.name}#${cell.name}`, cell);
  }
  const cellOf = (ref: CellRef): HirCell =>
    required(cells.get(`${ref.module}#${ref.name}`), "the cell is checked");
  const unitOf = (ref: CellRef): "tile" | "sequence" | null => {
    const kind = cells.get(`${ref.module}#${ref.name}`)?.kind;
    return kind === "tile" || kind === "sequence" ? kind : null;
  };
  const before = new Map(
    [...checked.scopes.values()].map((s): [ModuleScope, number] => [s, s.diagnostics.length]),
  );
  refuseRecursion(checked, cellOf);
  const extracted = new Map<HirCell, Extracted>();
  for (const module of checked.modules) {
    const scope = checked.scopes.get(module.name);
    // The module of fallbacks is made by the compiler: it has no source and no sequences.
    if (scope === undefined) continue;
    for (const cell of module.cells) {
      if (cell.kind !== "sequence") continue;
      const found = extractSequence(cell, { scope, unitOf, cellOf });
      if (found !== null) extracted.set(cell, found);
    }
  }
  return {
    modules: checked.modules.map((m) => ({
      ...m,
      cells: m.cells.flatMap((cell) => [cell, ...(extracted.get(cell)?.lifted ?? [])]),
    })),
    sequences: [...extracted.values()].map((e) => e.sequence),
    lifted: checked.modules.flatMap((m) =>
      m.cells.flatMap((cell) =>
        (extracted.get(cell)?.lifted ?? []).map((l) => ({ module: m.name, cell: l })),
      ),
    ),
    diagnostics: [...before].flatMap(([scope, count]) => scope.diagnostics.slice(count)),
  };
}

/** Sequences call each other without cycles (language 21.3). */
function refuseRecursion(checked: CheckedProgram, cellOf: (ref: CellRef) => HirCell): void {
  const callees = (cell: HirCell): readonly HirCell[] => {
    const found: HirCell[] = [];
    someExpr(cell.body, (e) => {
      if (e.kind === "call" && cellOf(e.callee).kind === "sequence") found.push(cellOf(e.callee));
      return false;
    });
    return found;
  };
  const done = new Set<HirCell>();
  const visit = (cell: HirCell, chain: readonly HirCell[], scope: ModuleScope): void => {
    if (chain.includes(cell)) {
      const names = [...chain.slice(chain.indexOf(cell)), cell].map((x) => x.name).join(" -> ");
      report(scope, "E0811", cell.span, `sequences call each other in a circle: ${names}`);
      return;
    }
    if (done.has(cell)) return;
    for (const callee of callees(cell)) visit(callee, [...chain, cell], scope);
    done.add(cell);
  };
  for (const module of checked.modules) {
    const scope = checked.scopes.get(module.name);
    if (scope === undefined) continue;
    for (const cell of module.cells) if (cell.kind === "sequence") visit(cell, [], scope);
  }
}
