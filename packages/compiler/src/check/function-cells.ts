// The cell behind a function value: that of a lambda, or of a cell in a body that captures.

import type { Span } from "@lumen/core/diagnostic";
import type { HirExpr, HirParam } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { optionOf } from "../types/simple-types.ts";
import { type CellContext, type CheckedCell, finishLocals } from "./context.ts";

/** What was checked of the function. */
export interface CheckedFunction {
  readonly params: readonly HirParam[];
  readonly result: Type;
  readonly body: HirExpr;
  readonly span: Span;
}

/** The cell of a function, checked in a context of its own, as one that the compiler made. */
export function functionCell(
  inner: CellContext,
  { params, result, body, span }: CheckedFunction,
): CheckedCell {
  return {
    cell: {
      name: inner.name,
      kind: "lambda",
      params,
      captures: [...(inner.captures?.values() ?? [])],
      locals: finishLocals(inner, optionOf),
      result,
      row: [],
      body,
      span,
      generics: [...inner.generics],
    },
    scope: inner.scope,
    symbol: null,
    causes: inner.causes,
    hidden: [],
  };
}
