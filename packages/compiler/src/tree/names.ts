// The names that stand in a tree, whatever they mean there.

import type { Body, TypeExpr } from "@lumen/syntax";
import { makeWalk } from "./walk.ts";

/** Names that stand as expressions in a body, in the order of their first mention. */
export function namesIn(body: Body): readonly string[] {
  const found = new Set<string>();
  const walk = makeWalk({
    expr: (e, inner) => {
      if (e.kind === "name") found.add(e.name);
      return inner(e);
    },
  });
  walk.body(body);
  return [...found];
}

/** Names of types, dotted ones as they are written. */
export function typeNamesIn(type: TypeExpr): readonly string[] {
  const found = new Set<string>();
  makeWalk({
    type: (t, inner) => {
      if (t.kind === "name") found.add(t.name.parts.map((p) => p.text).join("."));
      return inner(t);
    },
  }).type(type);
  return [...found];
}
