// What a module declares, with types and effects as text: for tools that show programs to people
// while they write them.

import type { CheckedProgram } from "./check/check-program.ts";
import type { HirCell } from "./hir/hir.ts";
import type { ModuleScope, TypeSymbol } from "./resolve/scope.ts";
import { renderType } from "./types/render-type.ts";

/** A variable of a cell. */
export interface LocalOutline {
  readonly name: string;
  /** In the spelling of source; `?` somewhere in it: not known. */
  readonly type: string;
}

/** A cell, as inferred where the source says nothing. Lambdas are `CELL$lambdaN`. */
export interface CellOutline {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: string }[];
  readonly result: string;
  /** Effects, ascending; empty: pure. */
  readonly row: readonly string[];
  /** Variables in the order in which they are bound, parameters among them. */
  readonly locals: readonly LocalOutline[];
}

/** A type and the names behind its `.`: fields, variants, cells of a process. */
export interface TypeOutline {
  readonly name: string;
  readonly members: readonly string[];
}

/** The names of a root module; imported names count. */
export interface ModuleOutline {
  readonly cells: readonly CellOutline[];
  /** Every name that can be called. */
  readonly callable: readonly string[];
  readonly types: readonly TypeOutline[];
  readonly constants: readonly string[];
  /** Imported modules under the names that they have here. */
  readonly modules: readonly TypeOutline[];
}

/** The outline of the root module of a checked program. */
export function outlineOf(checked: CheckedProgram): ModuleOutline {
  const [root] = checked.modules;
  const scope = root === undefined ? undefined : checked.scopes.get(root.name);
  const none = { cells: [], callable: [], types: [], constants: [], modules: [] };
  if (root === undefined || scope === undefined) return none;
  return {
    cells: root.cells.map(cellOutline),
    callable: namesOf(scope.cells),
    types: [...scope.types].map(([name, symbol]) => ({
      name,
      members: membersOf(scope, name, symbol),
    })),
    constants: namesOf(scope.consts),
    modules: [...scope.modules].map(([name, module]) => ({ name, members: [...module.exported] })),
  };
}

function namesOf(table: ReadonlyMap<string, unknown>): readonly string[] {
  return [...table.keys()];
}

function cellOutline({ name, params, result, row, locals }: HirCell): CellOutline {
  return {
    name,
    params: params.map((p) => ({ name: p.name, type: renderType(p.type) })),
    result: renderType(result),
    row,
    locals: locals.flatMap(({ name: local, type }) =>
      local === null ? [] : [{ name: local, type: renderType(type) }],
    ),
  };
}

function membersOf(scope: ModuleScope, name: string, symbol: TypeSymbol): readonly string[] {
  switch (symbol.kind) {
    case "record":
      return symbol.symbol.fields.map((field) => field.name);
    case "enum":
      return symbol.symbol.variants.map((variant) => variant.name);
    case "process": {
      const prefix = `${name}.`;
      const cells = namesOf(scope.cells).filter((cell) => cell.startsWith(prefix));
      return cells.map((cell) => cell.slice(prefix.length)).filter((cell) => !cell.includes("$"));
    }
    case "alias":
      return [];
  }
}
