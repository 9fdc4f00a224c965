// From checked types to the LIR type table of one module. Order is settled later, by
// `canonicalModule`.

import { ANY_EFFECT, type LirType, type TypeIndex } from "@lumen/core/lir";
import type { Type } from "../hir/type.ts";
import { eraseArgs, eraseParams } from "../types/erase.ts";
import { bindParams, substitute } from "../types/relations.ts";

/** A growing type table. `indexOf` enters what is new; equal types have equal indices. */
export interface TypeTable {
  readonly types: LirType[];
  readonly indexOf: (type: Type) => TypeIndex;
  readonly intern: (type: LirType) => TypeIndex;
}

/** An empty table. */
export function makeTypeTable(): TypeTable {
  const types: LirType[] = [];
  const byKey = new Map<string, TypeIndex>();
  const named = new Map<string, TypeIndex>();
  const intern = (type: LirType): TypeIndex => {
    const key = JSON.stringify(type);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    types.push(type);
    byKey.set(key, types.length - 1);
    return types.length - 1;
  };
  const indexOf = (type: Type): TypeIndex =>
    type.kind === "record" || type.kind === "enum"
      ? enterNamed(type)
      : intern(plainType(type, indexOf));
  /** A record or enum is entered before its parts, so that it can refer to itself. */
  const enterNamed = (type: NamedType): TypeIndex => {
    const erased = eraseArgs(type);
    const key = `${type.kind} ${type.decl.module} ${type.decl.name}`;
    const known = named.get(key);
    if (known !== undefined) return known;
    const index = types.length;
    named.set(key, index);
    types.push({ kind: "any" });
    types[index] = namedType(erased, indexOf);
    return index;
  };
  return { types, indexOf, intern };
}

type NamedType = Extract<Type, { readonly kind: "record" | "enum" }>;

/** Any type but records and enums; parameters are `any`, and what never arrives is `null`. */
function plainType(type: Exclude<Type, NamedType>, indexOf: (type: Type) => TypeIndex): LirType {
  switch (type.kind) {
    case "param":
    case "error":
    case "shape":
      return { kind: "any" };
    case "never":
      return { kind: "null" };
    case "option":
      // An option of a parameter is one of Any, which admits null already.
      if (eraseParams(type).kind === "any") return { kind: "any" };
      return { kind: "option", item: indexOf(type.item) };
    case "list":
    case "set":
      return { kind: type.kind, item: indexOf(type.item) };
    case "map":
      return { kind: "map", key: indexOf(type.key), value: indexOf(type.value) };
    case "tuple":
      return { kind: "tuple", items: type.items.map(indexOf) };
    case "result":
      return { kind: "result", ok: indexOf(type.ok), error: indexOf(type.error) };
    case "fn": {
      const params = type.params.map(indexOf);
      return { kind: "fn", params, result: indexOf(type.result), row: type.row ?? [ANY_EFFECT] };
    }
    case "union":
      if (eraseParams(type).kind === "any") return { kind: "any" };
      return { kind: "union", members: type.members.map(indexOf) };
    case "opaque":
      return { kind: "opaque", name: type.name, args: type.args.map(indexOf) };
    case "endpoint":
      return { kind: "tuple", items: itemsOfEndpoint(type).map(indexOf) };
    case "process":
      // Instances carry the name of their declaration, so that a test can tell them apart.
      return { kind: "opaque", name: type.decl.name, args: [] };
    default:
      return { kind: type.kind };
  }
}

function namedType(type: NamedType, indexOf: (type: Type) => TypeIndex): LirType {
  const { name } = type.decl;
  const bindings = bindParams(type.decl.generics, type.args);
  const part = (inner: Type): TypeIndex => indexOf(substitute(inner, bindings));
  if (type.kind === "record") {
    const fields = type.decl.fields.map((f) => ({ name: f.name, type: part(f.type) }));
    return { kind: "record", name, fields };
  }
  const variants = type.decl.variants.map((v) => ({
    name: v.name,
    payload: v.payload.map((p) => ({ label: p.label, type: part(p.type) })),
  }));
  return { kind: "enum", name, variants };
}

/** At run time an endpoint is the two channels that it sends and receives over. */
function itemsOfEndpoint(type: Type): readonly Type[] {
  const erased = eraseParams(type);
  return erased.kind === "tuple" ? erased.items : [];
}
