// Small typed trees that several checks build: constants, temporaries, halts; and what can be
// iterated.

import type { Span } from "@lumen/core/diagnostic";
import type { Expr } from "@lumen/syntax";
import type { HirConst, HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { SUGGESTED_REPORTS_MAX } from "../limits.ts";
import { BUILTIN_NAMES } from "../types/builtin-signatures.ts";
import { elementType } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, ERROR, JSON_TYPE, STRING } from "../types/simple-types.ts";
import { addLocal, type CellContext, complain, localNames, readLocal } from "./context.ts";

/** A constant of the given type. */
export function constant(value: HirConst, type: Type, span: Span): HirExpr {
  return { kind: "const", value, type, span };
}

/** Stands for source that was reported already. */
export function errorExpr(span: Span): HirExpr {
  return { kind: "block", statements: [], value: null, type: ERROR, span };
}

/** `halt(msg)`: fault E_TRAP_HALT with the display form of the message. */
export function haltWith(message: HirExpr, span: Span): HirExpr {
  const text: HirExpr = {
    kind: "concat",
    parts: [constant({ kind: "string", value: "halt: " }, STRING, span), displayed(message)],
    type: STRING,
    span,
  };
  return { kind: "fault", trap: "E_TRAP_HALT", message: text, type: { kind: "never" }, span };
}

/** Gives a value a name of its own: `read` it as often as needed inside what `bind` wraps. */
export function temporary(
  c: CellContext,
  value: HirExpr,
): { readonly read: HirExpr; readonly bind: (body: HirExpr) => HirExpr } {
  const local = addLocal(c, null, value.type, value.span);
  return {
    read: readLocal(c, local, value.span),
    bind: (body) => ({
      kind: "block",
      statements: [{ kind: "let", local, value, span: value.span }],
      value: body,
      type: body.type,
      span: body.span,
    }),
  };
}

/** The display form, unless the value is a String already. */
export function displayed(value: HirExpr): HirExpr {
  if (value.type.kind === "string") return value;
  return { kind: "display", value, type: STRING, span: value.span };
}

/** Literals are written into the call; other defaults are computed by a cell of their own. */
export function isLiteral(e: Expr): boolean {
  return ["null", "bool", "int", "float", "string"].includes(e.kind);
}

/** Names that could have been meant; none where a module has many reports already. */
export function visibleNames(c: CellContext): readonly string[] {
  if (c.scope.diagnostics.length >= SUGGESTED_REPORTS_MAX) return [];
  const locals = localNames(c);
  const outer = c.parent === null ? [] : visibleNames(c.parent);
  return [
    ...locals,
    ...outer,
    ...c.scope.consts.keys(),
    ...c.scope.cells.keys(),
    ...c.scope.variants.keys(),
    ...BUILTIN_NAMES,
  ];
}

/** The type of what a value yields in `for`; E0200 where it cannot be iterated. */
export function iteratedType(c: CellContext, value: HirExpr): Type {
  const type = value.type;
  switch (type.kind) {
    case "list":
    case "set":
      return type.item;
    case "tuple":
      return elementType(type.items);
    case "string":
      return STRING;
    case "map":
      return type.key;
    case "opaque":
      if (type.name === "Generator") return type.args[0] ?? ANY;
      if (type.name === "Receiver") return type.args[0] ?? ANY;
      return notIterable(c, value);
    case "any":
    case "param":
    case "union":
      return ANY;
    case "json":
      return JSON_TYPE;
    case "error":
    case "never":
      return ERROR;
    default:
      return notIterable(c, value);
  }
}

function notIterable(c: CellContext, value: HirExpr): Type {
  const found = renderType(value.type);
  const expected = "list, set, tuple, map, range, String or generator";
  const message = `type mismatch in an iteration: expected ${expected}, got ${found}`;
  complain(c, "E0200", value.span, message, { expected, found });
  return ERROR;
}
