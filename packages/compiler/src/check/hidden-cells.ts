// Cells that the compiler makes beside those of the source, for defaults and checks, and the guards
// that they and preconditions are made of.

import type { Span } from "@lumen/core/diagnostic";
import { required } from "@lumen/core/result";
import type { Expr } from "@lumen/syntax";
import type { HirExpr, HirParam, HirStatement } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import type { CellSymbol, ModuleScope } from "../resolve/scope.ts";
import { NULL, optionOf, STRING } from "../types/simple-types.ts";
import { constant, isLiteral } from "./build.ts";
import {
  addLocal,
  type CellContext,
  type CheckedCell,
  finishLocals,
  makeContext,
  type Session,
} from "./context.ts";
import { asCondition } from "./operators.ts";
import { checkExpect, checkExpr } from "./recursion.ts";

/** The `where` of a cell, tested on entry (language 5). */
export function precondition(c: CellContext, e: Expr, name: string): HirStatement {
  const condition = asCondition(c, checkExpr(c, e, null));
  const text = `runtime error: precondition failed in '${name}'`;
  return guard(condition, text, e.span);
}

/** Faults with E_TRAP_ASSERT unless the condition holds. */
export function guard(condition: HirExpr, text: string, span: Span): HirStatement {
  const message = constant({ kind: "string", value: text }, STRING, span);
  const fault: HirExpr = {
    kind: "fault",
    trap: "E_TRAP_ASSERT",
    message,
    type: { kind: "never" },
    span,
  };
  const test: HirExpr = { kind: "not", value: condition, type: { kind: "bool" }, span };
  return {
    kind: "expr",
    value: {
      kind: "if",
      condition: { kind: "expr", value: test },
      consequent: fault,
      otherwise: null,
      type: NULL,
      span,
    },
    span,
  };
}

/** The cell that computes a default that is no literal from the parameters before it. */
export function defaultCell(
  session: Session,
  symbol: CellSymbol,
  index: number,
): readonly CheckedCell[] {
  const param = required(symbol.params[index], "the parameter exists");
  if (param.default === null || isLiteral(param.default)) return [];
  const name = `${symbol.ref.name}$${param.name}$default`;
  const earlier = symbol.params.slice(0, index);
  return [
    hiddenCell(
      session,
      symbol.scope,
      name,
      symbol.generics,
      earlier,
      param.type,
      param.default.span,
      (c) =>
        checkExpect(
          c,
          required(param.default, "there is a default"),
          param.type,
          `the default of '${param.name}'`,
        ),
    ),
  ];
}

/** A compiler-made cell over named, typed parameters. */
export function hiddenCell(
  session: Session,
  scope: ModuleScope,
  name: string,
  generics: readonly string[],
  params: readonly { readonly name: string; readonly type: Type; readonly span: Span }[],
  result: Type,
  span: Span,
  build: (c: CellContext) => HirExpr,
): CheckedCell {
  const c = makeContext({
    session,
    scope,
    name,
    kind: "hidden",
    generics: new Set(generics),
    result,
    parent: null,
  });
  const declared = params.map(
    (p): HirParam => ({
      local: addLocal(c, p.name, p.type, p.span),
      name: p.name,
      type: p.type,
      default: null,
    }),
  );
  const body = build(c);
  return {
    cell: {
      name,
      kind: "hidden",
      params: declared,
      captures: [],
      locals: finishLocals(c, optionOf),
      result,
      row: [],
      body,
      span,
      generics,
    },
    scope,
    symbol: null,
    causes: c.causes,
    hidden: c.hidden,
  };
}
