// Types as LIR has them: generic parameters are `any`, all instances of a generic record or enum
// are one type.

import type { OpaqueName, Type } from "../hir/type.ts";
import { bindParams, substitute } from "./relations.ts";

type NamedType = Extract<Type, { readonly kind: "record" | "enum" }>;

/** Generic parameters are `any` in LIR: cells are compiled once for all types. */
export function eraseParams(type: Type): Type {
  switch (type.kind) {
    case "param":
    case "shape":
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
    case "enum":
      return eraseArgs(type);
    case "opaque":
      return { kind: "opaque", name: type.name, args: type.args.map(eraseParams) };
    case "fn":
      return {
        kind: "fn",
        params: type.params.map(eraseParams),
        result: eraseParams(type.result),
        row: type.row,
      };
    case "endpoint": {
      const of = (name: OpaqueName): Type => ({ kind: "opaque", name, args: [{ kind: "any" }] });
      return { kind: "tuple", items: [of("Sender"), of("Receiver")] };
    }
    case "union": {
      const members = type.members.map(eraseParams);
      return members.some((m) => m.kind === "any") ? { kind: "any" } : { kind: "union", members };
    }
    default:
      return type;
  }
}

/** All instances of a generic record or enum are one LIR type, with its parameters at `any`. */
export function eraseArgs<T extends NamedType>(type: T): T {
  return { ...type, args: type.decl.generics.map((): Type => ({ kind: "any" })) };
}

/** The type that a part of a record or variant has in LIR, whatever the instance. */
export function erasedPart(decl: { readonly generics: readonly string[] }, part: Type): Type {
  const open = decl.generics.map((): Type => ({ kind: "any" }));
  return eraseParams(substitute(part, bindParams(decl.generics, open)));
}
