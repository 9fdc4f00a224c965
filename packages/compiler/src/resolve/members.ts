// The cells that a declaration brings along: methods of enums and, as they are built, of impls,
// agents, processes and handlers. Everything that must know all cells of a module asks here.

import type { CellDecl, EnumDecl, GenericParam, Item } from "@lumen/syntax";
import type { Type } from "../hir/type.ts";
import type { ModuleScope } from "./scope.ts";

/** A cell that belongs to a declaration. */
export interface Member {
  /** Its LIR name, `Shape.area`. */
  readonly name: string;
  readonly decl: CellDecl;
  /** Generic parameters of the owner, which come before those of the cell. */
  readonly generics: readonly GenericParam[];
  /** Type of a `self` without a written type; null where the owner has none. */
  readonly self: Type | null;
}

/** Cells of an item other than the item itself, in source order. */
export function membersOf(scope: ModuleScope, item: Item): readonly Member[] {
  switch (item.kind) {
    case "enum":
      return enumMembers(scope, item);
    default:
      return [];
  }
}

function enumMembers(scope: ModuleScope, item: EnumDecl): readonly Member[] {
  const symbol = scope.types.get(item.name.text);
  if (symbol?.kind !== "enum" || symbol.symbol.span !== item.name.span) return [];
  const args = symbol.symbol.generics.map((name): Type => ({ kind: "param", name }));
  const self: Type = { kind: "enum", decl: symbol.symbol, args };
  return item.methods.map((decl) => ({
    name: `${item.name.text}.${decl.name.text}`,
    decl,
    generics: item.generics,
    self,
  }));
}
