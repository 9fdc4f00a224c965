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

/** The constrained alias that a written type names, through other aliases; null for all others. */
export function constrainedAlias(
  type: TypeExpr | null,
  scope: ModuleScope,
  seen: readonly TypeAliasDecl[] = [],
): ConstrainedAlias | null {
  if (type?.kind === "option") {
    const inner = constrainedAlias(type.inner, scope, seen);
    return inner === null ? null : { ...inner, nullable: true };
  }
  if (type?.kind !== "name") return null;
  const [first, second] = type.name.parts.map((p) => p.text);
  const symbol =
    second === undefined
      ? scope.types.get(first ?? "")
      : scope.modules.get(first ?? "")?.types.get(second);
  if (symbol?.kind !== "alias" || seen.includes(symbol.decl)) return null;
  const { decl } = symbol;
  if (decl.constraint !== null) return { decl, scope: symbol.scope, nullable: false };
  return constrainedAlias(decl.type, symbol.scope, [...seen, decl]);
}

/** The cell that faults when a value does not meet the constraint. */
export function aliasCheckRef(alias: Pick<ConstrainedAlias, "decl" | "scope">): CellRef {
  return { module: alias.scope.source.name, name: `${alias.decl.name.text}$check` };
}
