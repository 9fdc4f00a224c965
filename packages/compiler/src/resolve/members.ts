// The cells that a declaration brings along: methods of enums and, as they are built, of impls,
// agents, processes and handlers. Everything that must know all cells of a module asks here.

import type {
  CellDecl,
  EnumDecl,
  GenericParam,
  HandlerDecl,
  HandlerOperation,
  ImplDecl,
  Item,
  TraitDecl,
} from "@lumen/syntax";
import type { Type } from "../hir/type.ts";
import { actorMembers, processMembers } from "../processes/members.ts";
import type { ModuleScope } from "./scope.ts";
import { implGenerics } from "./signatures.ts";
import { SELF, selfOf, targetName } from "./traits.ts";

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

/** Cells of an item other than the item itself, in source order; made once. */
export function membersOf(scope: ModuleScope, item: Item): readonly Member[] {
  const known = scope.members.get(item);
  if (known !== undefined) return known;
  const members = makeMembers(scope, item);
  scope.members.set(item, members);
  return members;
}

function makeMembers(scope: ModuleScope, item: Item): readonly Member[] {
  switch (item.kind) {
    case "enum":
      return enumMembers(scope, item);
    case "trait":
      return traitMembers(item);
    case "impl":
      return implMembers(scope, item);
    case "agent":
    case "process":
      return processMembers(scope, item);
    case "actor":
    case "supervisor":
      return actorMembers(scope, item);
    case "handler":
      return item.operations.map((operation) => handlerMember(item, operation));
    default:
      return [];
  }
}

/** Methods with a body are cells that know of `Self` only that it implements the trait. */
function traitMembers(item: TraitDecl): readonly Member[] {
  const generics = selfOf(item);
  return item.members.flatMap((decl) =>
    decl.kind === "cell"
      ? [{ name: `${item.name.text}.${decl.name.text}`, decl, generics, self: SELF }]
      : [],
  );
}

function implMembers(scope: ModuleScope, item: ImplDecl): readonly Member[] {
  const impl = scope.impls.find((x) => x.decl === item);
  if (impl === undefined) return [];
  return item.methods.map((decl) => ({
    name: `${targetName(item)}.${decl.name.text}`,
    decl,
    generics: implGenerics(scope, item),
    self: impl.target,
  }));
}

/** An operation of a top-level handler is an ordinary cell (language 10.3). */
function handlerMember(item: HandlerDecl, operation: HandlerOperation): Member {
  const path = operation.name.parts.map((p) => p.text).join(".");
  const last = operation.name.parts.at(-1) ?? item.name;
  const decl: CellDecl = {
    kind: "cell",
    attributes: [],
    doc: null,
    isPublic: false,
    isAsync: false,
    name: last,
    generics: [],
    params: operation.params,
    result: operation.result,
    row: operation.row,
    precondition: null,
    body: operation.body,
    span: operation.span,
  };
  return { name: `${item.name.text}.${path}`, decl, generics: [], self: null };
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
