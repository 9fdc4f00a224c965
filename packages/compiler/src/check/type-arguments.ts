// Type arguments in expressions: `channel[Int]()` reads as an index until the name is known.

import type { Expr, TypeExpr } from "@lumen/syntax";

/** The type that an expression spells, or null where it spells none. */
export function typeOfExpr(e: Expr): TypeExpr | null {
  switch (e.kind) {
    case "name": {
      const name = { parts: [{ text: e.name, span: e.span }], span: e.span };
      return { kind: "name", name, args: [], typestate: null, span: e.span };
    }
    case "null":
      return { kind: "null", span: e.span };
    case "index":
      return applied(e);
    case "field":
      return dotted(e);
    case "propagate": {
      const inner = typeOfExpr(e.value);
      return inner === null ? null : { kind: "option", inner, span: e.span };
    }
    case "tuple": {
      const items = typesOf(e.items);
      return items === null ? null : { kind: "tuple", items, span: e.span };
    }
    case "binary": {
      const members = e.op === "|" ? typesOf([e.left, e.right]) : null;
      return members === null ? null : { kind: "union", members, span: e.span };
    }
    default:
      return null;
  }
}

function applied(e: Expr & { kind: "index" }): TypeExpr | null {
  const head = typeOfExpr(e.value);
  const args = typesOf(e.indices);
  if (head?.kind !== "name" || args === null || e.nullSafe) return null;
  return { ...head, args, span: e.span };
}

function dotted(e: Expr & { kind: "field" }): TypeExpr | null {
  const owner = typeOfExpr(e.value);
  if (owner?.kind !== "name" || owner.args.length > 0) return null;
  const name = { parts: [...owner.name.parts, e.name], span: e.span };
  return { ...owner, name, span: e.span };
}

function typesOf(items: readonly Expr[]): readonly TypeExpr[] | null {
  const types = items.map(typeOfExpr);
  return types.every((t) => t !== null) ? types : null;
}
