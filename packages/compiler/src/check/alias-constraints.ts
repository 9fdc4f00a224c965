// Checks of constrained aliases (language 5) where a value is converted at a typed boundary: record
// field, parameter, annotated let. A cell for each alias does the work.

import type { Span } from "@lumen/core/diagnostic";
import type { HirExpr, HirStatement } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { aliasCheckRef, type ConstrainedAlias } from "../resolve/alias-constraints.ts";
import { ANY, BOOL, NULL, withoutNull } from "../types/simple-types.ts";
import type { CellContext } from "./context.ts";
import { conversion } from "./convert.ts";

/** The check of a value as a statement; it counts among the calls of the cell. */
export function checkedBy(
  c: CellContext,
  alias: ConstrainedAlias,
  value: HirExpr,
  span: Span,
): HirStatement {
  c.causes.push({ kind: "call", callee: aliasCheckRef(alias), span });
  return aliasCheck(alias, value, span);
}

/** Checks a value, unless it is null where null passes. */
function aliasCheck(alias: ConstrainedAlias, value: HirExpr, span: Span): HirStatement {
  const callee = aliasCheckRef(alias);
  const check = (given: HirExpr): HirExpr => ({
    kind: "call",
    callee,
    args: [given],
    type: NULL,
    span,
  });
  if (!alias.nullable) return { kind: "expr", value: check(value), span };
  const isNull: HirExpr = { kind: "isNull", value: conversion(value, ANY), type: BOOL, span };
  const present: Type = withoutNull(value.type);
  const guarded: HirExpr = {
    kind: "if",
    condition: { kind: "expr", value: { kind: "not", value: isNull, type: BOOL, span } },
    consequent: check(conversion(value, present)),
    otherwise: null,
    type: NULL,
    span,
  };
  return { kind: "expr", value: guarded, span };
}
