// The names that stand in a tree, whatever they mean there.

import type { Span } from "@lumen/core/diagnostic";
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
  return [...typeReferencesIn(type).keys()];
}

/** The same, each with the place where it stands first. */
export function typeReferencesIn(type: TypeExpr): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  makeWalk({
    type: (t, inner) => {
      const name = t.kind === "name" ? t.name.parts.map((p) => p.text).join(".") : null;
      if (name !== null && !found.has(name)) found.set(name, t.span);
      return inner(t);
    },
  }).type(type);
  return found;
}
