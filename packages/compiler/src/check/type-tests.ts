// What `is T` and a pattern `name: T` test (language 4): a type without its arguments, or a
// variant.

import type { TypeExpr } from "@lumen/syntax";
import type { TypeTest } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import { didYouMean } from "../resolve/scope.ts";
import { ANY, listOf } from "../types/simple-types.ts";
import { type CellContext, complain, typeContext } from "./context.ts";

/** What `is T` or a pattern `name: T` tests; an unknown T is E0205. */
export function typeTest(c: CellContext, type: TypeExpr): TypeTest {
  if (type.kind === "name" && type.name.parts.length === 1) {
    const name = type.name.parts[0]?.text ?? "";
    const variant = c.scope.variants.get(name)?.[0];
    if (variant !== undefined && !c.scope.types.has(name)) {
      return { kind: "variant", decl: variant.symbol, tag: variant.tag };
    }
    if ((name === "Tuple" || name === "tuple") && type.args.length === 0) return { kind: "tuple" };
    const head = TEST_HEADS[name];
    if (head !== undefined && type.args.length === 0) return { kind: "type", type: head };
    if (!c.scope.types.has(name) && !KNOWN_TESTS.includes(name) && !c.generics.has(name)) {
      complain(
        c,
        "E0205",
        type.span,
        `unknown type '${name}' in a test${didYouMean(name, [...c.scope.types.keys(), ...KNOWN_TESTS])}`,
      );
      return { kind: "type", type: { kind: "error" } };
    }
  }
  return { kind: "type", type: resolveType(type, typeContext(c)) };
}

const TEST_HEADS: Readonly<Record<string, Type>> = {
  List: listOf(ANY),
  list: listOf(ANY),
  Set: { kind: "set", item: ANY },
  set: { kind: "set", item: ANY },
  Map: { kind: "map", key: ANY, value: ANY },
  map: { kind: "map", key: ANY, value: ANY },
  result: { kind: "result", ok: ANY, error: ANY },
};

const KNOWN_TESTS = [
  "Int",
  "Float",
  "String",
  "Bool",
  "Bytes",
  "Json",
  "Null",
  "Any",
  "int",
  "float",
  "string",
  "bool",
  "bytes",
  "json",
  "list",
  "set",
  "map",
  "tuple",
  "Tuple",
  "result",
];
