// Relations between types: subtype, compatibility (language 9.3), join, substitution, inference.

import { ANY_EFFECT } from "@lumen/core/lir";
import type { ShapeField, Type } from "../hir/type.ts";
import { fillParams, mapParts } from "./map-params.ts";
import { partsOfType } from "./parts.ts";
import { ANY, isGadt, NEVER, OPEN, optionOf, sameType, unionOf } from "./simple-types.ts";
import { membersFor } from "./union-members.ts";

/** Bindings of generic parameters, by name. */
export type Substitution = ReadonlyMap<string, Type>;

type Relation = (a: Type, b: Type) => boolean;

/** True when every value of `a` is a value of `b` as it stands, without conversion (lir.md 2). */
export function isSubtype(a: Type, b: Type): boolean {
  if (sameType(a, b)) return true;
  if (b.kind === "any" || b.kind === "param" || a.kind === "never")
    return b.kind !== "param" || a.kind === "never";
  if (a.kind === "error" || b.kind === "error") return true;
  if (a.kind === "union") return everyMember(a.members, b, isSubtype);
  if (a.kind === "option") return acceptsNull(b) && isSubtype(a.item, b);
  switch (b.kind) {
    case "option":
      return a.kind === "null" || isSubtype(a, b.item);
    case "union":
      return someMember(a, membersFor(b, a), isSubtype);
    case "json":
      return isJson(a);
    case "list":
    case "set":
      return a.kind === b.kind && isSubtype(a.item, b.item);
    case "map":
      return a.kind === "map" && isSubtype(a.key, b.key) && isSubtype(a.value, b.value);
    case "tuple":
      return a.kind === "tuple" && everyPair(a.items, b.items, isSubtype);
    case "result":
      return a.kind === "result" && isSubtype(a.ok, b.ok) && isSubtype(a.error, b.error);
    case "record":
      return a.kind === "record" && a.decl === b.decl && everyPair(a.args, b.args, isSubtype);
    case "enum":
      return a.kind === "enum" && a.decl === b.decl && everyPair(a.args, b.args, within(b));
    case "fn":
      return (
        a.kind === "fn" &&
        everyPair(b.params, a.params, isSubtype) &&
        isSubtype(a.result, b.result) &&
        rowIncluded(a.row, b.row)
      );
    case "opaque":
      return a.kind === "opaque" && a.name === b.name && everyPair(a.args, b.args, isSubtype);
    case "shape":
      return hasShape(a, b.fields, isSubtype);
    default:
      return false;
  }
}

// Loops of their own: a function that holds on to a type costs memory wherever types are compared,
// though few of them are unions.

function everyMember(members: readonly Type[], b: Type, holds: Relation): boolean {
  return members.every((m) => holds(m, b));
}

function anyMember(members: readonly Type[], b: Type, holds: Relation): boolean {
  return members.some((m) => holds(m, b));
}

function someMember(a: Type, members: readonly Type[], holds: Relation): boolean {
  return members.some((m) => holds(a, m));
}

/** Arguments of an enum are covariant, but fixed where its variants depend on them (19.2). */
function within(type: Type & { kind: "enum" }): Relation {
  return isGadt(type.decl) ? (x, y) => y.kind === "any" || sameType(x, y) : isSubtype;
}

function sameArg(x: Type, y: Type): boolean {
  return containsAny(x) || containsAny(y) || sameType(x, y);
}

/** True when a record or shape has all fields of a shape, each of a fitting type. */
function hasShape(a: Type, fields: readonly ShapeField[], fits: Relation): boolean {
  const own = fieldsOf(a);
  return (
    own !== null && fields.every((f) => own.some((g) => g.name === f.name && fits(g.type, f.type)))
  );
}

/** Fields of a record, its arguments filled in, or of a shape; null for other types. */
export function fieldsOf(type: Type): readonly ShapeField[] | null {
  if (type.kind === "shape") return type.fields;
  if (type.kind !== "record") return null;
  const bindings = bindParams(type.decl.generics, type.args);
  return type.decl.fields.map((f) => ({ name: f.name, type: substitute(f.type, bindings) }));
}

/** True when null is a value of the type. */
export function acceptsNull(type: Type): boolean {
  switch (type.kind) {
    case "any":
    case "null":
    case "json":
    case "option":
    case "error":
      return true;
    case "union":
      return type.members.some(acceptsNull);
    default:
      return false;
  }
}

function isJson(a: Type): boolean {
  switch (a.kind) {
    case "null":
    case "bool":
    case "int":
    case "float":
    case "string":
    case "json":
      return true;
    case "list":
      return isJson(a.item);
    case "map":
      return a.key.kind === "string" && isJson(a.value);
    default:
      return false;
  }
}

/** Like {@link isJson}, for a part of which nothing is known. */
function mayBeJson(a: Type): boolean {
  if (a.kind === "any") return true;
  if (a.kind === "list") return mayBeJson(a.item);
  if (a.kind === "map") return mayBeString(a.key) && mayBeJson(a.value);
  return isJson(a);
}

function mayBeString(a: Type): boolean {
  return a.kind === "string" || a.kind === "any";
}

function rowIncluded(a: readonly string[] | null, b: readonly string[] | null): boolean {
  if (b === null || a === null || b.includes(ANY_EFFECT)) return true;
  return a.every((effect) => b.includes(effect));
}

function everyPair(a: readonly Type[], b: readonly Type[], holds: Relation): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!holds(a[i] ?? NEVER, b[i] ?? NEVER)) return false;
  return true;
}

/** True when the type is, or somewhere holds, Any. */
export function containsAny(type: Type): boolean {
  if (type.kind === "any" || type.kind === "error") return true;
  return partsOfType(type).some(containsAny);
}

/**
 * May a value of `a` be used where `b` is expected (language 9.3)? Conversions are `convert.ts`'s.
 */
export function isCompatible(a: Type, b: Type): boolean {
  if (isSubtype(a, b) || a.kind === "any" || b.kind === "any") return true;
  if (a.kind === "int" && b.kind === "float") return true;
  if (b.kind === "result" && a.kind !== "result") return isCompatible(a, b.ok);
  if (a.kind === "union") return anyMember(a.members, b, isCompatible);
  if (a.kind === "json") return mayBeJson(b) || b.kind === "option" || b.kind === "union";
  if (a.kind === "option") {
    return b.kind === "option"
      ? isCompatible(a.item, b.item)
      : b.kind === "union" && isCompatible(a.item, b);
  }
  switch (b.kind) {
    case "option":
      return isCompatible(a, b.item);
    case "union":
      return someMember(a, membersFor(b, a), isCompatible);
    case "list":
    case "set":
      return a.kind === b.kind && isCompatible(a.item, b.item);
    case "map":
      return a.kind === "map" && isCompatible(a.key, b.key) && isCompatible(a.value, b.value);
    case "tuple":
      return a.kind === "tuple" && everyPair(a.items, b.items, isCompatible);
    case "result":
      return a.kind === "result" && isCompatible(a.ok, b.ok) && isCompatible(a.error, b.error);
    case "record":
      return a.kind === "record" && a.decl === b.decl && everyPair(a.args, b.args, isCompatible);
    case "enum":
      return (
        a.kind === "enum" &&
        a.decl === b.decl &&
        everyPair(a.args, b.args, isGadt(b.decl) ? sameArg : isCompatible)
      );
    case "fn":
      return (
        a.kind === "fn" &&
        everyPair(b.params, a.params, isCompatible) &&
        isCompatible(a.result, b.result) &&
        rowIncluded(a.row, b.row)
      );
    case "opaque":
      return a.kind === "opaque" && a.name === b.name && everyPair(a.args, b.args, isCompatible);
    case "shape":
      return hasShape(a, b.fields, isCompatible);
    case "endpoint":
      return (
        a.kind === "endpoint" &&
        a.session === b.session &&
        a.role === b.role &&
        a.state === b.state &&
        everyPair(a.args, b.args, isCompatible)
      );
    case "json":
      return (
        (a.kind === "list" && isCompatible(a.item, b)) ||
        (a.kind === "map" && isCompatible(a.value, b))
      );
    default:
      return false;
  }
}

/** The least common type of branches: null makes an option, Int and Float stay a union. */
export function joinTypes(types: readonly Type[]): Type {
  let joined: Type = NEVER;
  for (const type of types) joined = join(joined, type);
  return joined;
}

function join(a: Type, b: Type): Type {
  if (a.kind === "never") return b;
  if (b.kind === "never" || a === b) return a;
  if (a.kind === "error" || b.kind === "error") return a.kind === "error" ? a : b;
  if (isSubtype(a, b)) return settle(b);
  if (isSubtype(b, a)) return settle(a);
  if (a.kind === "null") return optionOf(b);
  if (b.kind === "null") return optionOf(a);
  if (a.kind === "result" && b.kind === "result") {
    return { kind: "result", ok: joinOpen(a.ok, b.ok), error: joinOpen(a.error, b.error) };
  }
  return unionOf([a, b]);
}

/** An Any that stands for "not known yet" (the error of `ok(1)`) gives way to the other side. */
function joinOpen(a: Type, b: Type): Type {
  if (a.kind === "any") return b;
  if (b.kind === "any") return a;
  return join(a, b);
}

/** The element type of a literal: the common type, Any where the elements differ (9.2). */
export function elementType(types: readonly Type[]): Type {
  const joined = joinTypes(types);
  if (joined.kind === "never") return OPEN;
  return joined.kind === "union" ? ANY : joined;
}

/** Replaces generic parameters; unbound ones stay. A type without any stays itself. */
export function substitute(type: Type, bindings: Substitution): Type {
  if (bindings.size === 0) return type;
  return fillParams(type, { bindings, unbound: null, names: null });
}

/** As {@link substitute}; an unbound parameter is Any of which nothing is known yet. */
export function substituteOpen(type: Type, bindings: Substitution): Type {
  return fillParams(type, { bindings, unbound: OPEN, names: null });
}

/** The type of a variable: what is not known yet about its value is Any from here on. */
export function settle(type: Type): Type {
  return isOpen(type) ? ANY : mapParts(type, settle, null);
}

/** What is bound where nothing is generic. */
export const NO_BINDINGS: Substitution = new Map();

/** Bindings of a declaration's parameters to arguments. */
export function bindParams(names: readonly string[], args: readonly Type[]): Substitution {
  if (names.length === 0) return NO_BINDINGS;
  return new Map(names.map((name, i): [string, Type] => [name, args[i] ?? ANY]));
}

/**
 * Solves parameters of `pattern` from an actual type, widening earlier answers where they differ.
 */
export function inferParams(pattern: Type, actual: Type, bindings: Map<string, Type>): void {
  if (pattern.kind === "param") {
    const known = bindings.get(pattern.name);
    bindings.set(pattern.name, known === undefined ? actual : joinInferred(known, actual));
    return;
  }
  if (actual.kind === "never" || actual.kind === "error" || isOpen(actual)) return;
  if (actual.kind === "any" || actual.kind === "json" || actual.kind === "union") {
    for (const part of partsOfType(pattern)) inferParams(part, ANY, bindings);
    return;
  }
  if (pattern.kind === "option") {
    if (actual.kind !== "null") {
      inferParams(pattern.item, actual.kind === "option" ? actual.item : actual, bindings);
    }
    return;
  }
  inferParts(pattern, actual, bindings);
}

function inferParts(pattern: Type, actual: Type, bindings: Map<string, Type>): void {
  if (pattern.kind === "list" || pattern.kind === "set") {
    if (actual.kind === "list" || actual.kind === "set")
      inferParams(pattern.item, actual.item, bindings);
  } else if (pattern.kind === "map" && actual.kind === "map") {
    inferParams(pattern.key, actual.key, bindings);
    inferParams(pattern.value, actual.value, bindings);
  } else if (pattern.kind === "tuple" && actual.kind === "tuple") {
    inferAll(pattern.items, actual.items, bindings);
  } else if (pattern.kind === "result") {
    if (actual.kind !== "result") return;
    inferParams(pattern.ok, actual.ok, bindings);
    inferParams(pattern.error, actual.error, bindings);
  } else if (pattern.kind === "fn" && actual.kind === "fn") {
    inferAll(pattern.params, actual.params, bindings);
    inferParams(pattern.result, actual.result, bindings);
  } else if (pattern.kind === "record" && actual.kind === "record") {
    if (pattern.decl === actual.decl) inferAll(pattern.args, actual.args, bindings);
  } else if (pattern.kind === "enum" && actual.kind === "enum") {
    if (pattern.decl === actual.decl) inferAll(pattern.args, actual.args, bindings);
  } else if (pattern.kind === "opaque" && actual.kind === "opaque") {
    if (pattern.name === actual.name) inferAll(pattern.args, actual.args, bindings);
  }
}

function inferAll(
  patterns: readonly Type[],
  actual: readonly Type[],
  bindings: Map<string, Type>,
): void {
  for (let i = 0; i < patterns.length && i < actual.length; i++)
    inferParams(patterns[i] ?? ANY, actual[i] ?? ANY, bindings);
}

function isOpen(type: Type): boolean {
  return type.kind === "any" && type.isOpen === true;
}

function joinInferred(known: Type, actual: Type): Type {
  if (actual.kind === "error" || isOpen(actual)) return known;
  if (isOpen(known)) return actual;
  // What may be anything stays so: a narrower answer would be a cast that nobody wrote.
  if (known.kind === "any" || actual.kind === "any") return ANY;
  if (isSubtype(actual, known)) return known;
  if (isSubtype(known, actual)) return actual;
  if (known.kind === "union" || actual.kind === "union") return ANY;
  if (isCompatible(actual, known)) return known;
  if (isCompatible(known, actual)) return actual;
  return ANY;
}
