// The types without parts, as shared values, and small constructors.

import type { EnumSymbol, ShapeField, SimpleKind, Type } from "../hir/type.ts";
import { declarationOf, membersFor } from "./union-members.ts";

/** Marks a parameter of a variant that nothing outside fixes; no source name holds the sign. */
export const FRESH = "~";

/** True when a variant of the enum names its result type (language 19.2). */
export function isGadt(decl: EnumSymbol): boolean {
  return decl.variants.some((v) => v.result !== null);
}

function simple(kind: Exclude<SimpleKind, "any">): Type {
  return { kind };
}

export const ANY: Type = { kind: "any" };
/** Any where nothing is known yet: the elements of `[]`, the error of `ok(1)`. */
export const OPEN: Type = { kind: "any", isOpen: true };
export const NULL: Type = simple("null");
export const BOOL: Type = simple("bool");
export const INT: Type = simple("int");
export const FLOAT: Type = simple("float");
export const STRING: Type = simple("string");
export const BYTES: Type = simple("bytes");
export const JSON_TYPE: Type = simple("json");
export const NEVER: Type = simple("never");
export const ERROR: Type = simple("error");

/** `list[item]`. */
export function listOf(item: Type): Type {
  return { kind: "list", item };
}

/** `T?`; collapses what admits null already. */
export function optionOf(item: Type): Type {
  switch (item.kind) {
    case "any":
    case "null":
    case "json":
    case "option":
    case "error":
      return item;
    case "never":
      return NULL;
    default:
      return { kind: "option", item };
  }
}

/** A type without its null: T of `T?`, itself otherwise. */
export function withoutNull(type: Type): Type {
  if (type.kind === "option") return type.item;
  if (type.kind !== "union") return type;
  const rest = type.members.filter((m) => m.kind !== "null");
  return rest.length === type.members.length ? type : unionOf(rest);
}

/** Union of members, flattened and without repetition; one member stands for itself. */
export function unionOf(members: readonly Type[]): Type {
  const flat: Type[] = [];
  // Nominal types by declaration: only those of one can be the same.
  const named = new Map<object | null, Type[]>();
  for (const member of members) {
    for (const part of member.kind === "union" ? member.members : [member]) {
      if (part.kind === "any" || part.kind === "error") return part;
      const decl = declarationOf(part);
      const alike = named.get(decl) ?? [];
      if (part.kind === "never" || alike.some((f) => sameType(f, part))) continue;
      flat.push(part);
      alike.push(part);
      if (alike.length === 1) named.set(decl, alike);
    }
  }
  const [first, second] = flat;
  if (first === undefined) return NEVER;
  if (second === undefined) return first;
  if (flat.length === 2 && flat.some((f) => f.kind === "null")) {
    return optionOf(first.kind === "null" ? second : first);
  }
  const inner = flat.find((f) => f.kind === "option");
  const isCovered = (f: Type): boolean =>
    f === inner || f.kind === "null" || (inner?.kind === "option" && sameType(f, inner.item));
  if (inner !== undefined && flat.every(isCovered)) return inner;
  return { kind: "union", members: flat };
}

/** Structural equality; records and enums by declaration and arguments. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case "list":
    case "set":
    case "option":
      return b.kind === a.kind && sameType(a.item, b.item);
    case "map":
      return b.kind === "map" && sameType(a.key, b.key) && sameType(a.value, b.value);
    case "tuple":
      return b.kind === "tuple" && sameTypes(a.items, b.items);
    case "result":
      return b.kind === "result" && sameType(a.ok, b.ok) && sameType(a.error, b.error);
    case "record":
      return b.kind === "record" && a.decl === b.decl && sameTypes(a.args, b.args);
    case "enum":
      return b.kind === "enum" && a.decl === b.decl && sameTypes(a.args, b.args);
    case "fn":
      return (
        b.kind === "fn" &&
        sameTypes(a.params, b.params) &&
        sameType(a.result, b.result) &&
        sameRow(a.row, b.row)
      );
    case "union":
      return (
        b.kind === "union" && a.members.length === b.members.length && sameMembers(a.members, b)
      );
    case "param":
      return b.kind === "param" && a.name === b.name;
    case "opaque":
      return b.kind === "opaque" && a.name === b.name && sameTypes(a.args, b.args);
    case "endpoint":
      return (
        b.kind === "endpoint" &&
        a.session === b.session &&
        a.role === b.role &&
        a.state === b.state &&
        sameTypes(a.args, b.args)
      );
    case "shape":
      return (
        b.kind === "shape" && a.fields.length === b.fields.length && sameFields(a.fields, b.fields)
      );
    case "process":
      return b.kind === "process" && a.decl === b.decl;
    default:
      return b.kind === a.kind;
  }
}

function sameMembers(members: readonly Type[], union: Type & { kind: "union" }): boolean {
  return members.every((m) => membersFor(union, m).some((n) => sameType(m, n)));
}

function sameFields(a: readonly ShapeField[], b: readonly ShapeField[]): boolean {
  return a.every((f) => b.some((g) => g.name === f.name && sameType(f.type, g.type)));
}

function sameTypes(a: readonly Type[], b: readonly Type[]): boolean {
  if (a.length !== b.length) return false;
  // A loop: most lists are empty, and this is asked for nearly every expression.
  for (let i = 0; i < a.length; i++) if (!sameType(a[i] ?? ERROR, b[i] ?? ERROR)) return false;
  return true;
}

function sameRow(a: readonly string[] | null, b: readonly string[] | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((e, i) => e === b[i]);
}
