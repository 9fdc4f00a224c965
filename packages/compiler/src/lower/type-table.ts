// From checked types to the LIR type table of one module. Order is settled later, by `canonicalModule`.

import type { LirType, TypeIndex } from "@lumen/core/lir";
import { assert } from "@lumen/core/result";
import type { Type } from "../hir/type.ts";
import { instanceName } from "../tiles/descriptor.ts";
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
  const indexOf = (type: Type): TypeIndex => {
    switch (type.kind) {
      case "param":
      case "error":
        return intern({ kind: "any" });
      case "never":
        return intern({ kind: "null" });
      case "list":
      case "set":
      case "option":
        return intern({ kind: type.kind, item: indexOf(type.item) });
      case "map":
        return intern({ kind: "map", key: indexOf(type.key), value: indexOf(type.value) });
      case "tuple":
        return intern({ kind: "tuple", items: type.items.map(indexOf) });
      case "result":
        return intern({ kind: "result", ok: indexOf(type.ok), error: indexOf(type.error) });
      case "fn":
        return intern({
          kind: "fn",
          params: type.params.map(indexOf),
          result: indexOf(type.result),
          row: type.row ?? [],
        });
      case "union":
        return intern({ kind: "union", members: type.members.map(indexOf) });
      case "record":
      case "enum":
        return namedType(type);
      default:
        return intern({ kind: type.kind });
    }
  };
  /** A record or enum is entered before its parts, so that it can refer to itself. */
  const namedType = (type: Type & { kind: "record" | "enum" }): TypeIndex => {
    const erased = { ...type, args: type.args.map(eraseParams) };
    const name = instanceName(erased);
    const key = `${type.kind} ${type.decl.module} ${name}`;
    const known = named.get(key);
    if (known !== undefined) return known;
    const index = types.length;
    named.set(key, index);
    types.push({ kind: "any" });
    const bindings = bindParams(type.decl.generics, erased.args);
    types[index] =
      type.kind === "record"
        ? {
            kind: "record",
            name,
            fields: type.decl.fields.map((f) => ({
              name: f.name,
              type: indexOf(substitute(f.type, bindings)),
            })),
          }
        : {
            kind: "enum",
            name,
            variants: type.decl.variants.map((v) => ({
              name: v.name,
              payload: v.payload.map((p) => ({
                label: p.label,
                type: indexOf(substitute(p.type, bindings)),
              })),
            })),
          };
    assert(types[index] !== undefined, "a named type is entered once");
    return index;
  };
  return { types, indexOf, intern };
}

/** Generic parameters are `any` in LIR: cells are compiled once for all types. */
export function eraseParams(type: Type): Type {
  switch (type.kind) {
    case "param":
      return { kind: "any" };
    case "list":
    case "set":
      return { kind: type.kind, item: eraseParams(type.item) };
    case "option": {
      const item = eraseParams(type.item);
      return item.kind === "any" ? item : { kind: "option", item };
    }
    case "map":
      return { kind: "map", key: eraseParams(type.key), value: eraseParams(type.value) };
    case "tuple":
      return { kind: "tuple", items: type.items.map(eraseParams) };
    case "result":
      return { kind: "result", ok: eraseParams(type.ok), error: eraseParams(type.error) };
    case "record":
      return { kind: "record", decl: type.decl, args: type.args.map(eraseParams) };
    case "enum":
      return { kind: "enum", decl: type.decl, args: type.args.map(eraseParams) };
    case "fn":
      return {
        kind: "fn",
        params: type.params.map(eraseParams),
        result: eraseParams(type.result),
        row: type.row,
      };
    case "union": {
      const members = type.members.map(eraseParams);
      return members.some((m) => m.kind === "any") ? { kind: "any" } : { kind: "union", members };
    }
    default:
      return type;
  }
}
