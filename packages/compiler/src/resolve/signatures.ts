// Signatures: from parameters and result as written to symbols that calls can be bound to. Cells,
// operations of effects, externs and members of traits have them alike.

import type {
  Block,
  CellDecl,
  CellSignature,
  GenericParam,
  ImplDecl,
  Name,
  Param,
  TypeExpr,
} from "@lumen/syntax";
import type { Type } from "../hir/type.ts";
import { ANY, listOf, NULL } from "../types/simple-types.ts";
import { resolveType, rowOf, type TypeContext } from "./resolve-type.ts";
import {
  type Bounds,
  type CellParam,
  type CellSymbol,
  didYouMean,
  type ModuleScope,
  NO_BOUNDS,
  plainName,
  report,
  type TraitSymbol,
} from "./scope.ts";

/** What a declaration around a signature gives it. */
export interface SignatureOwner {
  /** Full name of the cell, `Shape.area`. */
  readonly name: string;
  /** Generic parameters of the owner, which come before those of the cell. */
  readonly generics: readonly GenericParam[];
  /** Type of a `self` without a written type; null where there is none. */
  readonly self: Type | null;
}

/** Generic names, parameters, result and row of a cell or signature. */
export function resolveSignature(
  scope: ModuleScope,
  decl: CellDecl | CellSignature,
  owner: SignatureOwner,
): Pick<CellSymbol, "generics" | "params" | "declaredResult" | "declaredRow" | "bounds" | "self"> {
  const written = joined(owner.generics, decl.generics);
  checkGenerics(scope, written);
  checkParams(scope, decl.params);
  const generics = joined(genericNames(written), implicitGenerics(scope, decl));
  const declaring = owner.name.slice(0, Math.max(0, owner.name.indexOf(".")));
  const context: TypeContext = {
    scope,
    generics: generics.length === 0 ? NO_NAMES : new Set(generics),
    self: owner.self,
    declaring,
  };
  return {
    generics,
    bounds: boundsOf(scope, written),
    self: owner.self,
    params: decl.params.map((p) => resolveParam(p, context, owner.self)),
    declaredResult: decl.result === null ? null : resolveType(decl.result, context),
    declaredRow: decl.row === null ? null : rowOf(decl.row.effects.map((e) => e.text)),
  };
}

/**
 * A signature without body as a symbol that calls can be bound to. Without a written result the
 * result is Null.
 */
export function signatureSymbol(
  scope: ModuleScope,
  decl: CellSignature,
  owner: SignatureOwner,
): CellSymbol {
  const signature = resolveSignature(scope, decl, owner);
  const empty: Block = { statements: [], span: decl.span };
  return {
    ref: { module: scope.source.name, name: owner.name },
    decl: { ...decl, kind: "cell", precondition: null, body: { kind: "block", block: empty } },
    scope,
    ...signature,
    declaredResult: signature.declaredResult ?? NULL,
    tile: null,
    sequence: null,
    nameSpan: decl.name.span,
  };
}

const NO_NAMES: ReadonlySet<string> = new Set();

function joined<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  if (first.length === 0) return second;
  return second.length === 0 ? first : [...first, ...second];
}

/** The traits that bounds name; an unknown one is E0103. */
function boundsOf(scope: ModuleScope, params: readonly GenericParam[]): Bounds {
  if (params.every((p) => p.bounds.length === 0)) return NO_BOUNDS;
  return new Map(
    params.map((p): [string, readonly TraitSymbol[]] => [
      p.name.text,
      p.bounds.flatMap((name) => traitNamed(scope, name) ?? []),
    ]),
  );
}

/** The trait of a name, or null with E0103. */
export function traitNamed(scope: ModuleScope, name: Name): TraitSymbol | null {
  const trait = scope.traits.get(name.text);
  if (trait !== undefined) return trait;
  const near = didYouMean(name.text, scope.traits.keys());
  report(scope, "E0103", name.span, `unknown trait '${name.text}'${near}`);
  return null;
}

/** Names of generic parameters. */
export function genericNames(params: readonly GenericParam[]): readonly string[] {
  return params.map((p) => p.name.text);
}

function resolveParam(param: Param, context: TypeContext, self: Type | null): CellParam {
  const written = param.type === null ? null : resolveType(param.type, context);
  const isSelf = self !== null && param.name.text === "self";
  const type = written ?? (isSelf ? self : ANY);
  return {
    name: param.name.text,
    type: param.isVariadic ? listOf(type) : type,
    isTyped: written !== null || isSelf,
    variadic: param.isVariadic,
    default: param.default,
    span: param.span,
  };
}

/** A generic parameter twice is E0105. */
export function checkGenerics(scope: ModuleScope, params: readonly GenericParam[]): void {
  params.forEach(({ name }, i) => {
    if (params.findIndex((p) => p.name.text === name.text) < i)
      report(scope, "E0105", name.span, `type parameter '${name.text}' is declared twice`);
  });
}

/** A parameter twice is E0105, one behind a variadic parameter E0010 (language 5). */
export function checkParams(scope: ModuleScope, params: readonly Param[]): void {
  const seen = params.length > FEW ? new Set<string>() : null;
  params.forEach(({ name, isVariadic, span }, i) => {
    const isRepeated =
      seen === null ? isAmong(params, i, name.text) : seen.size === seen.add(name.text).size;
    if (isRepeated)
      report(scope, "E0105", name.span, `parameter '${plainName(name.text)}' is declared twice`);
    if (!isVariadic || i === params.length - 1) return;
    const message = `the variadic parameter '${plainName(name.text)}' must be the last one`;
    report(scope, "E0010", span, message, { help: "Move it to the end of the parameters." });
  });
}

/** So many names are compared faster than they are put into a set. */
const FEW = 8;

/** A parameter before `index` has the name. */
function isAmong(params: readonly Param[], index: number, name: string): boolean {
  for (let i = 0; i < index; i++) if (params[i]?.name.text === name) return true;
  return false;
}

/** Single upper-case letters in a signature that no declaration has taken (language 9.2). */
function implicitGenerics(scope: ModuleScope, decl: CellDecl | CellSignature): readonly string[] {
  const types = [...decl.params.map((p) => p.type), decl.result];
  return undeclaredLetters(scope, types, genericNames(decl.generics));
}

/** The generic parameters of an impl: those written, and single letters of its target. */
export function implGenerics(scope: ModuleScope, decl: ImplDecl): readonly GenericParam[] {
  const types = [...decl.target.args, ...(decl.trait?.args ?? [])];
  const letters = undeclaredLetters(scope, types, genericNames(decl.generics));
  const { span } = decl.target;
  return [...decl.generics, ...letters.map((text) => ({ name: { text, span }, bounds: [] }))];
}

/** Single upper-case letters in types that no declaration has taken (language 9.2). */
export function undeclaredLetters(
  scope: ModuleScope,
  types: readonly (TypeExpr | null)[],
  generics: readonly string[],
): readonly string[] {
  const found: string[] = [];
  for (const type of types) if (type !== null) addLetters(type, found);
  if (found.length === 0) return found;
  return [...new Set(found)].filter((name) => !scope.types.has(name) && !generics.includes(name));
}

/** Adds the single upper-case letters that a type is written with. */
function addLetters(type: TypeExpr, found: string[]): void {
  switch (type.kind) {
    case "name": {
      const { parts } = type.name;
      const name = parts[0]?.text ?? "";
      if (parts.length === 1 && name.length === 1 && name >= "A" && name <= "Z") found.push(name);
      for (const arg of type.args) addLetters(arg, found);
      break;
    }
    case "option":
      addLetters(type.inner, found);
      break;
    case "tuple":
      for (const item of type.items) addLetters(item, found);
      break;
    case "union":
    case "intersection":
      for (const member of type.members) addLetters(member, found);
      break;
    case "fn":
      for (const param of type.params) addLetters(param, found);
      addLetters(type.result, found);
      break;
    case "generator":
      addLetters(type.item, found);
      break;
    default:
      break;
  }
}
