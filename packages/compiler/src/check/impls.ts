// Impls against their traits (language 5): every method without a default is there (E0124), with
// the signature that the trait declares, Self standing for the type (E0125).

import type { Type } from "../hir/type.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import {
  type CellSymbol,
  type ImplSymbol,
  type ModuleScope,
  report,
  type TraitSymbol,
} from "../resolve/scope.ts";
import { genericNames, implGenerics } from "../resolve/signatures.ts";
import { memberOf, targetName } from "../resolve/traits.ts";
import { substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, sameType } from "../types/simple-types.ts";
import { typeKey } from "./methods.ts";

/** Checks every impl of a trait. */
export function checkImpls(scopes: readonly ModuleScope[]): void {
  const impls = scopes.flatMap((scope) => scope.impls);
  for (const impl of impls) if (impl.trait !== null) checkImpl(impl, impl.trait, impls);
}

function checkImpl(impl: ImplSymbol, trait: TraitSymbol, all: readonly ImplSymbol[]): void {
  const { scope, decl } = impl;
  const name = targetName(decl);
  const missing: string[] = [];
  for (const [method, owner] of membersNeeded(trait)) {
    const member = owner.members.get(method);
    if (member === undefined) continue;
    const cell = ownMethod(impl, owner, method, all);
    if (cell !== undefined) checkMethod(impl, owner, member.symbol, cell);
    else if (!member.hasDefault) missing.push(method);
  }
  if (missing.length > 0) {
    const list = missing.map((m) => `'${m}'`).join(", ");
    const message = `impl of '${trait.decl.name.text}' for '${name}' lacks ${list}`;
    report(scope, "E0124", decl.target.span, message, {
      expected: [...membersNeeded(trait).keys()].join(", "),
      found: decl.methods.map((m) => m.name.text).join(", ") || "no methods",
    });
  }
  for (const method of decl.methods) {
    if (memberOf(trait, method.name.text) !== null) continue;
    const message = `trait '${trait.decl.name.text}' has no method '${method.name.text}'`;
    report(scope, "E0125", method.name.span, message, {
      help: "Move it into an `impl` without a trait.",
    });
  }
}

/** Method names of a trait and its ancestors, each with the trait that declares it. */
function membersNeeded(trait: TraitSymbol): ReadonlyMap<string, TraitSymbol> {
  const needed = new Map<string, TraitSymbol>();
  const visit = (t: TraitSymbol): void => {
    for (const name of t.members.keys()) if (!needed.has(name)) needed.set(name, t);
    t.parents.forEach(visit);
  };
  visit(trait);
  return needed;
}

/** The method in this impl, or in the impl of the ancestor that declares it. */
function ownMethod(
  impl: ImplSymbol,
  owner: TraitSymbol,
  method: string,
  all: readonly ImplSymbol[],
): CellSymbol | undefined {
  const key = typeKey(impl.target);
  const candidates = [
    impl,
    ...all.filter((x) => x.trait === owner && typeKey(x.target) === key && x !== impl),
  ];
  for (const { scope, decl } of candidates) {
    const own = decl.methods.find((m) => m.name.text === method);
    const cell = scope.cells.get(`${targetName(decl)}.${method}`);
    if (own !== undefined && cell?.decl === own) return cell;
  }
  return undefined;
}

function checkMethod(
  impl: ImplSymbol,
  owner: TraitSymbol,
  wanted: CellSymbol,
  cell: CellSymbol,
): void {
  const bindings = bindingsOf(impl, owner, wanted, cell);
  const expected = wanted.params.map((p) => substitute(p.type, bindings));
  const result = substitute(wanted.declaredResult ?? ANY, bindings);
  const sameGenerics = wanted.decl.generics.length === cell.decl.generics.length;
  const sameParams =
    expected.length === cell.params.length &&
    expected.every((type, i) => sameType(type, cell.params[i]?.type ?? ANY));
  const sameResult = cell.declaredResult === null || sameType(result, cell.declaredResult);
  if (sameGenerics && sameParams && sameResult) return;
  const render = (params: readonly Type[], type: Type): string =>
    `(${params.map(renderType).join(", ")}) -> ${renderType(type)}`;
  const own = render(
    cell.params.map((p) => p.type),
    cell.declaredResult ?? result,
  );
  const trait = render(expected, result);
  const method = wanted.decl.name.text;
  const message = `'${method}' does not fit trait '${owner.decl.name.text}': expected ${trait}, got ${own}`;
  report(cell.scope, "E0125", cell.nameSpan, message, { expected: trait, found: own });
}

/**
 * Self is the target, the trait's parameters the arguments of the impl, the method's by position.
 */
function bindingsOf(
  impl: ImplSymbol,
  owner: TraitSymbol,
  wanted: CellSymbol,
  cell: CellSymbol,
): ReadonlyMap<string, Type> {
  const bindings = new Map<string, Type>([["Self", impl.target]]);
  const context = {
    scope: impl.scope,
    generics: new Set(genericNames(implGenerics(impl.scope, impl.decl))),
  };
  const args = impl.trait === owner ? (impl.decl.trait?.args ?? []) : [];
  owner.decl.generics.forEach((param, i) => {
    const arg = args[i];
    bindings.set(param.name.text, arg === undefined ? ANY : resolveType(arg, context));
  });
  wanted.decl.generics.forEach((param, i) => {
    const name = cell.decl.generics[i]?.name.text;
    if (name !== undefined) bindings.set(param.name.text, { kind: "param", name });
  });
  return bindings;
}
