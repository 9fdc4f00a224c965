// Which written types name an alias with a constraint, `type Age = Int where self >= 0`
// (language 5).

import type { TypeAliasDecl, TypeExpr } from "@lumen/syntax";
import type { CellRef } from "../hir/type.ts";
import type { ModuleScope } from "./scope.ts";

/** An alias with a constraint, and the module that declares it. */
export interface ConstrainedAlias {
  readonly decl: TypeAliasDecl;
  readonly scope: ModuleScope;
  /** Null passes: the alias stands before a `?`. */
  readonly nullable: boolean;
}

/** The constrained alias that a written type names, through others but `but`; else null. */
export function constrainedAlias(
  type: TypeExpr | null,
  scope: ModuleScope,
  but: TypeAliasDecl | null = null,
): ConstrainedAlias | null {
  // Made when it is needed: most names stand for no alias, and this is asked for every type.
  let seen: Set<TypeAliasDecl | null> | null = null;
  let nullable = false;
  let [next, within] = [type, scope];
  // Aliases may name aliases without end: a circle is nobody's type, and reported elsewhere.
  for (;;) {
    for (; next?.kind === "option"; next = next.inner) nullable = true;
    if (next?.kind !== "name") return null;
    const [first, second] = next.name.parts;
    const home = second === undefined ? within : within.modules.get(first?.text ?? "");
    const symbol = home?.types.get((second ?? first)?.text ?? "");
    if (symbol?.kind !== "alias") return null;
    seen ??= new Set([but]);
    if (seen.has(symbol.decl)) return null;
    const { decl } = symbol;
    if (decl.constraint !== null) return { decl, scope: symbol.scope, nullable };
    seen.add(decl);
    [next, within] = [decl.type, symbol.scope];
  }
}

/** The cell that faults when a value does not meet the constraint. */
export function aliasCheckRef(alias: Pick<ConstrainedAlias, "decl" | "scope">): CellRef {
  return { module: alias.scope.source.name, name: `${alias.decl.name.text}$check` };
}
