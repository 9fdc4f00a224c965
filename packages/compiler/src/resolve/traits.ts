// Traits, impls and externs as declared (language 5): members with their types, and which type
// implements what. Whether an impl fits its trait is checked in check/impls.ts.

import type { ExternDecl, GenericParam, ImplDecl, TraitDecl } from "@lumen/syntax";
import type { Type } from "../hir/type.ts";
import { resolveType } from "./resolve-type.ts";
import { type ExternSymbol, type ModuleScope, report, type TraitSymbol } from "./scope.ts";
import { genericNames, implGenerics, signatureSymbol, traitNamed } from "./signatures.ts";

/** The type that stands for the implementing type in a trait. */
export const SELF: Type = { kind: "param", name: "Self" };

/** An empty symbol under the trait's name. */
export function makeTrait(scope: ModuleScope, decl: TraitDecl): TraitSymbol {
  return { decl, scope, parents: [], members: new Map() };
}

/** Parents of a trait; a circle among them is E0103. */
export function completeParents(scope: ModuleScope, item: TraitDecl): void {
  const trait = scope.traits.get(item.name.text);
  if (trait?.decl !== item) return;
  for (const name of item.parents) {
    const parent = traitNamed(scope, name);
    if (parent === null) continue;
    if (parent === trait || isAncestor(parent, trait)) {
      report(scope, "E0103", name.span, `trait '${item.name.text}' is its own parent`);
    } else trait.parents.push(parent);
  }
}

/** True when `ancestor` is among the parents of a trait, their parents, and so on. */
export function isAncestor(trait: TraitSymbol, ancestor: TraitSymbol): boolean {
  return trait.parents.some((p) => p === ancestor || isAncestor(p, ancestor));
}

/** Members of a trait with their types; a name twice is E0105. */
export function completeTrait(scope: ModuleScope, item: TraitDecl): void {
  const trait = scope.traits.get(item.name.text);
  if (trait?.decl !== item) return;
  for (const member of item.members) {
    const name = member.name.text;
    if (trait.members.has(name)) {
      report(scope, "E0105", member.name.span, `method '${name}' is declared twice`);
      continue;
    }
    const signature = member.kind === "cell" ? { ...member, kind: "signature" as const } : member;
    const owner = { name: `${item.name.text}.${name}`, generics: selfOf(item), self: SELF };
    const symbol = signatureSymbol(scope, signature, owner);
    trait.members.set(name, { symbol, hasDefault: member.kind === "cell" });
  }
}

/** `Self`, bounded by the trait, and the generic parameters of the trait. */
export function selfOf(item: TraitDecl): readonly GenericParam[] {
  return [{ name: { ...item.name, text: "Self" }, bounds: [item.name] }, ...item.generics];
}

/** The member of a name, of the trait itself or of an ancestor. */
export function memberOf(
  trait: TraitSymbol,
  name: string,
): { readonly trait: TraitSymbol; readonly name: string } | null {
  if (trait.members.has(name)) return { trait, name };
  for (const parent of trait.parents) {
    const found = memberOf(parent, name);
    if (found !== null) return found;
  }
  return null;
}

/** An impl with its trait and target; unknown names are reported. */
export function declareImpl(scope: ModuleScope, item: ImplDecl): void {
  const trait = item.trait === null ? null : traitNamed(scope, item.trait.name);
  if (item.trait !== null && trait === null) return;
  const target = targetOf(scope, item);
  if (target.kind !== "error") scope.impls.push({ decl: item, scope, trait, target });
}

/** The type that an impl is for. Its own generic parameters are in force. */
export function targetOf(scope: ModuleScope, item: ImplDecl): Type {
  const before = scope.diagnostics.length;
  const target = resolveType(item.target, {
    scope,
    generics: new Set(genericNames(implGenerics(scope, item))),
  });
  // Asked for more than once; the first answer has the report.
  const isKnown = scope.impls.some((impl) => impl.decl === item);
  if (isKnown) scope.diagnostics.length = before;
  return target;
}

/** The name under which the methods of an impl stand: `Shape` of `Shape.area`. */
export function targetName(item: ImplDecl): string {
  return item.target.name.parts.at(-1)?.text ?? "";
}

/** An extern with its signature. */
export function completeExtern(scope: ModuleScope, item: ExternDecl): void {
  const { name } = item.signature;
  const unit = item.attributes.find((a) => ["tile", "sequence"].includes(a.name.text));
  if (unit !== undefined) {
    const message = `${unit.name.text} '${name.text}' is an extern; nobody could execute it again`;
    report(scope, "E0804", name.span, message);
  }
  const known = scope.externs.get(name.text);
  if (known?.decl !== item) return;
  const owner = { name: name.text, generics: [], self: null };
  const symbol = signatureSymbol(scope, item.signature, owner);
  const filled: ExternSymbol = { ...known, symbol };
  scope.externs.set(name.text, filled);
}
