// Variants with a result type of their own (GADTs, language 19.2): what a value of such a variant
// tells about the type arguments of its enum.

import type { EnumSymbol, Type } from "../hir/type.ts";
import { partsOfType } from "./parts.ts";
import { bindParams, NO_BINDINGS, type Substitution, substitute } from "./relations.ts";
import { ANY, FRESH, sameType } from "./simple-types.ts";

/** A variant seen at certain type arguments of its enum. */
export interface SeenVariant {
  readonly payload: readonly Type[];
  /** What the variant's own parameters stand for. */
  readonly own: Substitution;
  /** What holds for the parameters in the type arguments: `T := Int`. */
  readonly refinement: Substitution;
}

/**
 * A variant of an enum with these type arguments; null where no value of it can have the type.
 * `place` keeps the parameters of two patterns apart that nothing else fixes.
 */
export function seeVariant(
  decl: EnumSymbol,
  tag: number,
  args: readonly Type[],
  place: number,
): SeenVariant | null {
  const variant = decl.variants[tag];
  const payload = variant?.payload.map((p) => p.type) ?? [];
  if (variant === undefined || variant.result === null) {
    const own = bindParams(decl.generics, args);
    const seen = own.size === 0 ? payload : payload.map((t) => substitute(t, own));
    return { payload: seen, own, refinement: NO_BINDINGS };
  }
  const fresh = new Map(
    decl.generics.map((g): [string, Type] => [g, { kind: "param", name: `${g}${FRESH}${place}` }]),
  );
  const solution = new Map<string, Type>();
  const result = variant.result.map((t) => substitute(t, fresh));
  if (!result.every((t, i) => unify(t, args[i] ?? ANY, solution))) return null;
  const solved = new Map([...solution.keys()].map((k): [string, Type] => [k, solve(k, solution)]));
  const own = new Map([...fresh].map(([g, t]): [string, Type] => [g, substitute(t, solved)]));
  const isOwn = (name: string): boolean =>
    [...fresh.values()].some((t) => t.kind === "param" && t.name === name);
  return {
    payload: payload.map((t) => substitute(t, own)),
    own,
    refinement: new Map([...solved].filter(([name]) => !isOwn(name))),
  };
}

/** Everything that a solution says about a parameter, substituted through. */
function solve(name: string, solution: Substitution): Type {
  let type = solution.get(name) ?? ANY;
  for (let i = 0; i < solution.size; i++) type = substitute(type, solution);
  return type;
}

/** Makes both types one by binding parameters of either; false where that cannot be. */
function unify(a: Type, b: Type, solution: Map<string, Type>): boolean {
  const left = a.kind === "param" ? (solution.get(a.name) ?? a) : a;
  const right = b.kind === "param" ? (solution.get(b.name) ?? b) : b;
  if (left !== a || right !== b) return unify(left, right, solution);
  if (sameType(a, b)) return true;
  if (a.kind === "param") return bind(a.name, b, solution);
  if (b.kind === "param") return bind(b.name, a, solution);
  if (a.kind === "any" || b.kind === "any" || a.kind === "error" || b.kind === "error") return true;
  return unifyParts(a, b, solution);
}

function bind(name: string, type: Type, solution: Map<string, Type>): boolean {
  if (mentions(type, name, solution)) return false;
  solution.set(name, type);
  return true;
}

function mentions(type: Type, name: string, solution: Substitution): boolean {
  if (type.kind === "param") {
    if (type.name === name) return true;
    const bound = solution.get(type.name);
    return bound !== undefined && mentions(bound, name, solution);
  }
  return partsOfType(type).some((part) => mentions(part, name, solution));
}

function unifyParts(a: Type, b: Type, solution: Map<string, Type>): boolean {
  if (a.kind !== b.kind) return false;
  const isNamed =
    (a.kind === "record" || a.kind === "enum") && (b.kind === "record" || b.kind === "enum");
  if (isNamed && a.decl !== b.decl) return false;
  if (a.kind === "opaque" && b.kind === "opaque" && a.name !== b.name) return false;
  const left = partsOfType(a);
  const right = partsOfType(b);
  if (left.length === 0 || left.length !== right.length)
    return isNamed && left.length === right.length;
  return left.every((part, i) => unify(part, right[i] ?? ANY, solution));
}
