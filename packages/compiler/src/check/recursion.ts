// The recursive rules of the checker, reached through the session: an expression holds calls, which
// hold lambdas, which hold blocks. So each file imports what it builds on, and no two import each
// other.

import type { Block, Body, Expr } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import type { CellSymbol } from "../resolve/scope.ts";
import type { CellContext, Want } from "./context.ts";
import { convert } from "./convert.ts";

/**
 * Types an expression. `expected` is a hint that fixes what the expression leaves open (empty
 * literals, lambda parameters); the caller converts with `checkExpect` where the type must fit.
 */
export function checkExpr(c: CellContext, e: Expr, expected: Type | null): HirExpr {
  return c.session.rules.expr(c, e, expected);
}

/** Types an expression and converts it to `target` (E0200 where it does not fit). */
export function checkExpect(c: CellContext, e: Expr, target: Type, what?: string): HirExpr {
  return convert(c, checkExpr(c, e, target.kind === "error" ? null : target), target, what);
}

/** A block in a scope of its own. */
export function checkBlock(c: CellContext, block: Block, want: Want): HirExpr {
  return c.session.rules.block(c, block, want);
}

/** A body whose value is the result: `= e`, or the last statement of a block. */
export function checkBody(c: CellContext, body: Body, expected: Type | null): HirExpr {
  return c.session.rules.body(c, body, expected);
}

/**
 * Result type of a cell: as written, else inferred from its body; Any while it refers to itself.
 */
export function resultOfCell(c: CellContext, symbol: CellSymbol): Type {
  return c.session.rules.cellResult(c.session, symbol);
}
